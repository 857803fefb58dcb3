"""Keep the public cards of comparisons true: one for all jobs of each. The rules are those of `bot.workers.cards`."""

import asyncio
import logging
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.postings import PostedKind, PostedMessage
from bot.engine import failpoints
from bot.engine.comparison_notifier import ComparisonCard, ComparisonNotifier, comparison_card
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater
from bot.storage import comparison_cards, posted_messages
from bot.storage.comparison_cards import StaleComparisonCard
from bot.workers.cards import BATCH, CARDS_AT_ONCE, PROGRESS_SECONDS_MAX

log = logging.getLogger(__name__)


class ComparisonCards:
    """One step shows every card that is out of date and may be edited again."""

    def __init__(self, context: EngineContext, notifier: ComparisonNotifier) -> None:
        self._context = context
        self._notifier = notifier
        self._gate = asyncio.Semaphore(CARDS_AT_ONCE)

    async def step(self) -> float:
        """Show what changed."""
        context = self._context
        stale = await context.database.write(self._claim, context.clock())
        await asyncio.gather(*(self._bring_up_to_date(card) for card in stale))
        return 0.0 if len(stale) == BATCH else context.timings.idle_seconds

    def _claim(self, conn: Connection, now: float) -> list[StaleComparisonCard]:
        timings = self._context.timings
        return comparison_cards.claim_stale(
            conn,
            now,
            pause_seconds=timings.card_seconds_min,
            settle_seconds=timings.card_settle_seconds,
            refresh_seconds=timings.card_refresh_seconds,
            young_since=now - PROGRESS_SECONDS_MAX,
            limit=BATCH,
        )

    async def _bring_up_to_date(self, stale: StaleComparisonCard) -> None:
        context, comparison = self._context, stale.comparison
        fields = {"action": "card", "comparison": comparison.id}
        async with self._gate:
            try:
                card = await self._card(stale)
                message_id = await self._show(stale, card)
            except DeliveryLater as problem:
                log.info("comparison %s: its card is shown later: %s", comparison.id, problem, extra=fields)
                await context.database.write(comparison_cards.set_due, comparison.id, context.clock())
                return
            except Exception:
                log.exception("comparison %s: its card cannot be shown", comparison.id, extra=fields)
                return
        if stale.is_over:
            await context.database.write(comparison_cards.forget_seen, comparison.id, card.message_id)
        elif message_id is not None and message_id != card.message_id:
            await context.database.write(comparison_cards.set_message, comparison.id, message_id)
        failpoints.hit("card.after_note")

    async def _card(self, stale: StaleComparisonCard) -> ComparisonCard:
        """Return what the card says now. Its message is looked for in the channel if nobody noted it."""
        comparison = stale.comparison
        card = comparison_card(comparison, stale.jobs, await self._context.forecasts.of_all(stale.jobs))
        if not stale.may_stand:
            return card
        found_id = await self._notifier.find_card(card, comparison.created_at)
        if found_id is not None:
            # Noted before it is edited: once all jobs have ended, the card has no buttons, so nobody finds it again.
            await self._context.database.write(comparison_cards.set_message, comparison.id, found_id)
        return replace(card, message_id=found_id)

    async def _show(self, stale: StaleComparisonCard, card: ComparisonCard) -> int | None:
        """Show, or remove, the card. Returns the message that it is afterwards."""
        comparison, database = stale.comparison, self._context.database
        if stale.is_over:
            left_id = await self._notifier.remove_card(replace(card, moved_to=stale.moved_to))
            failpoints.hit("card.after_removal")
            if left_id is not None and comparison.lead_job_id is not None:
                left = PostedMessage(comparison.lead_job_id, comparison.channel_id, left_id)
                await database.write(posted_messages.note, PostedKind.CARD, left, self._context.clock())
            return None
        if card.message_id is None and all(job.ended_at is not None for job in stale.jobs):
            return None  # its message says it all
        message_id = await self._notifier.show_card(card)
        failpoints.hit("card.after_post")
        moments = [moment for job in card.jobs if (moment := job.forecast.stands_until) is not None]
        if moments:
            await database.write(comparison_cards.sooner, comparison.id, min(moments))
        # A card that could not be edited this time is still the card.
        return card.message_id if message_id is None else message_id
