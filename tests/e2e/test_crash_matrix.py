"""The crash matrix: the bot is killed at every commit and every network call of a request's way, then started again.

A start costs seconds, so the deaths form chains: each start is armed with the next point, takes up what the last death
left, and dies in turn, mostly while it is still recovering. What was promised is checked at the end of a chain against
the records of both sandboxes, not against the bot's own books.
"""

import asyncio
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from support.stack import Stack, stack

from bot.engine.crashpoints import POINTS
from bot.storage.jobs import events
from sandbox.chaos.past import give_history, prepare_database
from sandbox.chaos.promises import Book, broken, read_books, settled
from sandbox.demo.bot_process import BotProcess
from sandbox.discord.people import Invocation
from sandbox.postgres import Server

pytestmark = pytest.mark.timeout(400)
KILLED = -9
HOURLY_POSTS = 36_000
"""A chain needs more POSTs than the provider's limit would let through in its minute."""
ASK_AGAIN_SECONDS = 2.0
LOOK_SECONDS, LOOKS_MAX = 0.3, 200

ACCEPTING = ("admission.before_commit", "admission.after_commit", "card.after_post", "card.after_note")
SENDING = (
    "submit.after_claim",
    "reconcile.after_history",
    "reconcile.after_note",
    "submit.after_post",
    "submit.after_note",
)
ENDING = (
    "poll.after_claim",
    "poll.after_answer",
    "settle.before_commit",
    "settle.after_commit",
    "delivery.after_claim",
    "delivery.after_download",
    "delivery.after_post",
    "delivery.after_note",
)
CHAINS = {"accepting and sending": (*ACCEPTING, *SENDING), "polling and delivering": ENDING}
BY_WORKERS = {"cards and sending": (*SENDING, *ACCEPTING[2:]), "polling and delivering": ENDING}


class Members:
    """Asks for videos, each with words of its own, and knows who was told of acceptance."""

    def __init__(self, reel: Stack) -> None:
        self._reel = reel
        self._numbers = count(1)
        self.asked: list[Invocation] = []

    async def ask(self, before: str) -> None:
        prompt = f"number {next(self._numbers)} asked before {before.replace('.', ' ').replace('_', ' ')}"
        self.asked.append(await self._reel.discord.persona("mia").slash("veo fast", "videos", prompt=prompt))

    async def ask_until_dead(self, bot: BotProcess, point: str) -> None:
        """Ask again and again: another worker may be quicker than the one that is to die."""
        async with asyncio.timeout(90):
            dead = asyncio.ensure_future(bot.wait())
            while not dead.done():
                if point.startswith("reconcile"):
                    self._reel.studio.faults.cut_after_accepting()
                await self.ask(point)
                await asyncio.wait([dead], timeout=ASK_AGAIN_SECONDS)
        assert dead.result() == KILLED, f"it ended without dying at {point}"

    def acknowledged(self) -> set[int]:
        """The interactions whose member read that the request was accepted."""
        answers = {one.id: one.message for one in self.asked}
        return {key for key, message in answers.items() if message is not None and "held" in message.content}


async def check_promises(reel: Stack, members: Members) -> list[Book]:
    """Nothing lost, nothing doubled, nobody untold, and one truth about the money."""
    books = await read_books(reel.database_url)
    assert broken(reel.studio, reel.discord, books, members.acknowledged()) == []
    assert settled(books)
    assert {book.interaction_id for book in books} <= {one.id for one in members.asked}
    return books


async def everything_is_told(reel: Stack) -> None:
    """Wait until no job is under way. Only the bots' database tells, and it does not call: it is looked at."""
    for _ in range(LOOKS_MAX):
        books = await read_books(reel.database_url)
        if settled(books):
            return
        await asyncio.sleep(LOOK_SECONDS)
    stuck = [book for book in books if not settled([book])]
    happened = [event for book in stuck for event in await reel.read(lambda conn, job=book.job_id: events(conn, job))]
    raise AssertionError(f"not finished: {stuck}; {happened}")


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_bot_killed_anywhere_loses_and_doubles_nothing(chain: str, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    await prepare_database(url, HOURLY_POSTS)
    async with stack(url, tmp_path, posts_per_hour=HOURLY_POSTS) as reel:
        reel.settings["DEFAULT_GUILD_CREDITS"] = "100000"
        give_history(reel.studio)
        members = Members(reel)
        for point in CHAINS[chain]:
            await die_at(reel, point, members)
        bot = await reel.start_bot()
        await everything_is_told(reel)
        assert await bot.stop() == 0, "steps under way are finished, so that a second message would be seen"
        books = await check_promises(reel, members)
        assert not any("admission before commit" in book.prompt for book in books), "never accepted, never promised"


async def die_at(reel: Stack, point: str, members: Members) -> None:
    """Start the bot armed with `point`. If what was left over does not lead it there, a member's request will."""
    bot = await reel.start_bot(ready=False, CRASH_AT=point)
    hears = asyncio.ensure_future(reel.until(reel.hears))
    dead = asyncio.ensure_future(bot.wait())
    await asyncio.wait([hears, dead], return_when=asyncio.FIRST_COMPLETED)
    if not dead.done():
        await members.ask_until_dead(bot, point)
    hears.cancel()
    await asyncio.gather(hears, return_exceptions=True)
    assert await dead == KILLED, f"it ended without dying at {point}"
    await reel.until(lambda: not reel.discord.core.gateway.connected_shards())


@pytest.mark.parametrize("chain", BY_WORKERS)
async def test_a_worker_killed_anywhere_is_replaced_by_the_others(
    chain: str, postgres_server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """One gateway, one worker that lives, and one that is killed again and again."""
    request.node.user_properties.append(("postgres_origin", postgres_server.origin))
    url = await postgres_server.new_database()
    await prepare_database(url, HOURLY_POSTS)
    async with stack(url, tmp_path, posts_per_hour=HOURLY_POSTS, history_rows=100) as reel:
        reel.settings["DEFAULT_GUILD_CREDITS"] = "100000"
        give_history(reel.studio)
        members = Members(reel)
        # The one that lives looks for work less often, so that most of it goes to the one that is to die.
        survivor = await reel.start_bot("worker", ready=False, WAIT_SCALE="0.1")
        for point in ACCEPTING[:2] if "sending" in chain else ():
            await die_at_gateway(reel, point, members)
        gateway = await reel.start_bot("gateway")
        for point in BY_WORKERS[chain]:
            worker = await start_worker(reel, CRASH_AT=point)
            await members.ask_until_dead(worker, point)
        await everything_is_told(reel)
        assert [await gateway.stop(), await survivor.stop()] == [0, 0]
        await check_promises(reel, members)


async def die_at_gateway(reel: Stack, point: str, members: Members) -> None:
    gateway = await reel.start_bot("gateway", CRASH_AT=point)
    await members.ask_until_dead(gateway, point)
    await reel.until(lambda: not reel.discord.core.gateway.connected_shards())


async def start_worker(reel: Stack, **settings: str) -> BotProcess:
    """A worker that has logged in and begins to work."""

    def log_ins() -> int:
        return len(reel.discord.record.requests_to("GET", "/users/@me"))

    before = log_ins()
    worker = await reel.start_bot("worker", ready=False, **settings)
    await reel.until(lambda: log_ins() > before)
    return worker


@pytest.mark.parametrize("chains", [CHAINS, {"the gateway's": ACCEPTING[:2], **BY_WORKERS}])
def test_no_point_is_left_out(chains: dict[str, Sequence[str]]) -> None:
    assert sorted(point for points in chains.values() for point in points) == sorted(POINTS)
