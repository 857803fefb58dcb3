"""A text file that was put into a dialog."""

from collections.abc import Sequence
from typing import Any

import aiohttp
import discord

from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.input_files import FileGone, first_bytes
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.word_list_words import FILE_NOT_READ, FILE_TOO_LARGE, NOT_TEXT

FILE_BYTES_MAX = 1_000_000
"""Bytes of a text file that are taken."""
FETCH_SECONDS = 10.0
"""Seconds for fetching a file."""


async def entered_text(interaction: discord.Interaction[Any], values: Sequence[str]) -> str:
    """Return the text of the file of a dialog's field. Raises Declined where it cannot be read."""
    data: Any = interaction.data or {}
    files = (data.get("resolved") or {}).get("attachments") or {}
    file = files.get(values[0]) if values else None
    if file is None:
        raise Declined(say(FILE_NOT_READ))
    return await file_text(int(file.get("size") or 0), file["url"])


async def file_text(size: int, url: str) -> str:
    """Return the text of an attached file of `size` bytes. Raises Declined where it cannot be read."""
    if size > FILE_BYTES_MAX:
        raise Declined(say(FILE_TOO_LARGE))
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers={"Accept-Encoding": "identity"}) as session:
            content = await first_bytes(session, url, FILE_BYTES_MAX + 1)
    except (FileGone, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise Declined(say(FILE_NOT_READ)) from error
    if len(content) > FILE_BYTES_MAX:
        raise Declined(say(FILE_TOO_LARGE))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Declined(say(NOT_TEXT)) from error
