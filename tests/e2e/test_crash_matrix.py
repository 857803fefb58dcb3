"""The crash matrix: the bot is killed at every commit and every network call of a request's way, then started again.

A start costs seconds, so the deaths form chains: each start is armed with the next point, takes up what the last death
left, and dies in turn, mostly while it is still recovering. What was promised is checked at the end of a chain against
the records of both sandboxes, not against the bot's own books.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.engine.failpoints import POINTS
from sandbox.chaos.past import give_history
from sandbox.demo.bot_process import BotProcess
from sandbox.postgres import Server
from tests.support.members import KILLED, Members
from tests.support.stack import Stack, stack

pytestmark = pytest.mark.timeout(400)
HOURLY_POSTS = 36_000
"""A chain needs more POSTs than the provider's limit would let through in its minute."""

ANSWERING = ("admission.before_commit", "admission.after_commit", "answer.after_post")
CARDS = ("card.after_post", "card.after_note")
SENDING = (
    "submit.after_post",  # its answer is lost, so that there is something to look up
    "reconcile.after_history",
    "reconcile.after_note",
    "submit.after_claim",
    "submit.after_fence",
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
    "card.after_removal",
)
ERASING = ("erase.after_pseudonym", "erase.after_jobs", "erase.before_end")
"""`tests/e2e/test_erasure.py` dies at these."""
COMPARING = ("compare.after_close", "compare.after_count", "compare.after_reveal")
"""`tests/e2e/test_comparison.py` dies at these, and at those of a comparison's messages."""
CONTINUING = ("submit.after_files",)
"""`tests/e2e/test_continuing.py` dies at these."""
FILMS = ("film.after_claim", "film.after_fetch", "film.after_join", "film.after_post", "film.after_note")
"""`tests/e2e/test_films.py` dies at these."""
SHOWCASE = ("showcase.after_claim", "showcase.after_forward", "showcase.after_note", "showcase.after_withdrawal")
"""`tests/e2e/test_showcase.py` dies at these."""
WEEKLY = ("weekly.after_reel", "weekly.after_ask")
"""`tests/e2e/test_weekly_reel.py` dies at these."""
MODERATING = (
    "question.after_post",
    "incident.after_post",
    "incident.after_edit",
    "report.after_answer",
    "remove.after_claim",
    "remove.after_delete",
    "guild_log.after_claim",
    "guild_log.after_write",
)
"""`tests/e2e/test_moderation.py` dies at these."""
CHAINS = {"accepting and sending": (*ANSWERING, *CARDS, *SENDING), "polling and delivering": ENDING}
BY_WORKERS = {"cards and sending": (*SENDING, *CARDS), "polling and delivering": ENDING}


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_bot_killed_anywhere_loses_and_doubles_nothing(chain: str, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with stack(url, tmp_path, posts_per_hour=HOURLY_POSTS) as reel:
        reel.settings |= {"DEFAULT_GUILD_CREDITS": "100000", "STUDIO_POSTS_PER_HOUR": str(HOURLY_POSTS)}
        give_history(reel.studio)
        members = Members(reel)
        for point in CHAINS[chain]:
            await die_at(reel, point, members)
        bot = await reel.start_bot()
        await members.all_told()
        assert await bot.stop() == 0, "steps under way are finished, so that a second message would be seen"
        books = await members.check_promises()
        assert not any("admission before commit" in book.prompt for book in books), "never accepted, never promised"


async def die_at(reel: Stack, point: str, members: Members) -> None:
    """Start the bot armed with `point`. If what was left over does not lead it there, a member's request will."""
    bot = await reel.start_bot(ready=False, crash_at=point)
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
    async with stack(url, tmp_path, posts_per_hour=HOURLY_POSTS, history_rows=100) as reel:
        reel.settings |= {"DEFAULT_GUILD_CREDITS": "100000", "STUDIO_POSTS_PER_HOUR": str(HOURLY_POSTS)}
        give_history(reel.studio)
        members = Members(reel)
        # The one that lives looks for work less often, so that most of it goes to the one that is to die.
        survivor = await reel.start_bot("worker", ready=False, WAIT_SCALE="0.1")
        for point in ANSWERING if "sending" in chain else ():
            await die_at_gateway(reel, point, members)
        gateway = await reel.start_bot("gateway")
        for point in BY_WORKERS[chain]:
            worker = await start_worker(reel, crash_at=point)
            await members.ask_until_dead(worker, point)
        await members.all_told()
        assert [await gateway.stop(), await survivor.stop()] == [0, 0]
        await members.check_promises()


async def die_at_gateway(reel: Stack, point: str, members: Members) -> None:
    gateway = await reel.start_bot("gateway", crash_at=point)
    await members.ask_until_dead(gateway, point)
    await reel.until(lambda: not reel.discord.core.gateway.connected_shards())


async def start_worker(reel: Stack, crash_at: str) -> BotProcess:
    """Start a worker and return it once it has logged in."""

    def log_ins() -> int:
        return len(reel.discord.record.requests_to("GET", "/users/@me"))

    before = log_ins()
    worker = await reel.start_bot("worker", ready=False, crash_at=crash_at)
    await reel.until(lambda: log_ins() > before)
    return worker


@pytest.mark.parametrize("chains", [CHAINS, {"the gateway's": ANSWERING, **BY_WORKERS}])
def test_no_point_is_left_out(chains: dict[str, Sequence[str]]) -> None:
    elsewhere = (ERASING, COMPARING, CONTINUING, FILMS, SHOWCASE, WEEKLY, MODERATING)
    assert sorted(point for points in (*chains.values(), *elsewhere) for point in points) == sorted(POINTS)
