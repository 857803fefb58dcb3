"""The closing message of a job, as the engine hands it to whoever posts it."""

from bot.domain.jobs import Job
from bot.domain.lineage import Relative
from bot.domain.request import GenerationRequest
from bot.engine.notifier import Closing, Result, Unattached
from bot.storage.outbox import Owed

HIDDEN = (Result(None, problem=Unattached.AGE_RESTRICTED),)
"""Stands for results that no channel may show, so that they are not fetched."""


def closing_of(job: Job, owed: Owed, results: tuple[Result, ...], parent: Relative | None = None) -> Closing:
    """Return what is owed, with these results. `parent` is the job whose clip it continues."""
    return Closing(
        job_id=job.id,
        guild_id=job.guild_id,
        channel_id=job.channel_id,
        member_id=job.member_id,
        model_name=job.model_name,
        request=GenerationRequest.from_json(job.request),
        state=job.state,
        held=job.held,
        price_certain=job.price_certain,
        charged=job.charged or 0,
        reason=job.reason,
        results=results,
        status_message_id=job.status_message_id,
        owed_at=owed.created_at,
        results_channel_id=owed.channel_id if owed.channel_id != job.channel_id else None,
        copy=owed.copy,
        parent=parent,
    )
