"""Keep the gateway client alive: one malformed event ends discord.py's client, but it must not end the bot."""

import asyncio
import logging

import discord
from discord.ext import commands

from bot.client import ReelBot, Shards
from bot.domain.retry import backoff_seconds
from bot.services.services import Services

log = logging.getLogger(__name__)

RESTART_SECONDS_FIRST, RESTART_SECONDS_MAX = 1.0, 120.0
"""Seconds from a client's end to the next one: after the first failure, and after many in a row."""
STEADY_SECONDS = 300.0
"""Seconds after which a client counts as steady: its failure is then the first of a new row."""


class Gateway:
    """Run a ReelBot until `stop`. A client that ended is replaced by a new one."""

    def __init__(self, services: Services, token: str, shards: Shards | None = None) -> None:
        self._services = services
        self._token = token
        self._shards = shards
        self._stopping = asyncio.Event()
        self._bot: ReelBot | None = None
        self.restarts = 0
        """Clients that were started after the first. `/health` shows it."""

    @property
    def ready(self) -> bool:
        """Whether the guilds have arrived and commands are heard."""
        return self._bot is not None and self._bot.is_ready() and not self._bot.is_closed()

    async def run(self) -> None:
        """Run until stopped.

        Raises LoginFailure, PrivilegedIntentsRequired or ExtensionError: no retry would mend these.
        """
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
                log.exception("the gateway client failed", extra={"action": "gateway_failed"})
            if self._stopping.is_set():
                return
            steady = asyncio.get_running_loop().time() - began > STEADY_SECONDS
            failures = 1 if steady else failures + 1
            self.restarts += 1
            wait = backoff_seconds(failures, RESTART_SECONDS_FIRST, RESTART_SECONDS_MAX, 0)
            log.error(
                "a new gateway client starts in %.0f s: %s",
                wait,
                problem,
                extra={"action": "gateway_restart", "restarts": self.restarts},
            )
            try:
                await asyncio.wait_for(self._stopping.wait(), wait)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Close the client, so that no more commands are heard."""
        self._stopping.set()
        if self._bot is not None and not self._bot.is_closed():
            await self._bot.close()
