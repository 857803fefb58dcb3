"""Somebody whose language is the made-up one goes through the bot, and reads no English word anywhere."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.discord_ui.language import catalogues
from bot.discord_ui.language.speaking import speak_from_now_on
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, LocalFile, Message, Persona
from sandbox.discord.people.invocation import Invocation
from sandbox.discord.walk import walk
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX
from tests.discord_ui.language.pseudo import LOCALE, english_in, pseudo_language, shown_texts
from tests.support.stage import StageBot, handlers_end, make_services, running

MODELS = (
    replace(VEO_FAST, name="Вео 3.1", description="Быстро"),
    replace(KLING, name="Клинг 3.0"),
    replace(WAN_REMIX, name="Ван 2.6", description="Иначе"),
)
KNOWN = ("Auto", "Film Club", "Night Owls", "Europe", "Berlin", "UTC", "off", "always", "never", "default", "unlimited")
"""A ratio, names of servers, time zones, and words that are typed as they are in every language."""

PICTURE = LocalFile("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40))

COMMANDS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "mia": [
        ("/help", {}),
        ("/video", {"prompt": "Лиса"}),
        ("/video", {"prompt": "Лиса", "model": "Никто"}),
        ("/video", {"prompt": "Лиса", "model": "veo31_fast", "duration": 3}),
        ("/veo fast", {"prompt": "Лиса"}),
        ("/kling 3-0", {"prompt": "Лиса", "duration": 15, "quality": "pro"}),
        ("/models", {}),
        ("/jobs", {}),
        ("/jobs", {"everyone": True}),
        ("/gallery", {}),
        ("/credits", {}),
        ("/usage", {}),
        ("/cast add", {"name": "Лиса", "image": PICTURE}),
        ("/cast add", {"name": "Лиса", "image": LocalFile("a.png", b"")}),
        ("/cast list", {}),
        ("/cast show", {"name": "Лиса"}),
        ("/cast remove", {"name": "Лиса"}),
        ("/cast remove", {"name": "Лиса"}),
        ("/privacy show", {}),
        ("/privacy erase", {}),
    ],
    "ada": [
        ("/help", {}),
        ("/quota set guild", {"period": "day", "amount": "1000"}),
        ("/quota set default", {"period": "week", "amount": "0"}),
        ("/quota set member", {"period": "month", "amount": "unlimited", "member": "mia"}),
        ("/quota set price_max", {"amount": "1"}),
        ("/quota set confirm_above", {"amount": "always"}),
        ("/quota set approval_above", {"amount": "20", "channel": "staff"}),
        ("/quota set jobs_max", {"member": "3", "guild": "0"}),
        ("/quota set time_zone", {"name": "Europe/Berlin"}),
        ("/quota set time_zone", {"name": "Nowhere"}),
        ("/quota grant", {"amount": 30, "reason": "Лиса", "days": 3}),
        ("/quota refund", {"job": "xxxxxxxxxxxx", "reason": "Лиса"}),
        ("/quota show", {}),
        ("/quota ledger", {}),
        ("/quota ledger", {"period": "Никогда"}),
        ("/queue show", {}),
        ("/queue pause", {}),
        ("/queue drain", {}),
        ("/queue resume", {}),
        ("/settings", {}),
        ("/usage", {}),
        ("/jobs", {"everyone": True}),
    ],
    "omar": [
        ("/help", {}),
        ("/owner balance", {}),
        ("/owner guilds", {}),
        ("/owner queue", {}),
        ("/owner queue", {"do": "drain"}),
        ("/owner check", {}),
        ("/owner unresolved", {}),
        ("/owner job", {"id": "xxxxxxxxxxxx"}),
        ("/owner ceiling", {"server": "Film Club", "amount": "5000"}),
        ("/owner block", {"server": "Film Club", "reason": "Лиса"}),
        ("/owner words", {}),
        ("/owner words", {"text": "Лиса"}),
        ("/owner age_restricted", {}),
    ],
}


@pytest.fixture
async def bot(
    sandbox: DiscordSandbox, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[StageBot]:
    """The bot, with the made-up language for members who have it, and for what everybody reads."""
    language = pseudo_language()
    monkeypatch.setattr(catalogues, "languages", lambda: {LOCALE: language})
    monkeypatch.setattr(catalogues, "ENGLISH", language)
    speak_from_now_on(language)
    for name in COMMANDS:
        sandbox.persona(name).user.locale = LOCALE
    async with running(sandbox, make_services(sqlite_database, *MODELS)) as bot:
        yield bot


class Reader:
    """Reads whatever a person is shown, and keeps the English words with where they stood."""

    def __init__(self, sandbox: DiscordSandbox, person: Persona) -> None:
        self.sandbox = sandbox
        self.person = person
        self.found: dict[str, list[str]] = {}

    async def use(self, command: str, options: dict[str, Any]) -> None:
        """Use a command, then every button and select of a text on its answer, once."""
        invocation = await self.person.slash(command, "general", **options)
        where = f"{command} {options or ''}"
        await self._read(where, invocation)
        message = invocation.message
        if message is None:
            return
        for component in self._components(message):
            await self._press(f"{where} > {component.get('label') or component['custom_id']}", message, component)

    async def _press(self, where: str, message: Message, component: dict[str, Any]) -> None:
        seen = any(message is one for one in self.person.read(message.channel_id))
        if not seen or component not in self._components(message):
            return
        if component["type"] == 2:
            pressed = await self.person.press(message, component["custom_id"])
        else:
            pressed = await self.person.select(message, component["custom_id"], component["options"][-1]["value"])
        await self._read(where, pressed)
        self._note(where, list(_written(message)))

    async def _read(self, where: str, invocation: Invocation) -> None:
        await invocation.wait_response()
        await handlers_end()
        texts = [text for message in invocation.messages for text in _written(message)]
        if invocation.interaction.modal is not None:
            modal = invocation.interaction.modal
            texts += [modal["title"], *shown_texts(modal["components"])]
        assert invocation.status != "failed", where
        self._note(where, texts)

    def _note(self, where: str, texts: list[str]) -> None:
        words = [word for text in texts for word in english_in(text, KNOWN)]
        if words:
            self.found.setdefault(where, []).extend(words)

    def _components(self, message: Message) -> list[dict[str, Any]]:
        found = [component for _, component in walk(message.components)]
        return [c for c in found if c.get("custom_id") and c["type"] in (2, 3) and not c.get("disabled")]


def _written(message: Message) -> list[str]:
    return [message.content, *shown_texts(message.components)]


@pytest.mark.parametrize("name", COMMANDS)
async def test_no_english_word_is_left_in_what_a_person_reads(
    sandbox: DiscordSandbox, bot: StageBot, name: str
) -> None:
    reader = Reader(sandbox, sandbox.persona(name))
    for command, options in COMMANDS[name]:
        await reader.use(command, options)
        await asyncio.sleep(0)
    assert reader.found == {}
