"""Look at the messages of a gallery's page: whether each stands, and under which address its video is now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS
from bot.discord_ui.posting.presence import LOOK_SECONDS, Missing, missing_of
from bot.domain.gallery import GalleryEntry


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a message. `missing` is None for one that stands, or that could not be looked at in time.

    `address` is where the first video or picture of the message is; Discord signs it anew with each answer. It is None
    where the message has none, or was not seen.
    """

    missing: Missing | None = None
    address: str | None = None


async def look_at(client: discord.Client, entries: Sequence[GalleryEntry]) -> dict[int, Look]:
    """Look at the messages of entries at once, and return what was seen by message id."""
    looks = {entry.message_id: asyncio.create_task(_look(client, entry)) for entry in entries}
    if not looks:
        return {}
    done, late = await asyncio.wait(looks.values(), timeout=LOOK_SECONDS)
    for look in late:
        look.cancel()
    return {message_id: look.result() if look in done else Look() for message_id, look in looks.items()}


async def _look(client: discord.Client, entry: GalleryEntry) -> Look:
    try:
        message = await client.get_partial_messageable(entry.channel_id).fetch_message(entry.message_id)
    except discord.NotFound as error:
        return Look(missing=missing_of(error))
    except CALL_ERRORS:
        return Look()
    shown = (file.url for file in message.attachments if (file.content_type or "").startswith(("video/", "image/")))
    return Look(address=next(shown, None))
