"""`/settings`: what the panel shows, who may use it, and what its settings do to requests."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.guild_settings import GuildSetting, GuildSettings
from bot.engine.guild_channels import lose_channel
from bot.storage.database import Database
from sandbox.discord import ClientRefused, DiscordSandbox, Message, Permission, Persona
from sandbox.discord.default_world import (
    ADA_ID,
    FILM_CLUB_ID,
    GENERAL_ID,
    MODERATOR_ROLE_ID,
    OMAR_ID,
    PATRON_ROLE_ID,
    STAFF_ID,
    VIDEOS_ID,
)
from sandbox.discord.model import Overwrite
from tests.cogs.conversation import newest, told
from tests.cogs.panel import open_panel
from tests.discord_ui.catalogues import KLING, VEO_FAST, awkward, plain
from tests.support.stage import StageBot, button, make_services, running, words


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as bot:
        yield bot


async def settings_of(bot: StageBot) -> GuildSettings:
    return await bot.services.guild_settings.of(FILM_CLUB_ID)


async def test_the_overview_shows_what_is_in_force_and_who_changed_it(sandbox: DiscordSandbox, ada: Persona) -> None:
    panel = await open_panel(sandbox, ada)
    assert "\nDefault model: none, members choose\n" in panel.words
    await panel.turn("models")
    await panel.choose(":default_model:", VEO_FAST.slug)
    assert f"✅ Default model: {VEO_FAST.name}" in panel.words
    await panel.turn("overview")
    assert f"**Default model: {VEO_FAST.name}**\n-# Changed by <@{ADA_ID}> <t:" in panel.words
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
    with_buttons(card, job.id)
    pressed = await mia.press(card, f"reel:again:{job.id}")
    assert "may not be used here" in words(await pressed.wait_message())
    with_buttons(card, job.id)
    edit = await mia.press(card, f"reel:edit:{job.id}")
    assert "may not be used here" in words(await edit.wait_message()), "before anything is typed"
    shown = await told(mia, "/models")
    assert "1 other model may not be used in this server." in shown
    assert VEO_FAST.name not in shown
    await panel.choose(":allowed_models:")
    assert "at least one has to stay" in panel.words
    await panel.press("Allow all models")
    assert "held" in await told(mia, "/veo fast", prompt="a fox")


def with_buttons(message: Message, job_id: str) -> None:
    """Give a message the buttons of a closing message."""
    buttons = [
        {"type": 2, "id": 91 + number, "style": 1, "label": action, "custom_id": f"reel:{action}:{job_id}"}
        for number, action in enumerate(("again", "edit"))
    ]
    message.components = [{"type": 1, "id": 90, "components": buttons}]


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


async def test_buttons_of_results_work_in_the_results_channel_too(mia: Persona, noah: Persona, bot: StageBot) -> None:
    card = await (await mia.slash("/veo fast", "general", prompt="a fox")).wait_message()
    [job] = await newest(bot)
    settings = bot.services.guild_settings
    await settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_CHANNELS, [VIDEOS_ID])
    for person, results_id, expected in ((mia, None, "Please ask in"), (noah, GENERAL_ID, "held")):
        await settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.RESULTS_CHANNEL, results_id)
        assert "Please ask in" in await told(mia, "/veo fast", prompt="a fox"), "by a command in any case"
        with_buttons(card, job.id)
        again = await person.press(card, f"reel:again:{job.id}")
        assert expected in words(await again.wait_message())


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


async def test_the_prices_are_those_of_quota_set_and_each_says_who_changed_it(
    sandbox: DiscordSandbox, ada: Persona, omar: Persona, bot: StageBot
) -> None:
    await told(omar, "/quota set price_max", amount="500")
    panel = await open_panel(sandbox, ada, "prices")
    assert (
        f"**Highest price of one request**: 500 credits\nA dearer request is refused.\n-# Changed by <@{OMAR_ID}>"
        in (panel.words)
    )
    await panel.fill_in("Change the highest price", amount="99")
    assert "✅ Highest price of one request: 99 credits" in panel.words
    assert "Highest price of one request: 99 credits" in await told(ada, "/quota show")
    await panel.fill_in("Change the highest price", amount="lots")
    assert "whole number" in panel.words
    await panel.turn("overview")
    assert f"**Highest price of one request: 99 credits**\n-# Changed by <@{ADA_ID}>" in panel.words


async def test_approvals_need_a_channel_in_which_the_bot_may_post(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "prices")
    await panel.fill_in("Change the price that is approved", amount="80")
    assert "Name the channel in which moderators are asked." in panel.words
    await panel.choose(":approval_channel_id:", STAFF_ID)
    assert f"I need the permissions **View Channel** and **Send Messages** in <#{STAFF_ID}> first" in panel.words
    await panel.choose(":approval_channel_id:", GENERAL_ID)
    await panel.fill_in("Change the price that is approved", amount="80")
    rules, _ = await bot.services.credits.rule_changes(FILM_CLUB_ID, ())
    assert (rules.approval_above, rules.approval_channel_id) == (80, GENERAL_ID)
    await panel.choose(":approval_channel_id:")
    assert "Name the channel in which moderators are asked." in panel.words


async def test_when_members_are_asked_is_chosen_in_words(ada: Persona, sandbox: DiscordSandbox, bot: StageBot) -> None:
    panel = await open_panel(sandbox, ada, "prices")
    assert "**Members confirm first**: prices above half of what they have left" in panel.words
    await panel.fill_in("Change when members are asked", amount="never")
    assert "✅ Members confirm first: nothing" in panel.words
    await panel.fill_in("Change when members are asked", amount="50")
    assert "✅ Members confirm first: prices above 50 credits" in panel.words


async def test_a_price_that_somebody_else_changed_meanwhile_is_not_overwritten(
    sandbox: DiscordSandbox, ada: Persona, omar: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "prices")
    asked = await ada.press(panel.message, button(panel.message, "Change the highest price"))
    await asked.wait_modal()
    await told(omar, "/quota set price_max", amount="500")
    drawn = panel.words
    await ada.submit(asked, amount="5")
    await sandbox.wait_for(lambda: panel.words != drawn)
    assert "Somebody changed this setting" in panel.words
    assert "**Highest price of one request**: 500 credits" in panel.words


@pytest.mark.parametrize(
    ("right", "refused"),
    [
        ("everybody", {}),
        ("requester", {"noah": "Only the member who asked for this video, or a moderator"}),
        ("moderators", {"noah": "Only moderators can do that here", "mia": "Only moderators can do that here"}),
    ],
)
async def test_again_and_edit_are_for_those_whom_the_server_names(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot, right: str, refused: dict[str, str]
) -> None:
    card = await (await mia.slash("/veo fast", "general", prompt="a fox")).wait_message()
    [job] = await newest(bot)
    panel = await open_panel(sandbox, ada, "results")
    await panel.choose(":again_and_edit:", right)
    for name in ("noah", "mia", "ada"):
        person = sandbox.persona(name)
        with_buttons(card, job.id)
        again = await (await person.press(card, f"reel:again:{job.id}")).wait_message()
        assert refused.get(name, "held") in words(again), (right, name)
        with_buttons(card, job.id)
        edit = await person.press(card, f"reel:edit:{job.id}")
        if name in refused:
            assert refused[name] in words(await edit.wait_message())
        else:
            await edit.wait_modal()


async def test_a_results_channel_is_taken_only_where_the_bot_may_post_videos(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "results")
    assert "**Results channel**: where they are asked for" in panel.words
    me = sandbox.world.bot.id
    denied = Overwrite(me, is_member=True, deny=int(Permission.ATTACH_FILES))
    sandbox.world.channels[VIDEOS_ID].overwrites[me] = denied
    sandbox.core.channel_changed("CHANNEL_UPDATE", sandbox.world.channels[VIDEOS_ID])
    await panel.choose(":results_channel:", VIDEOS_ID)
    assert f"I need the permission **Attach Files** in <#{VIDEOS_ID}> first" in panel.words
    await panel.choose(":results_channel:", GENERAL_ID)
    assert (await settings_of(bot)).results_channel == GENERAL_ID


async def test_the_log_channel_is_chosen_like_any_other(sandbox: DiscordSandbox, ada: Persona, bot: StageBot) -> None:
    panel = await open_panel(sandbox, ada, "records")
    await panel.choose(":log_channel:", STAFF_ID)
    assert f"I need the permissions **View Channel** and **Send Messages** in <#{STAFF_ID}> first" in panel.words
    await panel.choose(":log_channel:", GENERAL_ID)
    assert f"✅ Log channel: <#{GENERAL_ID}>" in panel.words
    await panel.choose(":log_channel:")
    assert "**Log channel**: not set" in panel.words
    assert (await settings_of(bot)).log_channel is None


async def test_the_panel_tells_of_a_lost_channel_until_another_is_chosen(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    settings, results = bot.services.guild_settings, GuildSetting.RESULTS_CHANNEL
    await settings.change(FILM_CLUB_ID, ADA_ID, results, VIDEOS_ID)
    await bot.services.database.write(lose_channel, FILM_CLUB_ID, results, VIDEOS_ID, bot.services.clock())
    panel = await open_panel(sandbox, ada)
    assert f"I could not post in <#{VIDEOS_ID}> any more" in panel.words
    assert "**Results channel: where they are asked for**\n-# Changed by the bot <t:" in panel.words
    assert f"the bot Results channel: <#{VIDEOS_ID}> → where they are asked for" in await told(ada, "/quota show")
    await panel.turn("results")
    await panel.choose(":results_channel:", GENERAL_ID)
    assert "any more" not in panel.words


@pytest.mark.parametrize("setting", ["allowed_roles", "allowed_channels", "allowed_models"])
async def test_what_is_stored_and_not_understood_allows_nothing_until_it_is_chosen_again(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot, setting: str
) -> None:
    statement = text(
        "INSERT INTO guild_settings (guild_id, name, value, changed_at, actor_id) VALUES (:guild, :name, :value, 0, 1)"
    )
    row = {"guild": FILM_CLUB_ID, "name": setting, "value": '{"of": "tomorrow"}'}
    await bot.services.database.write(lambda conn: conn.execute(statement, row))
    refusal = await told(mia, "/veo fast", prompt="a fox")
    assert "I cannot read this server's settings" in refusal
    assert "Nothing was charged." in refusal
    panel = await open_panel(sandbox, ada, "models" if setting == "allowed_models" else "access")
    chosen = {"allowed_roles": MODERATOR_ROLE_ID, "allowed_channels": GENERAL_ID, "allowed_models": VEO_FAST.slug}
    await panel.choose(f":{setting}:", chosen[setting])
    assert "✅" in panel.words
    assert "held" in await told(ada, "/veo fast", prompt="a fox")


# A hundred such models in ten languages are more than a megabyte of commands, and aiohttp says so.
@pytest.mark.filterwarnings("ignore:Sending a large body directly:ResourceWarning")
async def test_a_hundred_awkward_models_fit_the_panel(sandbox: DiscordSandbox, ada: Persona, bot: StageBot) -> None:
    many = [plain(f"model_{n:03}", f"Model {n:03} {'*long name* ' * 9}", "Model") for n in range(120)]
    await bot.stage.catalogue.change(*many, replace(many[0], slug="x" * 150, name="Beyond every limit"), *awkward())
    panel = await open_panel(sandbox, ada, "models")
    assert "81 more models do not fit on this page." in panel.words
    await panel.choose(":allowed_models:0.", "4k")
    allowed = (await settings_of(bot)).allowed_models
    assert allowed is not None
    assert "x" * 150 in allowed, "what was not offered stays as it was"
    await panel.turn("overview")
    assert "more" in panel.words


async def test_the_page_about_models_names_what_the_owner_keeps_to_age_restricted_channels(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    await bot.services.age_restriction.change(KLING.slug, OMAR_ID, on=True)
    panel = await open_panel(sandbox, ada)
    assert f"\nAge-restricted models: {KLING.name}\n" in panel.words
    await panel.turn("models")
    assert f"**Age-restricted models**: {KLING.name}\n" in panel.words
    assert "The bot's owner chooses them." in panel.words


async def test_an_unforeseen_error_gives_a_code_beside_the_panel_which_stays(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("unforeseen")

    panel = await open_panel(sandbox, ada, "models")
    shown = panel.words
    monkeypatch.setattr(bot.services.guild_settings, "change", fail)
    pressed = await ada.select(panel.message, panel.custom_id(":default_model:"), VEO_FAST.slug)
    await sandbox.wait_for(lambda: bool(pressed.messages))
    assert "The owner can look up `" in words(pressed.messages[-1])
    assert panel.words == shown


async def test_the_retention_is_the_owners_or_less(sandbox: DiscordSandbox, ada: Persona, bot: StageBot) -> None:
    panel = await open_panel(sandbox, ada, "records")
    assert "**Retention**: 90 days, as the bot's owner set it" in panel.words
    offered = [option["value"] for option in panel.component(":retention_days:")["options"]]
    assert offered == ["owner", "7", "14", "30", "60", "90"]
    await panel.choose(":retention_days:", "30")
    assert "✅ Retention: 30 days" in panel.words
    # The owner set 90 days after a moderator had chosen more.
    await bot.services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.RETENTION_DAYS, 365)
    await panel.turn("records")
    assert "**Retention**: 90 days, as the bot's owner set it" in panel.words
    await panel.choose(":retention_days:", "owner")
    assert (await settings_of(bot)).retention_days is None
