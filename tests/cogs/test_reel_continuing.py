"""*Continue the reel*: from its last clip to a video that is added by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.reels import ClipCondition, ReelClip
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Persona
from tests.cogs.reel_desk import Desk
from tests.cogs.results import posted_video
from tests.cogs.test_continuing import latest, lay_down, shown, write
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.support.stage import StageBot, button, make_services, running, words


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as bot:
        yield bot


@pytest.fixture
async def desk(sandbox: DiscordSandbox, bot: StageBot, mia: Persona, tmp_path: Path) -> Desk:
    """Mia's reel of one clip, whose last picture shows the number 23."""
    desk = await Desk.of_new_reel(sandbox, bot, mia)
    await desk.fill(mia, "a fox")
    lay_down(bot, (await latest(bot)).id, tmp_path)
    return desk


async def conditions(desk: Desk) -> list[ClipCondition]:
    return [part.condition for part in await desk.parts() if isinstance(part, ReelClip)]


async def test_the_reel_is_continued_from_its_last_clip_and_the_result_is_added(desk: Desk, noah: Persona) -> None:
    parent = await latest(desk.bot)
    pressed = await noah.press(desk.panel, button(desk.panel, "Continue the reel"))
    preview = await pressed.wait_message()
    assert preview.visible_to == noah.id
    assert shown(preview) == 23
    card = await (await write(noah, preview, "it begins to rain")).wait_message()
    assert card.visible_to is None
    await desk.shows("it begins to rain", "is being made", "1 video is still being made")
    job = await latest(desk.bot)
    assert job.parent_id == parent.id
    assert await desk.order() == ["a fox", "it begins to rain"]
    assert await conditions(desk) == [ClipCondition.READY, ClipCondition.COMING]
    refused = await (await noah.press(desk.panel, button(desk.panel, "Continue the reel"))).wait_message()
    assert "is still being made" in words(refused)
    await posted_video(desk.bot, noah, desk.sandbox, job=job)
    assert await conditions(desk) == [ClipCondition.READY, ClipCondition.READY]


async def test_a_reel_that_was_closed_meanwhile_is_not_continued(desk: Desk, mia: Persona, noah: Persona) -> None:
    preview = await (await noah.press(desk.panel, button(desk.panel, "Continue the reel"))).wait_message()
    card = await desk.options(mia)
    await card.choose("access", "closed")
    refused = await (await write(noah, preview, "it begins to rain")).wait_message()
    assert "closed: it takes no more clips" in words(refused)
    assert await desk.order() == ["a fox"]
    assert (await latest(desk.bot)).parent_id is None


async def test_a_film_without_what_is_still_being_made_is_asked_about(desk: Desk, mia: Persona) -> None:
    preview = await (await mia.press(desk.panel, button(desk.panel, "Continue the reel"))).wait_message()
    await (await write(mia, preview, "it begins to rain")).wait_message()
    await desk.shows("is being made")
    question = await (await mia.press(desk.panel, button(desk.panel, "Make the film"))).wait_message()
    assert "1 video of this reel is still being made" in words(question)
    await mia.press(question, button(question, "Make the film without them"))
    await desk.sandbox.wait_for(lambda: "The film of **The lighthouse** is made now" in words(question))
    await desk.shows("🎬 Its film is about to be made.")
