"""What stands beside commands is said in each language that is offered, and names stay the same in all of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from gettext import NullTranslations
from typing import Any

import discord
import pytest
from babel import Locale
from discord import app_commands

from bot.discord_ui.commands.builder import build_commands, group_characters
from bot.discord_ui.commands.fixed_choices import FIXED_CHOICES
from bot.discord_ui.commands.naming import assign_names
from bot.discord_ui.commands.translating import CommandTranslator
from bot.discord_ui.language import catalogues
from bot.discord_ui.language.speaking import LENGTHS, Language, say_on, speaking
from bot.discord_ui.views.message_limits import COMMAND_CHARACTERS_MAX, DESCRIPTION_MAX
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.discord_ui.catalogues import KLING, PUBLIC, SEEDANCE_2, VEO_FAST
from tests.discord_ui.language.pseudo import LOCALE, english_in, pseudo_language
from tests.support.stage import make_services, running


class Longer(NullTranslations):
    """Adds letters to every sentence."""

    def gettext(self, message: str) -> str:
        return message + "ø" * 60

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid2)


Offer = Callable[[Language], None]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Offer one language beside English, as if it were Greek."""

    def offer(language: Language) -> None:
        monkeypatch.setattr(catalogues, "languages", lambda: {LOCALE: language})

    return offer


async def payloads(*models: Capability) -> list[dict[str, Any]]:
    """Return what Discord would be told about the commands of these models."""
    built = await build_commands(models, assign_names(models, {}), lambda _: Durations(), _submit)
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    return [await group.get_translated_payload(tree, CommandTranslator()) for group in built.groups]


async def _submit(_interaction: discord.Interaction[Any]) -> None:
    raise AssertionError("nothing is invoked here")


def parts(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield payload
    for part in [*payload.get("options", []), *payload.get("choices", [])]:
        yield from parts(part)


async def test_without_another_language_nothing_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "languages", dict)
    for part in parts((await payloads(VEO_FAST))[0]):
        assert not part.get("name_localizations")
        assert not part.get("description_localizations")


async def test_descriptions_are_said_in_each_language_and_names_in_none(offered: Offer) -> None:
    offered(pseudo_language())
    [veo] = await payloads(replace(VEO_FAST, description="Быстро"))
    described = [part for part in parts(veo) if "description" in part]
    assert len(described) > 4
    for part in described:
        assert part["description_localizations"].keys() == {LOCALE}, part["name"]
        said = part["description_localizations"][LOCALE]
        assert english_in(said, (VEO_FAST.name, VEO_FAST.engine)) == []
        assert len(part["description_localizations"][LOCALE]) <= DESCRIPTION_MAX
        assert not part.get("name_localizations")


async def test_choices_that_are_words_are_translated_with_their_values_unchanged(
    offered: Offer,
) -> None:
    offered(pseudo_language())
    [kling] = await payloads(KLING)
    [quality] = [part for part in parts(kling) if part["name"] == "quality"]
    translated = {choice["value"]: choice.get("name_localizations") for choice in quality["choices"]}
    assert translated.keys() == set(KLING.quality_modes)
    assert all(english_in(words[LOCALE]) == [] for words in translated.values() if words)
    assert any(translated.values())


async def test_a_command_that_is_too_long_in_all_languages_keeps_its_english_words(
    offered: Offer,
) -> None:
    english = await payloads(SEEDANCE_2)
    offered(Language(Locale(LOCALE), Longer()))
    built = await build_commands((SEEDANCE_2,), assign_names((SEEDANCE_2,), {}), lambda _: Durations(), _submit)
    assert await group_characters(built.groups[0]) <= COMMAND_CHARACTERS_MAX
    assert [part["description"] for part in parts((await payloads(SEEDANCE_2))[0]) if "description" in part] == [
        part["description"] for part in parts(english[0]) if "description" in part
    ]


async def test_every_public_model_fits_in_a_longer_language(offered: Offer) -> None:
    offered(pseudo_language())
    for payload in await payloads(*PUBLIC):
        assert payload["options"]


async def test_menus_and_fixed_choices_are_named_in_each_language(
    sandbox: DiscordSandbox, sqlite_database: Database, offered: Offer
) -> None:
    offered(pseudo_language())
    async with running(sandbox, make_services(sqlite_database)) as bot:
        guild = discord.Object(FILM_CLUB_ID)  # an owner's, where `/owner` is
        commands = [*bot.tree.get_commands(), *bot.tree.get_commands(guild=guild)]
        found = [await command.get_translated_payload(bot.tree, CommandTranslator()) for command in commands]
    menus = [payload for payload in found if payload["type"] == discord.AppCommandType.message.value]
    assert len(menus) >= 3
    choices = [choice for payload in found for part in parts(payload) for choice in part.get("choices", [])]
    words = [choice for choice in choices if english_in(str(choice["name"]))]
    assert {choice["name"] for choice in words} >= FIXED_CHOICES
    for named in (*menus, *words):
        said = named["name_localizations"][LOCALE]
        assert english_in(said) == [], named["name"]
        assert len(said) <= LENGTHS["menu" if named in menus else "choice"]
    for payload in found:
        if payload not in menus:
            assert not payload.get("name_localizations"), "the names of slash commands are the same for everybody"


async def test_a_menu_is_used_by_the_name_that_a_member_reads(
    sandbox: DiscordSandbox, sqlite_database: Database, mia: Persona, offered: Offer
) -> None:
    language = pseudo_language()
    offered(language)
    with speaking(language):
        name = say_on("menu", "Report video")
    mia.user.locale = LOCALE
    async with running(sandbox, make_services(sqlite_database)):
        message = await mia.say("general", "hello")
        answer = await (await mia.message_menu(name, message)).wait_message()
    assert english_in(answer.content) == []
