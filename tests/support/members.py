"""Members who ask the bot in an end-to-end test, and the wait until everything that was promised to them is done."""

import asyncio
from itertools import count

from bot.domain.jobs import JobState
from bot.storage.jobs import events
from sandbox.chaos.crowd import accepted
from sandbox.chaos.promises import Book, broken, read_books, settled
from sandbox.demo.bot_process import BotProcess
from sandbox.discord.people import Invocation
from tests.support.stack import Stack

KILLED = -9
ASK_AGAIN_SECONDS = 2.0
LOOK_SECONDS, LOOKS_MAX = 0.3, 200


class Members:
    """Ask for videos, each with a prompt of its own, and know which requests were acknowledged."""

    def __init__(self, reel: Stack) -> None:
        self._reel = reel
        self._numbers = count(1)
        self.asked: list[Invocation] = []

    async def ask(self, occasion: str, member: str = "mia", channel: str = "videos") -> None:
        """Send one request; `occasion` is part of its prompt."""
        prompt = f"number {next(self._numbers)} {occasion.replace('.', ' ').replace('_', ' ')}"
        self.asked.append(await self._reel.discord.persona(member).slash("veo fast", channel, prompt=prompt))

    async def ask_until_dead(self, bot: BotProcess, point: str) -> None:
        """Send requests until the bot dies: another worker may be quicker than the one that is to die."""
        async with asyncio.timeout(90):
            dead = asyncio.ensure_future(bot.wait())
            while not dead.done():
                if point.startswith("reconcile"):
                    self._reel.studio.faults.add("cut_after")
                await self.ask(f"before {point}")
                await asyncio.wait([dead], timeout=ASK_AGAIN_SECONDS)
        assert dead.result() == KILLED, f"it ended without dying at {point}"

    def acknowledged(self) -> set[int]:
        """Return the interactions whose member read that the request was accepted."""
        return {one.id for one in self.asked if accepted(one.message)}

    async def all_told(self) -> None:
        """Wait until no job is under way. Only the database of the bots tells, so it is read again and again."""
        asked_once_more = False
        for _ in range(LOOKS_MAX):
            books = await read_books(self._reel.database_url)
            if settled(books):
                return
            left = {book.state for book in books if not settled([book])}
            if left == {JobState.UNKNOWN} and not asked_once_more:
                # Only what is made later proves that a lost request never arrived: the last one waits for the next.
                asked_once_more = True
                await self.ask("so that a history shows something later")
            await asyncio.sleep(LOOK_SECONDS)
        stuck = [book for book in books if not settled([book])]
        happened = [await self._reel.read(events, book.job_id) for book in stuck]
        raise AssertionError(f"not finished: {stuck}; {happened}")

    async def check_promises(self) -> list[Book]:
        """Check that nothing was lost or doubled, that everybody was told, and that all accounts of the money agree."""
        books = await read_books(self._reel.database_url)
        problems = broken(self._reel.studio, self._reel.discord, books, self.acknowledged())
        assert not problems, "\n".join(problems)
        assert {book.interaction_id for book in books} <= {one.id for one in self.asked}
        return books
