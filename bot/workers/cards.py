"""Keeps the public status cards true: one loop shows what changed, each card at most every so often.

Cards are best effort: the closing message is what is promised. So a card that cannot be shown is given up.
"""

import asyncio
import logging

from sqlalchemy import Connection, or_, select, update

from bot.domain.jobs import Job, JobState
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.forecast import forecast
from bot.engine.notifier import DeliveryLater, Notifier, StatusCard
from bot.storage import jobs
from bot.storage.tables.jobs import jobs_table

log = logging.getLogger(__name__)

BATCH = 20
CARDS_AT_ONCE = 4
PROGRESS_SECONDS_MAX = 3300.0
"""Cards of older jobs change only with their state: Discord limits the edits of messages that are older than
an hour."""


class Cards:
    """One step shows every card that is out of date and may be edited again."""

    def __init__(self, context: EngineContext, notifier: Notifier) -> None:
        self._context = context
        self._notifier = notifier
        self._gate = asyncio.Semaphore(CARDS_AT_ONCE)

    async def step(self) -> float:
        """Show what changed."""
        context = self._context
        stale = await context.database.write(self._claim, context.clock())
        await asyncio.gather(*(self._show(job) for job in stale))
        if len(stale) == BATCH:
            return 0.0
        return context.timings.idle_seconds

    def _claim(self, conn: Connection, now: float) -> list[Job]:
        """Cards that are out of date. Noted as shown before they are: at worst one edit is missed."""
        may_edit = or_(
            jobs_table.c.shown_at.is_(None), jobs_table.c.shown_at <= now - self._context.timings.card_seconds_min
        )
        due = (
            select(jobs_table.c.id)
            .where(jobs_table.c.card_due_at <= now, may_edit)
            .order_by(jobs_table.c.card_due_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        found = [job for job_id in conn.execute(due).scalars().all() if (job := jobs.find(conn, job_id))]
        for job in found:
            shown = update(jobs_table).where(jobs_table.c.id == job.id)
            conn.execute(shown.values(shown_at=now, card_due_at=self._next_due(job, now)))
        # An ended job that never had a card needs none any more: its closing message says it all.
        return [job for job in found if job.ended_at is None or job.status_message_id is not None]

    def _next_due(self, job: Job, now: float) -> float | None:
        """A queued job's place and estimate change without a move of its own."""
        young = now - job.created_at < PROGRESS_SECONDS_MAX
        return now + self._context.timings.card_refresh_seconds if job.state is JobState.QUEUED and young else None

    async def _show(self, job: Job) -> None:
        context = self._context
        async with self._gate:
            try:
                card = await context.database.read(self._card, job)
                message_id = await self._notifier.show_status(card)
                failpoints.hit("card.after_post")
            except DeliveryLater as problem:
                log.info("job %s: its card is shown later: %s", job.id, problem)
                await context.database.write(_show_later, job.id, context.clock())
                return
            except Exception:
                log.exception("job %s: its card cannot be shown", job.id)
                return
        if message_id is not None and message_id != job.status_message_id:
            await context.database.write(_note_message, job.id, message_id)
        failpoints.hit("card.after_note")

    def _card(self, conn: Connection, job: Job) -> StatusCard:
        foreseen = forecast(conn, job, self._context.durations, self._context.clock())
        return StatusCard(
            job_id=job.id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            member_id=job.member_id,
            model_name=job.model_name,
            prompt=job.prompt,
            state=job.state,
            message_id=job.status_message_id,
            credits=job.held if job.charged is None else job.charged,
            price_certain=job.price_certain or job.charged is not None,
            forecast=foreseen,
            reason=job.reason,
        )


def _note_message(conn: Connection, job_id: str, message_id: int) -> None:
    conn.execute(update(jobs_table).where(jobs_table.c.id == job_id).values(status_message_id=message_id))


def _show_later(conn: Connection, job_id: str, now: float) -> None:
    """The card is still to be shown, after the usual pause."""
    conn.execute(update(jobs_table).where(jobs_table.c.id == job_id).values(card_due_at=now))
