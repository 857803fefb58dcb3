"""The bot with the cogs under test only, on the local Discord, in the test's own process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from bot.client import ReelBot
from bot.services.services import Services
from sandbox.discord import DiscordSandbox


class StageBot(ReelBot):
    """`services` need have no more than these cogs use."""

    def __init__(self, services: Any, cogs: tuple[str, ...]) -> None:
        super().__init__(cast("Services", services))
        self.extensions_wanted = cogs
        self._connection.guild_ready_timeout = 0.05


@asynccontextmanager
async def on_stage(sandbox: DiscordSandbox, bot: StageBot) -> AsyncIterator[None]:
    """From READY to the bot's end."""
    async with bot:
        await bot.login(sandbox.token)
        gateway = asyncio.create_task(bot.connect())
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait([gateway, ready], return_when=asyncio.FIRST_COMPLETED, timeout=10)
        if gateway.done():
            gateway.result()
        try:
            yield
        finally:
            ready.cancel()
            await bot.close()
            with suppress(asyncio.CancelledError):
                await gateway
