"""Each member reads their own language, wherever they come in; what everybody reads is in the server's."""

from collections.abc import AsyncIterator

import discord
import pytest
from discord.enums import try_enum

from bot.discord_ui.language import catalogues
from bot.discord_ui.language.speaking import ENGLISH
from bot.domain.confirmation import ALWAYS
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.discord_ui.language.pseudo import LOCALE, accented, pseudo_language
from tests.support.stage import StageBot, button, handlers_end, make_services, running, words

YES, NO = accented("Generate", "button"), accented("Not now", "button")
NOTHING_CHARGED = accented("All right, nothing was charged.")


@pytest.fixture
async def bot(
    sandbox: DiscordSandbox, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StageBot]:
    language = pseudo_language()
    monkeypatch.setattr(catalogues, "languages", lambda: {LOCALE: language})
    sandbox.persona("mia").user.locale = LOCALE
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as bot:
        yield bot


async def answer_to(person: Persona, command: str, **options: object) -> Message:
    return await (await person.slash(command, "general", **options)).wait_message()


@pytest.mark.usefixtures("bot")
async def test_a_command_is_answered_in_the_members_language(sandbox: DiscordSandbox, mia: Persona) -> None:
    assert accented("What it costs") in words(await answer_to(mia, "/help"))
    assert "What it costs" in words(await answer_to(sandbox.persona("ada"), "/help"))


@pytest.mark.parametrize(
    ("locale", "speaks"), [("el", True), ("el-GR", True), ("en-GB", False), ("de", False), ("tlh", False), ("", False)]
)
def test_a_locale_reads_its_own_language_or_english_as_a_whole(
    monkeypatch: pytest.MonkeyPatch, locale: str, speaks: bool
) -> None:
    language = pseudo_language()
    monkeypatch.setattr(catalogues, "languages", lambda: {LOCALE: language})
    known = try_enum(discord.Locale, locale)  # what discord.py makes of a locale that Discord adds tomorrow
    assert catalogues.language_of(known.value) is (language if speaks else ENGLISH)


@pytest.mark.usefixtures("bot")
async def test_lists_are_in_the_members_language(mia: Persona) -> None:
    [choice, *_] = await mia.autocomplete("/video", "general", focused="model", model="veo", prompt="x")
    assert accented("{count} credits").split()[1] in choice["name"]


@pytest.mark.usefixtures("bot")
async def test_a_button_and_a_question_are_in_the_members_language(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot
) -> None:
    await bot.stage.credits.change_rules(FILM_CLUB_ID, ADA_ID, confirm_above=ALWAYS)
    question = await answer_to(mia, "/veo fast", prompt="x")
    await mia.press(question, button(question, NO))
    await sandbox.wait_for(lambda: NOTHING_CHARGED in words(question))


@pytest.mark.usefixtures("bot")
async def test_the_card_of_a_request_is_in_the_servers_language(sandbox: DiscordSandbox, mia: Persona) -> None:
    card = await answer_to(mia, "/veo fast", prompt="x")
    assert card.visible_to is None
    assert "100 credits held" in words(card)
    story = await (await mia.press(card, button(card, "Details"))).wait_message()
    assert accented("in the queue") in words(story)
    story = await (await sandbox.persona("ada").press(card, button(card, "Details"))).wait_message()
    assert "in the queue" in words(story)


@pytest.mark.usefixtures("bot")
async def test_a_dialog_is_answered_in_the_members_language(mia: Persona) -> None:
    plain = await mia.say("general", "no picture")
    asked = await mia.message_menu("Animate this image", plain)
    assert words(await asked.wait_message()) == accented("There is no image attached to that message.")
    await handlers_end()
