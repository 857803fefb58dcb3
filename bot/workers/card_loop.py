"""What the loops of all public cards do alike: take those out of date, show each, and note what came of it.

Cards are best effort, because the closing message is what is promised: a card that cannot be shown is given up.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater

log = logging.getLogger(__name__)

BATCH = 20
"""Cards that one step shows."""
CARDS_AT_ONCE = 4
"""Cards that are posted or edited at the same time."""
PROGRESS_SECONDS_MAX = 3300.0
"""Seconds after which a job's card changes only with its state, or when a time on it is over.

Discord limits edits of messages older than an hour."""

StaleT = TypeVar("StaleT")


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of showing a card: the message that was known before, and the one that it is now."""

    before: int | None
    now: int | None


class CardLoop(ABC, Generic[StaleT]):
    """One step shows every card that is out of date and may be edited again."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._gate = asyncio.Semaphore(CARDS_AT_ONCE)

    async def step(self) -> float:
        """Show what changed."""
        context = self._context
        now, timings = context.clock(), context.timings
        rules = {
            "pause_seconds": timings.card_seconds_min,
            "settle_seconds": timings.card_settle_seconds,
            "refresh_seconds": timings.card_refresh_seconds,
            "young_since": now - PROGRESS_SECONDS_MAX,
            "limit": BATCH,
        }
        stale = await context.database.write(self._claim, now, **rules)
        await asyncio.gather(*(self._bring_up_to_date(card) for card in stale))
        return 0.0 if len(stale) == BATCH else timings.idle_seconds

    async def _bring_up_to_date(self, stale: StaleT) -> None:
        kind, key = self._named(stale)
        fields = {"action": "card", kind: key}
        async with self._gate:
            try:
                shown = await self._show(stale)
            except DeliveryLater as problem:
                log.info("%s %s: its card is shown later: %s", kind, key, problem, extra=fields)
                await self._context.database.write(self._set_due, key, self._context.clock())
                return
            except Exception:
                log.exception("%s %s: its card cannot be shown", kind, key, extra=fields)
                return
        await self._note(stale, shown)
        failpoints.hit("card.after_note")

    @abstractmethod
    def _claim(self, conn: Connection, now: float, /, **rules: Any) -> list[StaleT]:
        """Take the cards that are out of date. `rules` are those of `job_cards.claim_stale`."""

    @abstractmethod
    def _named(self, stale: StaleT) -> tuple[str, str]:
        """Return what a card is about, for logs: its kind and its id."""

    @abstractmethod
    def _set_due(self, conn: Connection, key: str, due_at: float) -> None:
        """Have a card shown at `due_at`."""

    @abstractmethod
    async def _show(self, stale: StaleT) -> Shown:
        """Show, or remove, a card. Raises DeliveryLater."""

    @abstractmethod
    async def _note(self, stale: StaleT, shown: Shown) -> None:
        """Note the message that the card is now."""
