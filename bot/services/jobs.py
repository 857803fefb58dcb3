"""What people do with jobs besides asking for one: look at them, cancel them, have a result posted again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.domain.durations import Durations
from bot.domain.guild_log import LogKind
from bot.domain.jobs import CANCELLABLE, Job, JobState
from bot.domain.lineage import Relative
from bot.domain.outcome import Outcome
from bot.domain.postings import Posting
from bot.domain.request import GenerationRequest
from bot.engine.context import EngineContext
from bot.engine.missing import note_missing
from bot.engine.settlement import settle
from bot.services.job_views import JobsPage, JobStory, JobsWanted, JobView, Resend, resend_of
from bot.storage import (
    guild_log,
    job_cards,
    job_lists,
    jobs,
    ledger,
    lineage,
    member_choices,
    outbox,
    posted_messages,
    postings,
    renders,
    upload_limits,
)

JOBS_SHOWN = 8
"""Jobs on a page of a list."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A job with what is read beside it in one transaction."""

    job: Job
    posting: Posting | None
    parent: Relative | None
    kept: int


class JobsService:
    """Use cases of `/jobs` and of the buttons on cards and results."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def get(self, job_id: str) -> JobView | None:
        """Return the job with this id; None if there is none, or if it was erased."""

        def read(conn: Connection) -> list[_Found]:
            job = jobs.find(conn, job_id)
            return _found(conn, [job]) if job and job.erased_at is None else []

        views = await self._views(await self._context.database.read(read))
        return views[0] if views else None

    async def story(self, job_id: str) -> JobStory | None:
        """Return the story of the job with this id, or None if there is no such job."""
        view = await self.get(job_id)
        if view is None:
            return None

        def read(conn: Connection) -> JobStory:
            of_job = renders.of_jobs(conn, [job_id]).get(job_id, ())
            kin = lineage.lineage_of(conn, view.job)
            return JobStory(view, tuple(jobs.events(conn, job_id)), tuple(of_job), kin)

        return await self._context.database.read(read)

    async def page(self, guild_id: int, wanted: JobsWanted) -> JobsPage:
        """Return a page of a guild's jobs, newest first."""

        def read(conn: Connection) -> list[_Found]:
            found = job_lists.recent(
                conn,
                guild_id,
                member_id=wanted.member_id,
                active_only=wanted.active_only,
                skipped=wanted.page * JOBS_SHOWN,
                limit=JOBS_SHOWN + 1,
            )
            return _found(conn, found)

        found = await self._context.database.read(read)
        views = await self._views(found[:JOBS_SHOWN])
        return JobsPage(wanted, tuple(views), has_more=len(found) > JOBS_SHOWN)

    async def _views(self, found: Sequence[_Found]) -> list[JobView]:
        forecasts = await self._context.forecasts.of_all([each.job for each in found])
        now = self._context.clock()
        return [
            JobView(
                job=each.job,
                request=GenerationRequest.from_json(each.job.request),
                forecast=forecast,
                posting=each.posting,
                resend=resend_of(each.job, each.posting, now),
                parent=each.parent,
                kept=each.kept,
            )
            for each, forecast in zip(found, forecasts, strict=True)
        ]

    async def cancel(self, job_id: str, actor_id: int) -> bool:
        """End a job that was not sent yet and release its credits; False: it is too late, or there is none."""

        def write(conn: Connection) -> bool:
            job = jobs.find(conn, job_id)
            if job is None or job.state not in CANCELLABLE:
                return False
            outcome = Outcome(JobState.CANCELLED, 0, None)
            try:
                settle(conn, job, outcome, self._context.clock(), detail="cancelled", actor_id=actor_id)
            except jobs.StaleState:
                return False
            return True

        done = await self._context.database.write(write)
        self._context.wake_events.after_decision()
        return done

    async def resend(self, job_id: str, actor_id: int, upload_bytes_max: int | None = None) -> Resend:
        """Have a job's closing message posted again where its message is gone.

        `upload_bytes_max` is the largest file that the guild takes, as the interaction named it.
        """

        def write(conn: Connection) -> Resend:
            job, now = jobs.find(conn, job_id), self._context.clock()
            if job is None or job.erased_at is not None:
                return Resend.ON_ITS_WAY
            posting = postings.posting_of(conn, job_id)
            if posting is not None and posting.deleted_by == job.member_id != actor_id:
                return Resend.NOT_YOURS
            resend = resend_of(job, posting, now)
            if resend is not Resend.OWED:
                return resend
            if upload_bytes_max is not None:
                upload_limits.note_stated(conn, job.guild_id, upload_bytes_max)
            if not outbox.enqueue_again(conn, job_id, now):
                return Resend.ON_ITS_WAY
            postings.clear_deleted(conn, job_id, now)
            return Resend.OWED

        done = await self._context.database.write(write)
        self._context.wake_events.deliver.set()
        return done

    async def note_deleted(self, job_id: str, message_id: int, actor_id: int) -> None:
        """Note that somebody deletes a closing message, and leave its deletion to whoever calls.

        A moderator's deletion is final, see `resend`, and all other copies are deleted, too.
        """

        def write(conn: Connection) -> None:
            job, posting = jobs.find(conn, job_id), postings.posting_of(conn, job_id)
            if job is None or posting is None:
                return
            now, own = self._context.clock(), actor_id == job.member_id
            if not own:
                posted_messages.delete_all(conn, job_id, now)
            posted_messages.delete_one(conn, job_id, message_id, now + self._context.timings.removal_retry_seconds)
            if own and (posting.message_id != message_id or posting.deleted_at is not None):
                return  # an older copy, or a moderator was quicker
            posted_messages.delete_card(conn, job_id, now)
            postings.note_deleted(conn, job_id, actor_id, now)
            event = "the result was deleted by its member" if own else "the result was deleted by a moderator"
            jobs.add_event(conn, job_id, job.state, event, now, actor_id=actor_id)
            guild_log.add(conn, job.guild_id, LogKind.DELETED, {"job_id": job_id, "actor_id": actor_id}, now)

        await self._context.database.write(write)
        self._context.wake_events.removals.set()

    async def note_removed(self, job_id: str, message_id: int) -> None:
        """Note that a message which `note_deleted` named is gone. Otherwise a worker deletes it a little later."""
        await self._context.database.write(posted_messages.gone, job_id, message_id)

    async def note_missing(self, job_id: str, message_id: int, *, channel_is_gone: bool) -> None:
        """See `bot.engine.missing.note_missing`."""

        def write(conn: Connection) -> None:
            note_missing(conn, job_id, message_id, self._context.clock(), channel_is_gone=channel_is_gone)

        await self._context.database.write(write)
        self._context.wake_events.removals.set()

    async def note_card(self, job_id: str, message_id: int) -> bool:
        """Note that the answer to the interaction is the job's card. Returns False where it has one already."""
        noted = await self._context.database.write(job_cards.answered, job_id, message_id, self._context.clock())
        self._context.wake_events.submit.set()
        self._context.wake_events.cards.set()
        return noted

    async def release_card(self, job_id: str) -> None:
        """Leave the card to a worker: the answer to the interaction could not be the card."""
        await self._context.database.write(job_cards.release, job_id, self._context.clock())
        self._context.wake_events.cards.set()

    async def last_choices(self, member_id: int, model_slug: str) -> Mapping[str, Any]:
        """Return what the member last chose for a model: option name → value."""
        return await self._context.database.read(member_choices.load, member_id, model_slug)

    async def remember_choices(self, member_id: int, model_slug: str, choices: Mapping[str, Any]) -> None:
        """Keep a member's choices as their defaults for the next time."""
        await self._context.database.write(member_choices.save, member_id, model_slug, choices)

    async def load_durations(self) -> None:
        """Read again how long renders take: another process may have learned it."""
        await self._context.durations.load()

    def durations_of(self, model_slug: str) -> Durations:
        """Return how long a model's renders take, as learned here; the prior while none was seen. From memory."""
        return self._context.durations.of(model_slug)


def _found(conn: Connection, found: Sequence[Job]) -> list[_Found]:
    posted = postings.of_jobs(conn, [job.id for job in found])
    return [_Found(job, posted.get(job.id), lineage.parent_of(conn, job), _kept(conn, job)) for job in found]


def _kept(conn: Connection, job: Job) -> int:
    failed_at_a_cost = job.state is JobState.FAILED and bool(job.charged)
    return ledger.totals_of(conn, job.id).spent if failed_at_a_cost else 0
