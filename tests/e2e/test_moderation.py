"""An evening of moderation with the real bot, which is killed between each write and the call that goes with it."""

import asyncio
from collections import Counter
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from bot.storage.tables.guild_settings import log_entries_table
from bot.storage.tables.jobs import posted_messages_table
from sandbox.discord import Message
from sandbox.discord.default_world import GENERAL_ID, VIDEOS_ID
from sandbox.discord.walk import walk
from tests.cogs.panel import open_panel
from tests.e2e.test_crash_matrix import MODERATING
from tests.support.members import KILLED, Members
from tests.support.stack import Stack, stack
from tests.support.stage import button, words

AGAIN_SECONDS = 4.0
"""Seconds until another video is asked for: lines of the log are gathered for three."""


class Evening:
    """Mia asks, Ada approves, Noah reports, Ada deletes: each does what is to be done next."""

    def __init__(self, reel: Stack) -> None:
        self._reel = reel
        self._mia, self._noah, self._ada = (reel.discord.persona(name) for name in ("mia", "noah", "ada"))
        self._numbers = count(1)
        self.reported: set[int] = set()
        """Closing messages whose report was taken."""

    async def begin(self) -> None:
        """Have the bot tell moderators in #general, and ask before every video."""
        panel = await open_panel(self._reel.discord, self._ada, "records")
        await panel.choose(":log_channel:", GENERAL_ID)
        set_limit = await self._ada.slash("/quota set approval_above", "videos", amount="50", channel="videos")
        await set_limit.wait_message()

    async def until_dead(self, dead: "asyncio.Task[int]") -> None:
        """Go on until the bot dies."""
        while not dead.done():
            going = asyncio.ensure_future(self._go_on_and_ask())
            await asyncio.wait([going, dead], return_when=asyncio.FIRST_COMPLETED)
            if not going.done():
                going.cancel()
                await asyncio.gather(going, return_exceptions=True)
            else:
                going.result()
                await asyncio.wait([dead], timeout=AGAIN_SECONDS)

    async def end(self) -> None:
        """Do what is left, until nothing is."""
        members, log = Members(self._reel), self._reel.discord.world.channels[GENERAL_ID]
        while True:
            await members.all_told()
            await self._reel.until(
                lambda: sum("A video was reported" in words(one) for one in log.messages.values()) == len(self.reported)
            )
            if not await self.step():
                return

    async def step(self) -> bool:
        """Do one thing that waits for somebody. Returns False where nothing does."""
        for label, channel_id in (("Approve", VIDEOS_ID), ("Delete", GENERAL_ID)):
            for card in self._open(label, channel_id):
                await self._ada.press(card, button(card, label))
                await self._reel.until(partial(lacks, card, label))
                return True
        for closing in self._results():
            if closing.id not in self.reported:
                await self._report(closing)
                return True
        return False

    async def _go_on_and_ask(self) -> None:
        await self._reel.until(self._reel.hears)
        if not self.reported and not self._reel.posted():
            await self.begin()
        while await self.step():
            pass
        asked = await self._mia.slash("/veo fast", "videos", prompt=f"a fox, number {next(self._numbers)}")
        await asked.wait_message()
        await self._reel.until(lambda: self._open("Approve"))
        await self.step()
        await self._reel.until(lambda: any(one.id not in self.reported for one in self._results()))
        await self.step()
        await self._reel.until(lambda: self._open("Delete", GENERAL_ID))
        await self.step()

    async def _report(self, closing: Message) -> None:
        opened = await self._noah.press(closing, button(closing, "Report"))
        await opened.wait_modal()
        await (await self._noah.submit(opened, reason="gore")).wait_message()
        self.reported.add(closing.id)

    def _open(self, label: str, channel_id: int = VIDEOS_ID) -> list[Message]:
        """Return the moderators' cards with a button."""
        messages = self._reel.discord.world.channels[channel_id].messages.values()
        return [one for one in messages if one.deleted_at is None and has(one, label)]

    def _results(self) -> list[Message]:
        """Return the videos that stand."""
        messages = self._reel.discord.world.channels[VIDEOS_ID].messages.values()
        return [one for one in messages if one.deleted_at is None and has(one, "Report")]


def lacks(message: Message, label: str) -> bool:
    """Tell whether a message has no button with this label."""
    return not has(message, label)


def has(message: Message, label: str) -> bool:
    """Tell whether a message has a button with this label."""
    return any(str(part.get("label", "")) == label for _, part in walk(message.components))


async def test_a_bot_killed_while_it_moderates_tells_each_thing_once_and_deletes_what_was_decided(
    database_url: str, tmp_path: Path
) -> None:
    async with stack(database_url, tmp_path) as reel:
        reel.settings["DEFAULT_GUILD_CREDITS"] = "100000"
        evening = Evening(reel)
        for point in MODERATING:
            bot = await reel.start_bot(ready=False, crash_at=point)
            dead = asyncio.ensure_future(bot.wait())
            await asyncio.wait_for(evening.until_dead(dead), 60)
            assert dead.result() == KILLED, f"it ended without dying at {point}"
            await reel.until(lambda: not reel.discord.core.gateway.connected_shards())
        await reel.start_bot()
        await evening.end()
        await check(reel, evening)


async def check(reel: Stack, evening: Evening) -> None:
    """Wait until everything is done, stop the bot, and check that each thing was told once and no video stands."""
    closings = {fact.message_id for fact in reel.closings()}
    assert closings == evening.reported
    channels = reel.discord.world.channels
    await reel.until(lambda: all(fact.deleted_at is not None for fact in reel.closings()))
    await reel.until(lambda: len(told_directly(reel)) >= len(closings))
    await reel.until_none(select(func.count()).select_from(log_entries_table))
    assert await reel.bots[-1].stop() == 0
    assert len(told_directly(reel)) == len(closings)
    in_log = [words(message) for message in channels[GENERAL_ID].messages.values()]
    assert len([shown for shown in in_log if "Deleted for good by" in shown]) == len(closings)
    lines = [line for shown in in_log for line in shown.splitlines() if line.startswith("<t:")]
    assert len([line for line in lines if "asked for" in line]) == len(closings)
    assert [line for line, times in Counter(lines).items() if times > 1] == []
    waiting = await reel.read(lambda conn: conn.execute(select(posted_messages_table.c.message_id)).scalars().all())
    assert waiting == []
    assert reel.discord.record.violations() == []


def told_directly(reel: Stack) -> list[Message]:
    """Return the direct messages of the bot."""
    return [
        message
        for channel in reel.discord.world.channels.values()
        if channel.guild_id is None
        for message in channel.messages.values()
    ]
