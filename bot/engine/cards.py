"""Keeps the public status cards true: one loop shows what changed, each card at most every so often.

Cards are best effort: the closing message is what is promised. So a card that cannot be shown is given up.
"""

import asyncio
import logging

from sqlalchemy import Connection, and_, or_, select, update

from bot.domain.jobs import Job, JobState
from bot.engine import crashpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater, Notifier, StatusCard
from bot.engine.queueing import forecast
from bot.storage import jobs
from bot.storage.tables.jobs import jobs as table

log = logging.getLogger(__name__)

BATCH = 20
CARDS_AT_ONCE = 4
PROGRESS_SECONDS_MAX = 3300.0
"""Cards of jobs that were asked for longer ago change only with their state."""


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
        return context.tempo.idle_seconds

    def _claim(self, conn: Connection, now: float) -> list[Job]:
        """Cards that are out of date. Noted as shown before they are: at worst one edit is missed."""
        tempo = self._context.tempo
        settled_down = or_(table.c.shown_at.is_(None), table.c.shown_at <= now - tempo.card_seconds_min)
        # A queued job's place and estimate change too. Discord limits edits of messages older than an hour.
        moved_up = and_(
            table.c.state == JobState.QUEUED.value,
            table.c.shown_at <= now - tempo.card_refresh_seconds,
            table.c.created_at > now - PROGRESS_SECONDS_MAX,
        )
        changed = or_(table.c.shown_state.is_(None), table.c.shown_state != table.c.state, moved_up)
        # An ended job that never had a card needs none any more: its closing message says it all.
        needed = or_(table.c.ended_at.is_(None), table.c.status_message_id.is_not(None))
        stale = (
            select(table.c.id)
            .where(and_(changed, settled_down, needed))
            .order_by(table.c.shown_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        ids = list(conn.execute(stale).scalars())
        if ids:
            conn.execute(update(table).where(table.c.id.in_(ids)).values(shown_state=table.c.state, shown_at=now))
        return [job for job_id in ids if (job := jobs.find(conn, job_id))]

    async def _show(self, job: Job) -> None:
        context = self._context
        async with self._gate:
            try:
                card = await context.database.read(self._card, job)
                message_id = await self._notifier.show_status(card)
                crashpoints.reach("card.after_post")
            except DeliveryLater as problem:
                log.info("job %s: its card is shown later: %s", job.id, problem)
                await context.database.write(_forget_shown, job.id)
                return
            except Exception:
                log.exception("job %s: its card cannot be shown", job.id)
                return
        if message_id is not None and message_id != job.status_message_id:
            await context.database.write(_note_message, job.id, message_id)
        crashpoints.reach("card.after_note")

    def _card(self, conn: Connection, job: Job) -> StatusCard:
        foreseen = forecast(conn, job, self._context.timings, self._context.clock())
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
            place=foreseen.place,
            starts_at=foreseen.starts_at,
            ready_at=foreseen.ready_at,
            reason=job.reason,
        )


def _note_message(conn: Connection, job_id: str, message_id: int) -> None:
    conn.execute(update(table).where(table.c.id == job_id).values(status_message_id=message_id))


def _forget_shown(conn: Connection, job_id: str) -> None:
    """The card is still to be shown, after the usual pause."""
    not_shown = update(table).where(table.c.id == job_id, table.c.state != JobState.SUCCEEDED.value)
    conn.execute(not_shown.values(shown_state=None))
