"""What cannot be done is said plainly, to the one who asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.views.refusal_words import words_of
from bot.domain.refusals import NotPossible


@asynccontextmanager
async def refusing(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Answer with the words of a NotPossible that is raised inside."""
    try:
        yield
    except NotPossible as problem:
        await answer(interaction, words_of(problem))
