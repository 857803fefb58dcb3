"""The files of a request that is made once more: Discord signs their addresses for about a day."""

import asyncio
from dataclasses import replace
from typing import Any

import discord

from bot.discord_ui.interactions.answers import acknowledge
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.language.speaking import say
from bot.discord_ui.posting.input_files import DiscordInputFiles
from bot.discord_ui.views.job_answers import FILES_EXPIRED, FILES_LATER
from bot.domain.attachments import Attachment
from bot.domain.links import expires_at
from bot.domain.request import GenerationRequest
from bot.engine.input_files import FilesLater

LIVES_SECONDS_MIN = 3_600
"""Seconds for which an address must still work: the provider fetches the file when it starts, which may be later."""
ASK_SECONDS = 1.0
"""Seconds for which the answer waits for fresh addresses. Beyond them the interaction is acknowledged."""


async def with_fresh_files(
    interaction: discord.Interaction[Any], request: GenerationRequest, now: float
) -> GenerationRequest:
    """Return the request with fresh addresses for those files whose addresses end soon, or have ended.

    Raises Declined where Discord does not have a file any more, or cannot be asked now.
    """
    ending = {
        name: value
        for name, value in request.values.items()
        if isinstance(value, Attachment) and _ends_soon(value.url, now)
    }
    if not ending:
        return request
    asking = asyncio.create_task(
        DiscordInputFiles(interaction.client).refresh(sorted({value.url for value in ending.values()}))
    )
    await asyncio.wait({asking}, timeout=ASK_SECONDS)
    if not asking.done():
        await acknowledge(interaction)
    try:
        fresh = await asking
    except FilesLater as error:
        raise Declined(say(FILES_LATER)) from error
    if any(value.url not in fresh for value in ending.values()):
        raise Declined(say(FILES_EXPIRED))
    values = {name: replace(value, url=fresh[value.url]) for name, value in ending.items()}
    return replace(request, values={**request.values, **values})


def _ends_soon(address: str, now: float) -> bool:
    until = expires_at(address)
    return until is not None and until < now + LIVES_SECONDS_MIN
