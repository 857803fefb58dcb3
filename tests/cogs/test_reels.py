"""`/reel` and *Add to reel* as members use them."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.reels import Reel, ReelClip, ReelPart
from bot.storage import reel_parts, reels
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from sandbox.discord.walk import walk
from tests.cogs.results import posted_video
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.support.stage import StageBot, button, make_services, running, words


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as bot:
        yield bot


async def only_reel(bot: StageBot) -> Reel:
    [reel] = await bot.services.database.read(reels.of_guild, FILM_CLUB_ID, 10)
    return reel


async def parts_of(bot: StageBot, reel: Reel) -> list[ReelPart]:
    return await bot.services.database.read(reel_parts.of_reel, reel.id)


async def new_reel(person: Persona, title: str = "The lighthouse", channel: str = "videos") -> Message:
    """Make a reel and return its panel."""
    panel = await (await person.slash("/reel new", channel, title=title)).wait_message()
    assert panel.visible_to is None
    return panel


def control(message: Message, action: str) -> str:
    """Return the one custom id of an action about reels."""
    found = [str(c["custom_id"]) for _, c in walk(message.components) if f":{action}:" in str(c.get("custom_id", ""))]
    assert len(found) == 1, f"{len(found)} controls for {action} in {message.components}"
    return found[0]


async def add(person: Persona, video: Message) -> Message:
    """Press *Add to reel* below a video, and return the private answer."""
    answer = await (await person.press(video, button(video, "Add to reel"))).wait_message()
    assert answer.visible_to == person.id
    return answer


async def test_a_video_goes_into_the_one_reel_and_out_again(
    sandbox: DiscordSandbox, bot: StageBot, mia: Persona, noah: Persona
) -> None:
    panel = await new_reel(mia)
    assert "Nothing is in this reel yet" in words(panel)
    video = await posted_video(bot, noah, sandbox)
    answer = await add(noah, video)
    assert "Added to **The lighthouse** as number 1." in words(answer)
    await sandbox.wait_for(lambda: "a fox in the snow" in words(panel))
    reel = await only_reel(bot)
    [clip] = await parts_of(bot, reel)
    assert isinstance(clip, ReelClip)
    assert (clip.maker_id, clip.added_by) == (noah.id, noah.id)
    await noah.press(answer, button(answer, "Undo"))
    await sandbox.wait_for(lambda: "Taken out again" in words(answer))
    assert await parts_of(bot, reel) == []
    await sandbox.wait_for(lambda: "Nothing is in this reel yet" in words(panel))


async def test_without_a_reel_the_button_asks_for_the_title_of_one(
    sandbox: DiscordSandbox, bot: StageBot, mia: Persona
) -> None:
    video = await posted_video(bot, mia, sandbox)
    asked = await mia.press(video, button(video, "Add to reel"))
    await asked.wait_modal()
    panel = await (await mia.submit(asked, title="Foxes")).wait_message()
    assert panel.visible_to is None
    assert "🎞️ Foxes" in words(panel)
    assert "a fox in the snow" in words(panel)
    assert len(await parts_of(bot, await only_reel(bot))) == 1


async def test_with_several_reels_the_button_asks_which(sandbox: DiscordSandbox, bot: StageBot, mia: Persona) -> None:
    first = await new_reel(mia, "First")
    await new_reel(mia, "Second")
    video = await posted_video(bot, mia, sandbox)
    question = await add(mia, video)
    select = control(question, "add")
    [component] = [c for _, c in walk(question.components) if c.get("custom_id") == select]
    assert [option["label"] for option in component["options"]] == ["Second", "First", "A new reel…"]
    await mia.select(question, select, component["options"][1]["value"])
    await sandbox.wait_for(lambda: "Added to **First**" in words(question))
    await sandbox.wait_for(lambda: "a fox in the snow" in words(first))
