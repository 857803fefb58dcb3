"""Keep the public cards true: one loop shows what changed, and removes the cards of jobs whose closing message stands.

Cards are best effort, because the closing message is what is promised: a card that cannot be shown is given up.
"""

import asyncio
import logging
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.attachments import CardFile
from bot.domain.jobs import Job
from bot.domain.lineage import Relative
from bot.domain.postings import PostedKind, PostedMessage
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater, Notifier, StatusCard, status_card
from bot.storage import job_cards, job_files, lineage, posted_messages
from bot.storage.job_cards import StaleCard

log = logging.getLogger(__name__)

BATCH = 20
"""Cards that one step shows."""
CARDS_AT_ONCE = 4
"""Cards that are posted or edited at the same time."""
PROGRESS_SECONDS_MAX = 3300.0
"""Seconds after which a job's card changes only with its state, or when a time on it is over.

Discord limits edits of messages older than an hour."""


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
        await asyncio.gather(*(self._bring_up_to_date(card) for card in stale))
        if len(stale) == BATCH:
            return 0.0
        return context.timings.idle_seconds

    def _claim(self, conn: Connection, now: float) -> list[StaleCard]:
        timings = self._context.timings
        return job_cards.claim_stale(
            conn,
            now,
            pause_seconds=timings.card_seconds_min,
            settle_seconds=timings.card_settle_seconds,
            refresh_seconds=timings.card_refresh_seconds,
            young_since=now - PROGRESS_SECONDS_MAX,
            limit=BATCH,
        )

    async def _bring_up_to_date(self, stale: StaleCard) -> None:
        context, job = self._context, stale.job
        fields = {"action": "card", "job": job.id}
        async with self._gate:
            try:
                card = await self._card(stale)
                message_id = await self._show(stale, card)
            except DeliveryLater as problem:
                log.info("job %s: its card is shown later: %s", job.id, problem, extra=fields)
                await context.database.write(job_cards.set_due, job.id, context.clock())
                return
            except Exception:
                log.exception("job %s: its card cannot be shown", job.id, extra=fields)
                return
        if message_id is None and job.ended_at is not None:
            await context.database.write(job_cards.forget_seen, job.id, card.message_id)
        elif message_id is not None and message_id != card.message_id:
            await self._note(job, message_id)
        failpoints.hit("card.after_note")

    async def _card(self, stale: StaleCard) -> StatusCard:
        """Return what the card says now. Its message is looked for in the channel if nobody noted it."""
        job = stale.job
        forecast = await self._context.forecasts.of(job)
        parent, files = await self._context.database.read(_beside, job)
        card = status_card(job, forecast, parent, files)
        if not stale.may_stand:
            return card
        found_id = await self._notifier.find_card(card, job.created_at)
        if found_id is not None:
            # Noted before it is edited: the card of a job that has ended has no buttons, so nobody finds it again.
            await self._note(job, found_id)
        return replace(card, message_id=found_id)

    async def _note(self, job: Job, message_id: int) -> None:
        await self._context.database.write(job_cards.set_message, job.id, message_id)
        self._context.wake_events.submit.set()

    async def _show(self, stale: StaleCard, card: StatusCard) -> int | None:
        """Show, or remove, the card. Returns the message that it is afterwards."""
        job, forecast = stale.job, card.forecast
        if stale.closed:
            left_id = await self._notifier.remove_card(replace(card, moved_to=stale.moved_to))
            failpoints.hit("card.after_removal")
            if left_id is not None:
                left = PostedMessage(job.id, job.channel_id, left_id)
                await self._context.database.write(posted_messages.note, PostedKind.CARD, left, self._context.clock())
            return None
        if job.ended_at is not None:
            if card.message_id is None:
                return None
            posted_by = job.ended_at + self._context.timings.card_seconds_min
            if self._context.clock() < posted_by:
                # The closing message is on its way, and the card goes with it.
                await self._context.database.write(job_cards.set_due, job.id, posted_by)
                return card.message_id
        message_id = await self._notifier.show_status(card)
        failpoints.hit("card.after_post")
        if forecast.stands_until is not None:
            await self._context.database.write(job_cards.correct, job, forecast.stands_until)
        # A card that could not be edited this time is still the card.
        return card.message_id if message_id is None else message_id


def _beside(conn: Connection, job: Job) -> tuple[Relative | None, tuple[CardFile, ...]]:
    """Return the job whose clip a job continues, and the files that its card is posted with."""
    files = job_files.of_job(conn, job.id) if job.status_message_id is None else ()
    return lineage.parent_of(conn, job), files
