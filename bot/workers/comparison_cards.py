"""Keep the public cards of comparisons true: one for all jobs of each. The rules are those of `bot.workers.cards`."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.domain.postings import PostedKind, PostedMessage
from bot.engine import failpoints
from bot.engine.comparison_notifier import ComparisonCard, ComparisonNotifier, comparison_card
from bot.engine.context import EngineContext
from bot.storage import comparison_cards, posted_messages
from bot.storage.comparison_cards import StaleComparisonCard
from bot.workers.card_loop import CardLoop, Shown


class ComparisonCards(CardLoop[StaleComparisonCard]):
    """The cards of comparisons."""

    def __init__(self, context: EngineContext, notifier: ComparisonNotifier) -> None:
        super().__init__(context)
        self._notifier = notifier

    def _claim(self, conn: Connection, now: float, /, **rules: Any) -> list[StaleComparisonCard]:
        return comparison_cards.claim_stale(conn, now, **rules)

    def _named(self, stale: StaleComparisonCard) -> tuple[str, str]:
        return "comparison", stale.comparison.id

    def _set_due(self, conn: Connection, key: str, due_at: float) -> None:
        comparison_cards.set_due(conn, key, due_at)

    async def _show(self, stale: StaleComparisonCard) -> Shown:
        card = await self._card(stale)
        return Shown(card.message_id, await self._shown(stale, card))

    async def _note(self, stale: StaleComparisonCard, shown: Shown) -> None:
        database, key = self._context.database, stale.comparison.id
        if stale.is_over:
            await database.write(comparison_cards.forget_seen, key, shown.before)
        elif shown.now is not None and shown.now != shown.before:
            await database.write(comparison_cards.set_message, key, shown.now)

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

    async def _shown(self, stale: StaleComparisonCard, card: ComparisonCard) -> int | None:
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
