"""Send the owners the notices that were raised for them, each once."""

import logging
from typing import Protocol

from bot.domain.notices import Notice
from bot.engine.context import EngineContext
from bot.storage import notices

log = logging.getLogger(__name__)


class OwnerMessenger(Protocol):
    """Reaches the owners wherever they can be reached."""

    async def tell(self, notice: Notice) -> bool:
        """Send to every owner. False means that none could be reached now and that it is to be tried again."""


class OwnerNotices:
    """One step tells what is untold."""

    def __init__(self, context: EngineContext, messenger: OwnerMessenger) -> None:
        self._context = context
        self._messenger = messenger

    async def step(self) -> float:
        """Tell, then look again later."""
        database = self._context.database
        for notice in await database.read(notices.untold):
            log.warning("for the owners: %s %s", notice.kind, notice.data, extra={"action": "notice"})
            if not await self._messenger.tell(notice):
                return self._context.timings.notice_retry_seconds
            await database.write(notices.told, notice.key, self._context.clock())
        return self._context.timings.idle_seconds
