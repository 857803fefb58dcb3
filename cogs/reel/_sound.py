"""The sound behind a reel: an attached file, fetched within limits and looked at."""

import aiohttp
import discord

from bot.discord_ui.interactions.input_files import FileGone, first_bytes
from bot.domain.attachments import MediaKind
from bot.domain.media_type import HEAD_BYTES, holds
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import SOUND_BYTES_MAX

FETCH_SECONDS = 30.0
"""Seconds for fetching the file."""


async def fetched_sound(file: discord.Attachment) -> bytes:
    """Return the content of an attached sound. Raises ReelRefused: a file is what its first bytes say."""
    if file.size > SOUND_BYTES_MAX:
        raise ReelRefused(ReelProblem.SOUND_TOO_LARGE, bytes=SOUND_BYTES_MAX)
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers={"Accept-Encoding": "identity"}) as session:
            content = await first_bytes(session, file.url, SOUND_BYTES_MAX + 1)
    except (FileGone, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise ReelRefused(ReelProblem.SOUND_UNREACHABLE) from error
    if len(content) > SOUND_BYTES_MAX:
        raise ReelRefused(ReelProblem.SOUND_TOO_LARGE, bytes=SOUND_BYTES_MAX)
    if not holds(content[:HEAD_BYTES], MediaKind.AUDIO):
        raise ReelRefused(ReelProblem.NOT_A_SOUND)
    return content
