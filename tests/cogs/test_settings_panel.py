"""`/settings`: what the panel shows, who may use it, and what its settings do to requests."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.guild_settings import GuildSetting, GuildSettings
from bot.storage.database import Database
from sandbox.discord import ClientRefused, DiscordSandbox, Persona
from sandbox.discord.default_world import (
    ADA_ID,
    FILM_CLUB_ID,
    GENERAL_ID,
    MODERATOR_ROLE_ID,
    PATRON_ROLE_ID,
    STAFF_ID,
    VIDEOS_ID,
)
from tests.cogs.conversation import newest, told
from tests.cogs.panel import open_panel
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.support.stage import StageBot, make_services, running, words


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as bot:
        yield bot


async def settings_of(bot: StageBot) -> GuildSettings:
    return await bot.services.guild_settings.of(FILM_CLUB_ID)


async def test_the_overview_shows_what_is_in_force_and_who_changed_it(sandbox: DiscordSandbox, ada: Persona) -> None:
    panel = await open_panel(sandbox, ada)
    assert "**Default model**: none, members choose\n-# The default: nobody changed it." in panel.words
    await panel.turn("models")
    await panel.choose(":default_model:", VEO_FAST.slug)
    assert f"✅ Default model: {VEO_FAST.name}" in panel.words
    await panel.turn("overview")
    assert f"**Default model**: {VEO_FAST.name}\n-# Changed by <@{ADA_ID}> <t:" in panel.words
    assert f"Default model: none, members choose → {VEO_FAST.name}" in await told(ada, "/quota show")


async def test_members_are_not_offered_the_panel_and_refused_on_the_bots_side_too(mia: Persona, bot: StageBot) -> None:
    with pytest.raises(ClientRefused):
        await mia.slash("/settings", "general")
    for command in bot.tree.get_commands():
        if command.name == "settings":
            command.default_permissions = None  # as when an administrator opened it to everybody
    await bot.tree.sync()
    assert "Manage Server" in await told(mia, "/settings")


async def test_a_moderator_who_lost_the_right_is_refused_and_changes_nothing(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "models")
    shown = panel.words
    sandbox.world.guilds[FILM_CLUB_ID].members[ADA_ID].role_ids.remove(MODERATOR_ROLE_ID)
    for pressed in (
        await ada.select(panel.message, panel.custom_id(":default_model:"), VEO_FAST.slug),
        await ada.select(panel.message, panel.custom_id(":turn:"), "access"),
    ):
        refusal = await pressed.wait_message()
        assert "Manage Server" in words(refusal)
        assert refusal.visible_to == ADA_ID
    assert panel.words == shown
    assert await settings_of(bot) == GuildSettings()


async def test_of_two_moderators_the_one_with_the_stale_panel_sees_what_holds_instead(
    sandbox: DiscordSandbox, ada: Persona, omar: Persona, bot: StageBot
) -> None:
    stale, other = await open_panel(sandbox, ada, "access"), await open_panel(sandbox, omar, "access")
    await other.choose(":allowed_roles:", PATRON_ROLE_ID)
    await stale.choose(":allowed_roles:", MODERATOR_ROLE_ID)
    assert "Somebody changed this setting" in stale.words
    assert f"**Allowed roles**: <@&{PATRON_ROLE_ID}>" in stale.words
    assert (await settings_of(bot)).allowed_roles == {PATRON_ROLE_ID}
    # Another setting of the same page is as it was shown, and the redrawn select can be used.
    await stale.choose(":allowed_channels:", VIDEOS_ID)
    await stale.choose(":allowed_roles:", PATRON_ROLE_ID, MODERATOR_ROLE_ID)
    assert (await settings_of(bot)).allowed_roles == {PATRON_ROLE_ID, MODERATOR_ROLE_ID}


async def test_a_panel_still_works_after_a_restart(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot, sqlite_database: Database
) -> None:
    panel = await open_panel(sandbox, ada, "models")
    await bot.close()
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as another:
        await panel.choose(":default_model:", KLING.slug)
        assert (await settings_of(another)).default_model == KLING.slug


async def test_a_model_that_is_not_allowed_is_refused_whichever_way_it_is_asked_for(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    card = await (await mia.slash("/veo fast", "general", prompt="a fox")).wait_message()
    [job] = await newest(bot)
    panel = await open_panel(sandbox, ada, "models")
    assert "**Allowed models**: all models, new ones too" in panel.words
    await panel.choose(":allowed_models:", KLING.slug)
    assert f"**Allowed models**: {KLING.name}" in panel.words
    refusal = await told(mia, "/veo fast", prompt="a fox")
    assert f"**{VEO_FAST.name}** may not be used here." in refusal
    assert "Nothing was charged." in refusal
    pressed = await bot_press_again(sandbox, mia, card.id, job.id)
    assert "may not be used here" in pressed
    await panel.choose(":allowed_models:")
    assert "at least one has to stay" in panel.words
    await panel.press("Allow all models")
    assert "held" in await told(mia, "/veo fast", prompt="a fox")


async def bot_press_again(sandbox: DiscordSandbox, person: Persona, message_id: int, job_id: str) -> str:
    """Press *Again* on a message that gets such a button, as a closing message has it."""
    message = sandbox.world.channels[GENERAL_ID].messages[message_id]
    message.components = [
        {"type": 1, "id": 90, "components": [{"type": 2, "id": 91, "style": 1, "custom_id": f"reel:again:{job_id}"}]}
    ]
    return words(await (await person.press(message, f"reel:again:{job_id}")).wait_message())


async def test_videos_are_asked_for_in_the_allowed_channels_and_their_threads(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "access")
    await panel.choose(":allowed_channels:", VIDEOS_ID, STAFF_ID)
    refusal = await told(mia, "/veo fast", prompt="a fox")
    # Mia does not see #staff, so it is not named.
    assert f"Please ask in <#{VIDEOS_ID}>." in refusal
    assert "Nothing was charged." in refusal
    answer = await (await mia.slash("/veo fast", "videos", prompt="a fox")).wait_message()
    assert answer.visible_to is None
    thread = (
        await bot.get_partial_messageable(VIDEOS_ID, guild_id=FILM_CLUB_ID)
        .get_partial_message(answer.id)
        .create_thread(name="talk")
    )
    in_thread = await (await mia.slash("/veo fast", thread.id, prompt="a fox")).wait_message()
    assert in_thread.visible_to is None
    assert len(await newest(bot)) == 2


async def test_only_members_with_an_allowed_role_can_ask(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, noah: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "access")
    await panel.choose(":allowed_roles:", PATRON_ROLE_ID)
    assert f"Only members with <@&{PATRON_ROLE_ID}> can ask for videos here." in await told(
        mia, "/veo fast", prompt="x"
    )
    assert "held" in await told(noah, "/veo fast", prompt="a fox")


async def test_deleted_channels_and_roles_are_shown_as_such_and_allow_nothing(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await bot.services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_CHANNELS, [77])
    await bot.services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_ROLES, [78])
    refusal = await told(mia, "/veo fast", prompt="a fox")
    assert "not made in any channel that you see" in refusal
    assert "roles that could ask for videos here are gone" in refusal
    panel = await open_panel(sandbox, ada, "access")
    assert "**Allowed channels**: deleted channel 77" in panel.words
    assert "**Allowed roles**: deleted role 78" in panel.words
    await panel.choose(":allowed_channels:")
    await panel.choose(":allowed_roles:")
    assert "held" in await told(mia, "/veo fast", prompt="a fox")


async def test_a_default_model_that_left_is_told_as_such(sandbox: DiscordSandbox, ada: Persona, bot: StageBot) -> None:
    panel = await open_panel(sandbox, ada, "models")
    await panel.choose(":default_model:", KLING.slug)
    await bot.stage.catalogue.change(VEO_FAST)
    await panel.turn("models")
    assert "the provider does not offer it at the moment, so members choose" in panel.words
    await bot.stage.catalogue.change(VEO_FAST, KLING)
    await panel.turn("models")
    await panel.choose(":allowed_models:", VEO_FAST.slug)
    assert "it is not allowed here, so members choose" in panel.words
    assert [option["value"] for option in panel.component(":default_model:")["options"]] == [VEO_FAST.slug]
    await panel.choose(":default_model:")
    assert (await settings_of(bot)).default_model is None
