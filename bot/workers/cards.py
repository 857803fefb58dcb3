"""Keep the public status cards true: one loop shows what changed, with a pause between two edits of a card.

Cards are best effort, because the closing message is what is promised: a card that cannot be shown is given up.
"""

import asyncio
import logging

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater, Notifier, StatusCard
from bot.storage import job_cards

log = logging.getLogger(__name__)

BATCH = 20
"""Cards that one step shows."""
CARDS_AT_ONCE = 4
"""Cards that are posted or edited at the same time."""
PROGRESS_SECONDS_MAX = 3300.0
"""Seconds after which a job's card changes only with its state: Discord limits edits of messages older than an hour."""


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
        timings = self._context.timings
        return job_cards.claim_stale(
            conn,
            now,
            pause_seconds=timings.card_seconds_min,
            refresh_seconds=timings.card_refresh_seconds,
            young_since=now - PROGRESS_SECONDS_MAX,
            limit=BATCH,
        )

    async def _show(self, job: Job) -> None:
        context = self._context
        async with self._gate:
            try:
                card = await self._card(job)
                message_id = await self._notifier.show_status(card)
                failpoints.hit("card.after_post")
            except DeliveryLater as problem:
                log.info(
                    "job %s: its card is shown later: %s", job.id, problem, extra={"action": "card", "job": job.id}
                )
                await context.database.write(job_cards.set_due, job.id, context.clock())
                return
            except Exception:
                log.exception("job %s: its card cannot be shown", job.id, extra={"action": "card", "job": job.id})
                return
        if message_id is not None and message_id != job.status_message_id:
            await context.database.write(job_cards.set_message, job.id, message_id)
        failpoints.hit("card.after_note")

    async def _card(self, job: Job) -> StatusCard:
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
            forecast=await self._context.forecasts.of(job),
            reason=job.reason,
        )
