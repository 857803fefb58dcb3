"""Everything at once: both sandboxes in this process, the real bot as a process of its own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Select

from bot.storage.database import Database
from sandbox.demo.bot_process import BotProcess
from sandbox.discord import DiscordSandbox
from sandbox.discord.record import MessageFact
from sandbox.playground import playground_routes
from sandbox.studio import StudioSandbox
from tests.support.forks import fork

P = ParamSpec("P")
T = TypeVar("T")

WAIT_SECONDS = 40.0
"""Seconds after which something counts as not happening: many, because several stacks may share two cores."""
LOOK_SECONDS, LOOKS_MAX = 0.2, 200
"""Seconds between two looks at the database for what nobody tells, and how many there are."""


@dataclass
class Stack:
    """Both sandboxes, and a bot that can be started, killed and started again on the same database."""

    studio: StudioSandbox
    discord: DiscordSandbox
    database_url: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    bots: list[BotProcess] = field(default_factory=list)
    """All bots that were started, also those that have ended."""

    def bot_settings(self, **settings: str) -> dict[str, str]:
        """Return the environment of a bot that is to use these sandboxes."""
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_BASE": self.discord.api_base,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "STUDIO_API_KEY": self.studio.api_key,
            "STUDIO_BASE_URL": self.studio.base_url,
            "DATABASE_URL": self.database_url,
            "WAIT_SCALE": "0.02",
            "DEFAULT_GUILD_CREDITS": "1000",
            **self.settings,
            **settings,
        }

    async def start_bot(
        self, *arguments: str, ready: bool = True, crash_at: str | None = None, **settings: str
    ) -> BotProcess:
        """Start the bot. With `ready`, return once it hears its commands. `crash_at` names the failpoint to die at."""
        environment = self.bot_settings(**settings)
        folder = self.folder / f"bot-{len(list(self.folder.glob('bot-*')))}"
        folder.mkdir()
        bot = BotProcess(folder, environment, arguments, crash_at=crash_at, launch=fork)
        await bot.start()
        self.bots.append(bot)
        if ready:
            await self.until(self.hears, bot)
        return bot

    def hears(self) -> bool:
        """Return whether a gateway session is up and the commands of the models are registered."""
        names = {command["name"] for command in self.discord.persona("mia").commands("videos")}
        return "veo" in names and bool(self.discord.core.gateway.connected_shards())

    async def until(self, predicate: Callable[[], T | None], *bots: BotProcess) -> T:
        """Wait for the predicate's first truthy answer and return it.

        It is asked again after every change. If a bot ends, or after WAIT_SECONDS, this fails and shows their output.
        """
        waiting = asyncio.ensure_future(self.discord.wait_for(predicate, WAIT_SECONDS))
        ended = [asyncio.ensure_future(bot.wait()) for bot in bots]
        await asyncio.wait([waiting, *ended], return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.cancel()
        if waiting.done() and waiting.exception() is None:
            return waiting.result()
        waiting.cancel()
        await asyncio.gather(waiting, *ended, return_exceptions=True)
        said = "\n".join(line for bot in bots for line in bot.last_lines())
        raise AssertionError(f"it did not happen; the bot said:\n{said}")

    def closings(self) -> list[MessageFact]:
        """Return the closing messages ever posted: those that mention a member."""
        return [message for message in self.posted() if message.mentions]

    def has_closings(self, number: int) -> bool:
        """Return whether so many closing messages were posted."""
        return len(self.closings()) == number

    def posted(self) -> list[MessageFact]:
        """Return every message that the bot ever posted for everybody, also deleted ones."""
        facts = self.discord.record.messages(author_id=self.discord.world.application_id)
        return [fact for fact in facts if fact.visible_to is None]

    async def until_none(self, count: Select[int]) -> None:
        """Wait until a query counts nothing any more. Only the database tells, so it is asked again and again."""
        for _ in range(LOOKS_MAX):
            if not await self.read(lambda conn: conn.execute(count).scalar()):
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError(f"it does not come to an end: {count}")

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query(conn, …)` finds in the bot's database."""
        database = await Database.open(self.database_url)
        try:
            return await database.read(query, *args, **kwargs)
        finally:
            await database.close()


async def kill(bot: BotProcess) -> None:
    """Kill the bot as a power cut would, and wait until it is gone."""
    assert bot.pid is not None
    os.kill(bot.pid, signal.SIGKILL)
    await bot.wait()


@asynccontextmanager
async def stack(database_url: str, folder: Path, **studio_options: Any) -> AsyncIterator[Stack]:
    """Run both sandboxes. Every bot that was started is stopped at the end."""
    options: dict[str, Any] = {"render": False, "payload_bytes": 20_000, "job_seconds": (0.2, 0.4), **studio_options}
    async with (
        StudioSandbox(**options) as studio,
        DiscordSandbox(extra_routes=playground_routes(studio.base_url)) as discord,
    ):
        built = Stack(studio, discord, database_url, folder)
        try:
            yield built
        finally:
            await asyncio.gather(*(bot.stop() for bot in built.bots))
