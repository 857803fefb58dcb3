"""Keeps the gateway client alive: one malformed event ends discord.py's client, but it must not end the bot."""

import asyncio
import logging

import discord
from discord.ext import commands

from bot.client import ReelBot, Shards
from bot.domain.retry import backoff_seconds
from bot.services.services import Services

log = logging.getLogger(__name__)

RESTART_SECONDS_FIRST, RESTART_SECONDS_MAX = 1.0, 120.0
STEADY_SECONDS = 300.0
"""A client that ran so long starts again without the penalty of earlier failures."""


class Gateway:
    """Runs a ReelBot until `stop()`; a client that ended is replaced by a new one."""

    def __init__(self, services: Services, token: str, shards: Shards | None = None) -> None:
        self._services = services
        self._token = token
        self._shards = shards
        self._stopping = asyncio.Event()
        self._bot: ReelBot | None = None
        self.restarts = 0

    @property
    def ready(self) -> bool:
        """Whether Discord's guilds are here and commands are heard."""
        return self._bot is not None and self._bot.is_ready() and not self._bot.is_closed()

    async def run(self) -> None:
        """Run until stopped. Raises what no retry would mend: a token or intents refused, a cog that cannot load."""
        failures = 0
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            self._bot = ReelBot(self._services, self._shards)
            try:
                async with self._bot:
                    await self._bot.start(self._token)
                problem = "it ended by itself"
            except (discord.LoginFailure, discord.PrivilegedIntentsRequired, commands.ExtensionError):
                raise
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
                log.exception("the gateway client failed")
            if self._stopping.is_set():
                return
            steady = asyncio.get_running_loop().time() - began > STEADY_SECONDS
            failures = 1 if steady else failures + 1
            self.restarts += 1
            wait = backoff_seconds(failures, RESTART_SECONDS_FIRST, RESTART_SECONDS_MAX, 0)
            log.error("a new gateway client starts in %.0f s: %s", wait, problem)
            try:
                await asyncio.wait_for(self._stopping.wait(), wait)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Hear no more commands."""
        self._stopping.set()
        if self._bot is not None and not self._bot.is_closed():
            await self._bot.close()
