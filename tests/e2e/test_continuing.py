"""A clip and its continuation with the real bot as a process: rendered, fetched, decoded; and killed in the middle."""

from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from bot.domain.jobs import Job, JobState
from bot.storage import job_files, jobs
from bot.storage.job_lists import recent
from sandbox.discord import Message
from sandbox.discord.default_world import FILM_CLUB_ID, MIA_ID
from sandbox.discord.people import Invocation
from tests.support.members import KILLED
from tests.support.stack import Stack, stack
from tests.support.stage import button, words

pytestmark = pytest.mark.timeout(200)
ALIKE = 3.0
"""Mean difference of two pictures' pixels, of 255, that two encodings of the same picture stay below."""


@pytest.fixture
async def reel(database_url: str, tmp_path: Path) -> AsyncIterator[Stack]:
    """Both sandboxes with small clips that are really rendered."""
    async with stack(database_url, tmp_path, render=True, short_side_max=144) as built:
        yield built


async def video_of(reel: Stack, prompt: str) -> Message:
    """Return the closing message of a new video of Mia's."""
    mia = reel.discord.persona("mia")
    await (await mia.slash("veo fast", "videos", prompt=prompt)).wait_message()
    return await closing(reel, prompt)


async def closing(reel: Stack, prompt: str) -> Message:
    """Wait for the closing message with a prompt, and return it."""

    def posted() -> Message | None:
        mia = reel.discord.persona("mia")
        return next((one for one in mia.read("videos") if one.attachments and prompt in one.content), None)

    return await reel.until(posted, reel.bots[-1])


async def continue_it(reel: Stack, video: Message, prompt: str) -> Invocation:
    """Press Continue, write the prompt, and send it."""
    noah = reel.discord.persona("noah")
    pressed = await noah.press(video, button(video, "Continue"))
    preview = await reel.until(lambda: next((one for one in pressed.messages if not one.is_loading), None))
    asking = await noah.press(preview, button(preview, "Write"))
    await asking.wait_modal()
    return await noah.submit(asking, prompt=prompt)


def pictures(message: Message) -> list[Image.Image]:
    """Return the first and the last picture of a video."""
    [file] = message.attachments
    with av.open(str(file.path)) as container:
        frames = [frame for frame in container.decode(video=0) if isinstance(frame, av.VideoFrame)]
    return [frame.to_image() for frame in (frames[0], frames[-1])]  # type: ignore[no-untyped-call]  # PyAV leaves it untyped


def difference(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


async def newest(reel: Stack) -> Job:
    [job] = await reel.read(recent, FILM_CLUB_ID, member_id=None, active_only=False, skipped=0, limit=1)
    return job


async def test_a_continuation_begins_as_its_parent_ends(reel: Stack) -> None:
    await reel.start_bot()
    parent = await video_of(reel, "a lighthouse at dusk")
    await continue_it(reel, parent, "the storm comes")
    child = await closing(reel, "the storm comes")
    assert f"Continues a clip by <@{MIA_ID}>: https://discord.com/channels/" in words(child)
    assert f"/{parent.channel_id}/{parent.id}" in words(child)
    (first, last), (begin, _) = pictures(parent), pictures(child)
    assert difference(last, begin) < ALIKE < difference(first, begin)
    post = reel.studio.records.posts[-1].body
    assert post is not None
    [address] = post["input_image_urls"]
    assert "/attachments/" in address, "the public card's file, which lives as long as the card"
    job = await newest(reel)
    assert await reel.read(job_files.of_job, job.id) == ()
    card = next(one for one in reel.posted() if any(name in address for name in one.attachments))
    await reel.until(lambda: card.deleted_at is not None, reel.bots[-1])
    # The frame is gone with the card, and so Again takes it anew.
    before = len(reel.studio.records.posts)
    await reel.discord.persona("mia").press(child, button(child, "Again"))
    await reel.until(lambda: len(reel.studio.records.posts) > before, reel.bots[-1])
    again = reel.studio.records.posts[-1].body
    assert again is not None
    assert again["input_image_urls"] != [address]
    assert reel.discord.record.violations() == []


@pytest.mark.parametrize(
    "point", ["admission.before_commit", "admission.after_commit", "answer.after_post", "submit.after_files"]
)
async def test_a_kill_between_acceptance_and_card_loses_no_frame(tmp_path: Path, point: str) -> None:
    async with stack(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path, render=True, short_side_max=144) as reel:
        first = await reel.start_bot()
        parent = await video_of(reel, "a lighthouse at dusk")
        await first.stop()
        bot = await reel.start_bot(crash_at=point)
        await continue_it(reel, parent, "the storm comes")
        assert await bot.wait() == KILLED
        again = await reel.start_bot()
        if point == "admission.before_commit":
            assert (await newest(reel)).state is JobState.SUCCEEDED, "never accepted, never promised"
            return
        child = await closing(reel, "the storm comes")
        assert difference(pictures(parent)[1], pictures(child)[0]) < ALIKE
        job = await newest(reel)
        assert (await reel.read(jobs.find, job.id) or job).state is JobState.SUCCEEDED
        assert len([post for post in reel.studio.records.posts if post.body and "input_image_urls" in post.body]) == 1
        await reel.until(
            lambda: (
                [one.id for one in reel.discord.persona("mia").read("videos") if one.components]
                == [parent.id, child.id]
            ),
            again,
        )


async def test_the_providers_own_last_frame_is_used_where_the_member_asked_for_it(tmp_path: Path) -> None:
    async with stack(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path, render=True, short_side_max=144) as reel:
        await reel.start_bot()
        mia = reel.discord.persona("mia")
        asked = await mia.slash("seedance 2", "videos", prompt="a lighthouse", return_last_frame=True)
        await asked.wait_message()
        parent = await closing(reel, "a lighthouse")
        await continue_it(reel, parent, "the storm comes")
        child = await closing(reel, "the storm comes")
        assert difference(pictures(parent)[1], pictures(child)[0]) < ALIKE
        post = reel.studio.records.posts[-1].body
        assert post is not None
        assert ".png?" in post["first_frame_url"], "the bot's own would be a JPEG"
        assert post["aspect_ratio"] == reel.studio.records.posts[-2].body["aspect_ratio"]
