"""Models that the owner keeps to age-restricted channels, and the owner's word list."""

import discord
import pytest
from sqlalchemy import Connection

from bot.domain.moderation import ALL_GUILDS
from bot.storage import audit
from sandbox.discord import DiscordSandbox, LocalFile, Persona
from sandbox.discord.default_world import OMAR_ID, VIDEOS_ID
from tests.cogs.conversation import answered, newest, told
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.stage import StageBot, becomes, words


async def restrict(sandbox: DiscordSandbox, bot: StageBot, channel_id: int) -> None:
    """Make a channel age-restricted, as a moderator does, and wait until the bot has heard of it."""
    sandbox.controls.set_age_restricted(channel_id, True)

    async def heard() -> bool:
        return bool(getattr(bot.get_channel(channel_id), "nsfw", False))

    await becomes(heard)


@pytest.fixture
async def marked(omar: Persona, bot: StageBot) -> None:
    said = await told(omar, "/owner age_restricted", model="Veo 3.1 Fast")
    assert said == "**Veo 3.1 Fast** can be used in age-restricted channels and the threads under them only."


async def ask(person: Persona, channel: str | int, command: str = "/veo fast") -> str:
    return words(await (await person.slash(command, channel, prompt="a fox")).wait_message())


async def test_a_marked_model_is_refused_everywhere_but_in_age_restricted_channels(
    sandbox: DiscordSandbox, mia: Persona, omar: Persona, bot: StageBot, marked: None
) -> None:
    said = await ask(mia, "videos")
    assert "This model can be used in age-restricted channels only" in said
    assert "Nothing was charged." in said
    assert await newest(bot) == []
    await restrict(sandbox, bot, VIDEOS_ID)
    assert "held" in await ask(mia, "videos")
    assert "age-restricted channels only" in await ask(mia, "general")
    assert await told(omar, "/owner age_restricted") == (
        "Only in age-restricted channels and the threads under them:\n- Veo 3.1 Fast"
    )
    assert "in every channel" in await told(omar, "/owner age_restricted", model=VEO_FAST.slug, lift=True)
    assert "held" in await ask(mia, "general")
    done = await bot.stage.database.read(_actions)
    assert done == [(OMAR_ID, False), (OMAR_ID, True)]


def _actions(conn: Connection) -> list[tuple[int, object]]:
    return [(one.actor_id, one.data["on"]) for one in audit.latest(conn, ALL_GUILDS, 10)]


async def test_a_thread_is_what_its_channel_is(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, marked: None
) -> None:
    channel = bot.get_channel(VIDEOS_ID)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="a thread", type=discord.ChannelType.public_thread)
    assert "age-restricted channels only" in await ask(mia, thread.id)
    await restrict(sandbox, bot, VIDEOS_ID)
    assert "held" in await ask(mia, thread.id)


async def test_a_marked_model_is_not_proposed_where_it_may_not_be_used(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, marked: None
) -> None:
    assert await mia.autocomplete("/video", "videos", focused="model", prompt="a fox", model="") == []
    assert "no model" in (await ask(mia, "videos", "/video")).lower()
    await restrict(sandbox, bot, VIDEOS_ID)
    [choice] = await mia.autocomplete("/video", "videos", focused="model", prompt="a fox", model="")
    assert choice["value"] == VEO_FAST.slug
    assert "held" in await ask(mia, "videos", "/video")


async def test_only_owners_mark_models_and_see_the_list_for_all_servers(
    ada: Persona, omar: Persona, mia: Persona, bot: StageBot
) -> None:
    assert "no model, or several" in await told(omar, "/owner age_restricted", model="Nothing")
    assert await told(omar, "/owner words", add="zombie") == "✅ Added to the list: 1."
    assert "On the list before: 1." in await told(omar, "/owner words", add="zombie")
    assert "This would be stopped: `a zombie`" in await told(omar, "/owner words", text="a zombie")
    assert "The owner's list would not be stopped" not in await told(omar, "/owner words", text="a fox")
    assert "against the rules" in await told(mia, "/veo fast", prompt="a z o m b i e")
    added = await told(omar, "/owner words", file=LocalFile("words.txt", b"ghost\nghoul\n"))
    assert added == "✅ Added to the list: 2."
    [choice] = await omar.autocomplete("/owner words", "general", focused="remove", remove="ghou")
    assert await told(omar, "/owner words", remove=choice["value"]) == "✅ Removed from the list: 1."
    listed = await answered(omar, "/owner words")
    assert "The list for all servers: 2 of 5,000 entries." in words(listed)
    assert listed.attachments[0].path.read_text().splitlines() == ["zombie", "ghost"]
