"""The language that moderators choose for what everybody in their server reads."""

from dataclasses import replace

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.catalogues import languages, own_names
from bot.discord_ui.language.choice import chosen_language
from bot.discord_ui.language.speaking import ENGLISH
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.discord_ui.views.settings_panel import results
from bot.domain.guild_settings import GuildSetting, GuildSettings, SettingsView
from bot.domain.json_value import JsonValue
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, VIDEOS_ID
from tests.cogs.conversation import told
from tests.cogs.panel import open_panel
from tests.discord_ui.test_delivery import CARD, CLOSING
from tests.support.stage import StageBot, words


async def choose(bot: StageBot, locale: str | None) -> None:
    await bot.services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.LANGUAGE, locale)


async def test_moderators_choose_german_and_everybody_reads_it_while_private_answers_stay_as_they_were(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "results")
    await panel.choose(":language:", "de")
    assert "✅ Language: Deutsch" in panel.words
    card = await (await mia.slash("/veo fast", "videos", prompt="A fox")).wait_message()
    assert card.visible_to is None
    assert "100 Credits" in words(card)
    notifier = DiscordNotifier(bot, bot.mentions, bot.services.guild_settings.of)
    done = await notifier.post_closing(CLOSING, UPLOAD_BYTES_DEFAULT)
    assert "dein Video ist fertig" in words(sandbox.world.channels[VIDEOS_ID].messages[done.message_id])
    answer = await (await mia.slash("/help", "general")).wait_message()
    assert answer.visible_to == MIA_ID
    assert "What it costs" in words(answer)
    assert "Language: as this server has it at Discord → Deutsch" in await told(ada, "/quota show")


async def test_the_choice_wins_over_discords_locale_and_can_be_given_back_to_it(
    sandbox: DiscordSandbox, ada: Persona, poster: discord.Client, mentions: CommandMentions, bot: StageBot
) -> None:
    sandbox.world.guilds[FILM_CLUB_ID].locale = "de"
    notifier = DiscordNotifier(poster, mentions, bot.services.guild_settings.of)

    posted = await notifier.show_status(CARD)
    assert posted is not None

    async def card() -> str:
        await notifier.show_status(replace(CARD, message_id=posted))
        return words(sandbox.world.channels[VIDEOS_ID].messages[posted])

    german = await card()
    await choose(bot, "en")
    english = await card()
    panel = await open_panel(sandbox, ada, "results")
    await panel.choose(":language:", results.AS_DISCORD)
    assert (await bot.services.guild_settings.of(FILM_CLUB_ID)).language is None
    assert german != english
    assert await card() == german


@pytest.mark.parametrize("locale", [None, "tlh", "xx-YY"])
async def test_a_language_that_is_not_offered_leaves_it_to_discord(locale: str | None, bot: StageBot) -> None:
    await choose(bot, locale)
    assert await chosen_language(bot.services.guild_settings.of, FILM_CLUB_ID) is None


async def test_settings_that_cannot_be_read_hold_no_message_up() -> None:
    async def broken(_guild_id: int) -> GuildSettings:
        raise OSError("the disk is gone")

    assert await chosen_language(broken, FILM_CLUB_ID) is None


@pytest.mark.parametrize("value", ["", "English", "de_DE", "d", "de-" + "x" * 20, 7, True, ["de"]])
async def test_only_a_locale_is_taken(value: JsonValue, bot: StageBot) -> None:
    with pytest.raises(ValueError, match="locale"):
        await bot.services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.LANGUAGE, value)


async def test_english_is_a_choice_too(bot: StageBot) -> None:
    await choose(bot, "en")
    assert await chosen_language(bot.services.guild_settings.of, FILM_CLUB_ID) is ENGLISH


async def test_each_complete_language_is_offered_by_its_own_name() -> None:
    assert list(own_names()) == ["en", *languages()]
    assert {"en": "English", "de": "Deutsch", "fr": "Français"}.items() <= own_names().items()


async def test_more_languages_than_a_select_takes_are_in_a_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "own_names", lambda: {f"a{chr(97 + n)}": f"Language {n}" for n in range(26)})
    items = results.results_items(SettingsView(GuildSettings(), {}), ())
    selects = [
        select
        for item in items
        if isinstance(item, discord.ui.ActionRow)
        for select in item.to_component_dict()["components"]
        if ":language:" in str(select)
    ]
    assert [len(select["options"]) for select in selects] == [25, 2]
