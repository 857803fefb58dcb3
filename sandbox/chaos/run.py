"""One run: both sandboxes, the real bot as processes, faults everywhere; then calm, and the reckoning."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.jobs import JobState
from sandbox.chaos import owner
from sandbox.chaos.crowd import Crowd
from sandbox.chaos.faults import RandomFaults
from sandbox.chaos.fleet import Fleet
from sandbox.chaos.past import full_hour, give_history, give_posts
from sandbox.chaos.promises import Book, broken, closings, read_books, settled
from sandbox.chaos.world import crowded_world
from sandbox.discord import DiscordSandbox
from sandbox.studio import StudioSandbox

WAIT_SCALE = 0.04
"""Factor of the bot's waits. An attempt's absence then counts after some seconds, longer than any POST takes here."""
JOB_SECONDS = (1.0, 6.0)
"""Shortest and longest time that a job takes at the provider."""
HISTORY_ROWS = 1000
"""Rows of a history page: like the real one's, they hold most of an hour's POSTs at the limit."""
HISTORY_LAG_SECONDS = 1.0
BLACKOUT_AFTER_SECONDS, BLACKOUT_SECONDS = 20.0, 110.0
"""When and how long the history is refused: longer than the bot looks, so that some jobs become the owner's."""
LOOK_SECONDS = 0.5
"""Seconds between two looks into the bot's database."""
STILL_SECONDS_MAX = 300.0
"""Seconds in which something must change while not all is finished, once the faults are switched off.

A busy machine finishes late, and that breaks no promise. Longer than a lost answer is looked up before an owner
decides.
"""

ROOM_FOR_POSTS = 5
"""POSTs that the provider still takes when a run begins."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does. `kill_every_seconds` is an average."""

    database_url: str
    seed: int
    requests: int
    posts_per_minute: int
    kill_every_seconds: float

    @property
    def fleet(self) -> dict[str, list[str]]:
        """Roles of the bot's processes and their arguments: one on SQLite, two gateways and two workers otherwise."""
        if self.database_url.startswith("sqlite"):
            return {"bot": []}
        shards = {f"gateway-{n}": ["gateway", "--shards", str(n), "--shard-count", "2"] for n in (0, 1)}
        return {**shards, "worker-0": ["worker"], "worker-1": ["worker"]}


@dataclass(slots=True)
class Outcome:
    """What a run saw, in counts, credits and words."""

    seconds: float = 0.0
    asked: int = 0
    acknowledged: int = 0
    cancels: int = 0
    states: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    generations: int = 0
    answers_lost: int = 0
    posts_in_an_hour: int = 0
    posts_allowed: int = 0
    closings: int = 0
    with_a_file: int = 0
    charged: int = 0
    ledger: int = 0
    at_provider: dict[str, int] = field(default_factory=dict)
    at_discord: dict[str, int] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)
    for_the_owner: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


async def run(plan: Plan, folder: Path, say: Callable[[str], None]) -> Outcome:
    """Carry out a plan in an empty folder; `say` hears of its progress."""
    chance = random.Random(plan.seed)
    outcome = Outcome()
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        studio = await stack.enter_async_context(
            StudioSandbox(
                render=False, payload_bytes=20_000, job_seconds=JOB_SECONDS, credits=10_000_000, seed=plan.seed,
                history_rows=HISTORY_ROWS, history_lag_seconds=HISTORY_LAG_SECONDS,
            )
        )  # fmt: skip
        discord = await stack.enter_async_context(DiscordSandbox(world=crowded_world(), max_concurrency=2))
        give_history(studio)
        studio.posts_per_hour = plan.posts_per_minute * 60
        # The bot does not know of these POSTs: whatever it sends beyond the room meets a 429.
        give_posts(studio, full_hour(studio.posts_per_hour, studio.clock.now())[ROOM_FOR_POSTS:])
        fleet = Fleet(folder, _settings(plan, studio, discord), plan.fleet)
        stack.push_async_callback(fleet.stop)
        crowd, faults = Crowd(discord, chance), RandomFaults(studio, discord, chance)
        fleet.start()
        await _strike(plan, crowd, faults, fleet, chance)
        say(f"{len(crowd.acknowledged())} requests were accepted; calm from now on")
        await _finish(plan, outcome, studio, discord, say)
        await fleet.stop()
        outcome.seconds = time.monotonic() - began
        books = await read_books(plan.database_url)
        _fill(outcome, studio, discord, crowd, faults, fleet, books)
        outcome.broken += broken(studio, discord, books, crowd.acknowledged())
    return outcome


