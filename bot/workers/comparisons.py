"""What becomes of comparisons: their message is owed, votes are counted, and names are shown, each at its time.

Every step may be repeated: what was done is in the database before the next thing is begun.
"""

import logging

from sqlalchemy import Connection

from bot.domain.comparisons import arranged, closes_at, counted
from bot.domain.jobs import JobState
from bot.domain.retry import backoff_seconds
from bot.engine import failpoints
from bot.engine.comparison_notifier import ComparisonClosing, ComparisonNotifier
from bot.engine.context import EngineContext
from bot.engine.guild_channels import destination
from bot.engine.notifier import DeliveryLater, Result
from bot.storage import age_restricted, comparisons, outbox, postings, renders
from bot.storage.comparisons import ToReveal
from bot.workers.comparison_messages import Told, parts_of, read_told, restricted_to

log = logging.getLogger(__name__)

BATCH = 50
"""Comparisons of each kind that one step looks at."""


class Comparisons:
    """One step does what is due."""

    def __init__(self, context: EngineContext, notifier: ComparisonNotifier) -> None:
        self._context = context
        self._notifier = notifier

    async def step(self) -> float:
        """Close, count and show what is due."""
        context = self._context
        for comparison_id in await context.database.read(comparisons.waiting, BATCH):
            if await context.database.write(self._close, comparison_id, context.clock()):
                failpoints.hit("compare.after_close")
                context.wake_events.deliver.set()
        if await context.database.write(comparisons.release_late):
            context.wake_events.deliver.set()
        for comparison_id in await context.database.read(comparisons.to_count, context.clock(), BATCH):
            await context.database.write(_count, comparison_id, context.clock())
            failpoints.hit("compare.after_count")
        for due in await context.database.read(comparisons.to_reveal, context.clock(), BATCH):
            await self._reveal(due)
        return context.timings.idle_seconds

    def _close(self, conn: Connection, comparison_id: str, now: float) -> bool:
        """Decide what the message shows, once its time has come. Returns whether it is owed from now on."""
        comparison = comparisons.locked(conn, comparison_id)
        if comparison is None or comparison.closed_at is not None:
            return False
        jobs = comparisons.jobs_of(conn, comparison_id)
        due_at = closes_at(jobs, self._context.timings.comparison_seconds_max)
        if due_at is None or due_at > now:
            return False
        clips = arranged(comparisons.clips_of(conn, comparison_id), jobs)
        lead_job_id = next(clip.job_id for clip in clips if clip.in_message and clip.job_id is not None)
        made = [job for job in jobs if job.state is JobState.SUCCEEDED]
        channel_id = comparison.channel_id
        # One video of an age-restricted model keeps all of them where they were asked for.
        if made and not any(age_restricted.is_marked(conn, job.model_slug) for job in made):
            channel_id = destination(conn, made[0], JobState.SUCCEEDED)
        comparisons.close(conn, comparison_id, clips, lead_job_id, now)
        outbox.lead(conn, lead_job_id, channel_id, now)
        return True

    async def _reveal(self, due: ToReveal) -> None:
        """Have everybody read which model made which clip, and how many votes each has."""
        context, key = self._context, due.comparison_id
        fields = {"action": "reveal", "comparison": key}
        try:
            told, place, results = await context.database.read(_shown, key)
            if place is not None:
                closing = await self._closing(told, results, place[0])
                await self._notifier.reveal(closing, *place)
                failpoints.hit("compare.after_reveal")
        except DeliveryLater as problem:
            timings = context.timings
            wait = problem.retry_after or backoff_seconds(
                due.attempts + 1,
                timings.delivery_retry_seconds,
                timings.delivery_retry_seconds_max,
                context.jitter(),
            )
            log.info("comparison %s: its votes are shown later: %s", key, problem, extra=fields)
            await context.database.write(comparisons.reveal_later, key, context.clock() + wait)
            return
        except Exception:
            # One message that breaks must not stop the others.
            log.exception("comparison %s: its votes cannot be shown", key, extra=fields)
            wait = context.timings.delivery_retry_seconds_max
            await context.database.write(comparisons.reveal_later, key, context.clock() + wait)
            return
        await context.database.write(comparisons.note_revealed, key)

    async def _closing(self, told: Told, results: dict[str, tuple[Result, ...]], channel_id: int) -> ComparisonClosing:
        comparison = told.comparison
        clips = parts_of(told)
        if told.restricted:
            shown = await self._notifier.is_age_restricted(channel_id)
            clips = restricted_to(frozenset([channel_id] if shown else []), told, clips)
        return ComparisonClosing(
            comparison_id=comparison.id,
            guild_id=comparison.guild_id,
            channel_id=comparison.channel_id,
            member_id=comparison.member_id,
            clips=tuple(clip.with_results(results.get(clip.job_id, ())) for clip in clips),
            late=told.late,
            status_message_id=None,
            owed_at=comparison.created_at,
            names_shown=True,
        )


def _count(conn: Connection, comparison_id: str, now: float) -> None:
    comparison = comparisons.locked(conn, comparison_id)
    if comparison is None or not comparison.is_open:
        return
    clips = counted(comparisons.clips_of(conn, comparison_id), comparisons.votes_of(conn, comparison_id))
    comparisons.count(conn, comparison_id, clips, now)


def _shown(conn: Connection, comparison_id: str) -> tuple[Told, tuple[int, int] | None, dict[str, tuple[Result, ...]]]:
    """Return the comparison, where its message stands (None: nowhere), and the addresses of its videos by job."""
    told = read_told(conn, comparison_id)
    posting = postings.posting_of(conn, told.comparison.lead_job_id or "")
    place = None
    if posting is not None and posting.stands and posting.channel_id is not None and posting.message_id is not None:
        place = posting.channel_id, posting.message_id
    made = renders.of_jobs(conn, [job.id for job in told.jobs])
    results = {
        job_id: tuple(Result(url) for each in of_job for url in each.result_urls) for job_id, of_job in made.items()
    }
    return told, place, results
