"""What everybody in a server reads is in the language of the server, also where a worker writes it."""

from dataclasses import replace

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language import catalogues
from bot.discord_ui.posting import guild_languages
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from sandbox.discord import DiscordSandbox, Persona, RestFault
from sandbox.discord.default_world import FILM_CLUB_ID, VIDEOS_ID
from tests.discord_ui.language.pseudo import LOCALE, english_in, pseudo_language
from tests.discord_ui.test_delivery import CARD, CLOSING
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot

NAMES = ("Veo 3.1 Fast", "fox")
GUILD = f"/guilds/{FILM_CLUB_ID}"


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer the made-up language beside English."""
    language = pseudo_language()
    for module in (catalogues, guild_languages):
        monkeypatch.setattr(module, "languages", lambda: {LOCALE: language})


@pytest.fixture
def notifier(offered: None, poster: discord.Client, mentions: CommandMentions) -> DiscordNotifier:
    return DiscordNotifier(poster, mentions, default_settings)


async def test_a_worker_writes_in_the_language_of_the_server(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    sandbox.world.guilds[FILM_CLUB_ID].locale = LOCALE
    await notifier.show_status(replace(CARD, prompt="fox"))
    await notifier.post_closing(replace(CLOSING, results=()), UPLOAD_BYTES_DEFAULT)
    card, closing = sandbox.world.channels[VIDEOS_ID].messages.values()
    assert english_in(str(closing.content), NAMES) == []
    texts = [component["content"] for component in card.components[0]["components"] if "content" in component]
    assert texts
    assert [word for text in texts for word in english_in(text, NAMES)] == []


async def test_a_server_in_a_language_that_is_not_offered_reads_english(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    sandbox.world.guilds[FILM_CLUB_ID].locale = "xx-YY"
    done = await notifier.post_closing(replace(CLOSING, results=()), UPLOAD_BYTES_DEFAULT)
    assert "your video is ready" in sandbox.world.channels[VIDEOS_ID].messages[done.message_id].content


async def test_the_locale_is_asked_for_once(sandbox: DiscordSandbox, notifier: DiscordNotifier) -> None:
    for _ in range(3):
        await notifier.show_status(CARD)
    assert len(sandbox.record.requests_to("GET", GUILD)) == 1


async def test_a_locale_that_cannot_be_asked_for_holds_nothing_up(
    sandbox: DiscordSandbox, notifier: DiscordNotifier
) -> None:
    sandbox.controls.add_fault(RestFault("GET", GUILD, status=403))
    assert await notifier.show_status(CARD) is not None


async def test_the_answer_that_is_a_card_speaks_to_the_server_and_not_to_its_member(
    sandbox: DiscordSandbox, offered: None, mia: Persona, bot: StageBot
) -> None:
    mia.user.locale = LOCALE
    asked = await mia.slash("/veo fast", "videos", prompt="A fox")
    message = await asked.wait_message()
    assert "Details" in str(message.components)