def _settings(plan: Plan, studio: StudioSandbox, discord: DiscordSandbox) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_BASE": discord.api_base,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "STUDIO_API_KEY": studio.api_key,
        "STUDIO_BASE_URL": studio.base_url,
        "DATABASE_URL": plan.database_url,
        "OWNER_IDS": str(discord.world.owner.id),
        "DEFAULT_GUILD_CREDITS": "10000000",
        "STUDIO_POSTS_PER_HOUR": str(plan.posts_per_minute * 60),
        "WAIT_SCALE": str(WAIT_SCALE),
    }


async def _strike(plan: Plan, crowd: Crowd, faults: RandomFaults, fleet: Fleet, chance: random.Random) -> None:
    """Members ask while everything breaks, until enough was accepted."""

    async def kill_now_and_then() -> None:
        while True:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * plan.kill_every_seconds)
            fleet.kill_one(chance)

    faults.begin()
    tasks = [
        asyncio.create_task(faults.strike_discord(1.0)),
        asyncio.create_task(faults.black_out_history(BLACKOUT_AFTER_SECONDS, BLACKOUT_SECONDS)),
        asyncio.create_task(kill_now_and_then()),
    ]
    try:
        # Everybody together asks somewhat faster than the provider takes: queues form, and turns matter.
        pause = 60 / plan.posts_per_minute * 20 / 1.5
        await crowd.ask_until(plan.requests, pause)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        faults.clear()


async def _finish(
    plan: Plan, outcome: Outcome, studio: StudioSandbox, discord: DiscordSandbox, say: Callable[[str], None]
) -> None:
    """Wait until all is done; then the owner decides what only an owner can, and that is waited for as well."""
    while await _all_settled(plan, outcome):
        books = await read_books(plan.database_url)
        if not any(book.state is JobState.UNRESOLVED for book in books):
            return
        # What cannot be decided by now is the owner's: counted, shown, and answered as an owner would.
        try:
            verdicts = await owner.decide(studio, discord, books)
        except (LookupError, TimeoutError):
            await asyncio.sleep(LOOK_SECONDS)  # the bot that would hear it is only just starting
            continue
        for words in verdicts:
            say(f"owner: {words}")
        outcome.for_the_owner += verdicts


async def _all_settled(plan: Plan, outcome: Outcome) -> bool:
    """Whether everything settles. It is the bot's database that tells, so it can only be looked at."""
    seen: list[Book] = []
    changed_at = time.monotonic()
    while time.monotonic() < changed_at + STILL_SECONDS_MAX:
        books = await read_books(plan.database_url)
        if settled(books):
            return True
        if set(books) != set(seen):
            seen, changed_at = books, time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)
    outcome.broken.append(f"not everything was finished, and nothing changed for {STILL_SECONDS_MAX:.0f} s")
    return False


def _fill(
    outcome: Outcome, studio: StudioSandbox, discord: DiscordSandbox, crowd: Crowd, faults: RandomFaults, fleet: Fleet,
    books: list[Book],
) -> None:  # fmt: skip
    posts = [post for post in studio.records.posts if post.body is not None]
    posted = closings(discord)
    outcome.asked, outcome.acknowledged, outcome.cancels = len(crowd.asked), len(crowd.acknowledged()), crowd.cancels
    outcome.states = Counter(book.state.value for book in books)
    outcome.posts, outcome.generations = len(posts), len(studio.records.accepted_posts())
    outcome.answers_lost = sum(1 for post in posts if post.job_ids and post.status != 200)
    outcome.posts_in_an_hour = studio.records.posts_in_any_hour_max()
    outcome.posts_allowed = studio.posts_per_hour or 0
    outcome.closings, outcome.with_a_file = len(posted), sum(1 for fact in posted if fact.attachments)
    outcome.charged, outcome.ledger = studio.records.charged(), sum(book.charged for book in books)
    outcome.at_provider, outcome.at_discord = faults.at_provider(), dict(sorted(faults.at_discord.items()))
    outcome.kills, outcome.ends = dict(sorted(fleet.kills.items())), fleet.ends
