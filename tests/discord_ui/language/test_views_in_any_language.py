"""Every view and every sentence, in the made-up language: no English word is left, and nothing is too long."""

from collections.abc import Iterator
from typing import Any

import discord
import pytest

from bot.discord_ui.language.speaking import ENGLISH, speaking
from bot.discord_ui.views.message_limits import CONTENT_MAX, DISPLAYED_CHARACTERS_MAX, length
from sandbox.discord.walk import displayed_texts, walk
from tests.discord_ui.language.pseudo import english_in, pseudo_language, shown_texts
from tests.discord_ui.language.views import VIEWS, Shown

KNOWN = ("first_frame", "óƒ image", "Auto")
"""Names of options, and a ratio: they are the same in every language."""


def components_of(shown: Shown) -> list[Any]:
    if isinstance(shown, (discord.ui.View, discord.ui.LayoutView)):
        return list(shown.to_components())
    return []


def texts_of(shown: Shown) -> Iterator[str]:
    if isinstance(shown, str):
        yield shown
    elif components := components_of(shown):
        yield from shown_texts(components)
    elif not isinstance(shown, (discord.ui.View, discord.ui.LayoutView)):
        yield from shown


@pytest.mark.parametrize("name", VIEWS)
async def test_no_english_word_is_left(name: str) -> None:
    with speaking(pseudo_language()):
        texts = {text for shown in VIEWS[name]() for text in texts_of(shown)}
    left = {text: words for text in texts if (words := english_in(text, KNOWN))}
    assert not left


@pytest.mark.parametrize("language", ["english", "longer"])
@pytest.mark.parametrize("name", VIEWS)
async def test_nothing_is_longer_than_discord_takes(name: str, language: str) -> None:
    with speaking(pseudo_language() if language == "longer" else ENGLISH):
        for shown in VIEWS[name]():
            components = components_of(shown)
            assert all(length(text) <= CONTENT_MAX for text in texts_of(shown))
            assert sum(map(length, displayed_texts(components))) <= DISPLAYED_CHARACTERS_MAX
            assert all(length(part.get("label") or "") <= 80 for _, part in walk(components) if part["type"] == 2)
