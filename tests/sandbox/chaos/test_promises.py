"""The reckoning finds what it is there to find: each promise is broken on purpose, in both sandboxes' records."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest

from bot.domain.jobs import JobState
from sandbox.chaos.past import full_hour, give_history, give_posts
from sandbox.chaos.promises import Book, broken, settled
from sandbox.discord import DiscordSandbox
from sandbox.studio import StudioSandbox
from sandbox.studio.rate_limit import RateLimit

PROMPT = "a fox number 1"


@dataclass
class World:
    """One request that went well, as everybody recorded it."""

    studio: StudioSandbox
    discord: DiscordSandbox
    book: Book

    def problems(self, *books: Book) -> str:
        return "; ".join(broken(self.studio, self.discord, books or [self.book], {self.book.interaction_id}))

    async def generate(self) -> str:
        """Pay for one generation; the provider's id of it."""
        url = f"{self.studio.base_url}/api/v1/video-studio/generate/"
        headers = {"Authorization": f"Bearer {self.studio.api_key}"}
        body = {"model_slug": "veo31_fast", "prompt": PROMPT}
        async with aiohttp.ClientSession(headers=headers) as session, session.post(url, json=body) as answer:
            return str((await answer.json())["job_ids"][0])

    async def close(self, nonce: str) -> None:
        """Post a closing message, or with the mark of one a card, as the bot does."""
        channel = self.discord.world.find_channel("Film Club/videos")
        mia = self.discord.persona("mia")
        body = {"content": f"{mia.mention} your video is ready.\n> {PROMPT}", "nonce": nonce}
        url = f"{self.discord.api_base}/channels/{channel.id}/messages"
        headers = {"Authorization": f"Bot {self.discord.token}"}
        async with aiohttp.ClientSession(headers=headers) as session, session.post(url, json=body) as answer:
            assert answer.status == 200


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        studio = await stack.enter_async_context(StudioSandbox(render=False, posts_per_hour=100))
        discord = await stack.enter_async_context(DiscordSandbox())
        give_history(studio)
        book = Book(
            "job1",
            7,
            PROMPT,
            JobState.SUCCEEDED,
            frozenset(),
            0,
            100,
            delivered=True,
            told_by_card=False,
            has_card=False,
        )
        made = World(studio, discord, book)
        made.book = replace(book, remote_ids=frozenset({await made.generate()}))
        await made.close("job1")
        yield made


async def test_where_all_is_well_nothing_is_found(world: World) -> None:
    assert world.problems() == ""
    assert settled([world.book])


async def test_a_second_generation_is_found(world: World) -> None:
    again = await world.generate()
    assert "belongs to 0 jobs" in world.problems()
    both = replace(world.book, remote_ids=world.book.remote_ids | {again}, charged=200)
    assert "was paid 2 times" in world.problems(both)


@pytest.mark.parametrize("nonce", ["job1", "another"])
async def test_a_second_closing_message_is_found_whatever_its_mark(world: World, nonce: str) -> None:
    await world.close(nonce)
    assert "2 closing messages" in world.problems()


async def test_a_request_that_is_not_known_or_not_ended_is_found(world: World) -> None:
    assert "is not known" in world.problems(replace(world.book, interaction_id=8))
    running = replace(world.book, state=JobState.RUNNING)
    assert "is still running" in world.problems(running)
    assert not settled([running])


async def test_a_missing_closing_message_is_found(world: World) -> None:
    other = replace(world.book, job_id="job2", interaction_id=8, remote_ids=frozenset(), charged=0)
    assert "job job2 (succeeded) has 0 closing messages" in world.problems(world.book, other)


async def test_a_card_beside_its_closing_message_is_found(world: World) -> None:
    assert not settled([replace(world.book, has_card=True)])
    await world.close("job1-s")
    assert "1 cards stand for job job1" in world.problems()


async def test_a_card_that_became_the_closing_message_must_stand(world: World) -> None:
    turned = Book(
        "job2", 8, "another", JobState.CANCELLED, frozenset(), 0, 0, delivered=True, told_by_card=True, has_card=False
    )
    assert "0 cards stand for job job2" in world.problems(world.book, turned)


@pytest.mark.parametrize("book", [{"charged": 90}, {"held": 100}])
async def test_a_ledger_that_differs_from_the_provider_is_found(world: World, book: dict[str, Any]) -> None:
    assert "ledger" in world.problems(replace(world.book, **book))


async def test_an_unresolved_job_may_have_been_paid_and_is_not_told_yet(world: World) -> None:
    await world.generate()
    waiting = Book(
        "job2", 8, PROMPT, JobState.UNRESOLVED, frozenset(), 100, 0, delivered=False, told_by_card=False, has_card=True
    )
    assert world.problems(world.book, waiting) == ""
    assert "its hold is 0" in world.problems(world.book, replace(waiting, held=0))


async def test_a_post_too_many_within_an_hour_is_found(world: World) -> None:
    world.studio.records.posts.clear()
    world.studio.rate_limit = RateLimit(100)
    give_posts(world.studio, full_hour(100, world.studio.clock.now() + 60))
    assert "within 60 minutes" not in world.problems()
    world.studio.posts_per_hour = 101
    await world.generate()
    world.studio.posts_per_hour = 100
    assert "101 POSTs within 60 minutes where 100 are allowed" in world.problems()
