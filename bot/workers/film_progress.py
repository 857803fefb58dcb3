"""While a film is made: its lease is renewed, its progress is noted, and its card tells it."""

import asyncio
import logging
from dataclasses import replace
from types import TracebackType

from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater
from bot.engine.reel_poster import FilmCard, ReelPoster
from bot.media.limited_process import Progress
from bot.storage import reel_render_claims

log = logging.getLogger(__name__)

CARD_SECONDS = 5.0
"""Seconds from one edit of a card to the next."""


class LeaseLost(Exception):
    """Another worker has the render, or it has to begin again."""


class FilmProgress:
    """A context in which a film is made. Its body is cancelled, and LeaseLost raised, where the lease is gone."""

    def __init__(self, context: EngineContext, poster: ReelPoster, card: FilmCard) -> None:
        self._context = context
        self._poster = poster
        self._card = card
        self._card_is_gone = False
        self._lost = False
        self._body: asyncio.Task[object] | None = None
        self._reporting: asyncio.Task[None] | None = None
        self._percent: int | None = None

    def note(self, progress: Progress) -> None:
        """Take note of how much is done."""
        self._percent = min(99, 100 * progress.done // max(progress.whole, 1))

    async def renew(self, **values: int | None) -> None:
        """Hold the lease for longer, and set columns of the render. Raises LeaseLost."""
        context = self._context
        until = context.clock() + context.timings.lease_seconds
        render_id = self._card.render_id
        if not await context.database.write(reel_render_claims.renew, render_id, context.worker_id, until, **values):
            raise LeaseLost

    async def __aenter__(self) -> "FilmProgress":
        await self._show()
        self._body = asyncio.current_task()
        self._reporting = asyncio.create_task(self._report(), name=f"film progress:{self._card.render_id}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reporting is not None:
            self._reporting.cancel()
            await asyncio.gather(self._reporting, return_exceptions=True)
        if self._lost and isinstance(error, asyncio.CancelledError):
            if self._body is not None:
                self._body.uncancel()
            raise LeaseLost from error

    async def _report(self) -> None:
        seconds = min(CARD_SECONDS, self._context.timings.lease_seconds / 3)
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.renew(progress=self._percent or 0)
            except LeaseLost:
                self._lost = True
                if self._body is not None:
                    self._body.cancel()
                return
            if self._percent != self._card.percent:
                await self._show()

    async def _show(self) -> None:
        """Post the card, or edit it. That is best effort: only the film's message is promised."""
        self._card = replace(self._card, percent=self._percent)
        if self._card_is_gone:
            return
        try:
            message_id = await self._poster.show_card(self._card)
        except DeliveryLater as later:
            log.info("film %d: its card is shown later: %s", self._card.render_id, later, extra={"action": "film"})
            return
        self._card_is_gone = message_id is None
        if message_id != self._card.message_id:
            self._card = replace(self._card, message_id=message_id)
            await self.renew(card_message_id=message_id)
