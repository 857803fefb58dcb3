"""The files of a message, wherever Discord lists them: what a card shows stands in its components only."""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

import discord

from bot.discord_ui.interactions.invocation import attachment_of
from bot.domain.attachments import Attachment


def files_of(message: discord.Message) -> dict[str, Attachment]:
    """Return the files of a message by name, with fresh addresses."""
    shown = {
        name: Attachment(media.url, name, media.content_type, None, media.width, media.height)
        for media in _media_in(message.components)
        if (name := unquote(urlsplit(media.url).path.rpartition("/")[2]))
    }
    return shown | {file.filename: attachment_of(file) for file in message.attachments}


def _media_in(components: Iterable[object]) -> Iterator[discord.UnfurledMediaItem]:
    for component in components:
        for holder in (component, getattr(component, "accessory", None), *getattr(component, "items", ())):
            media = getattr(holder, "media", None)
            if isinstance(media, discord.UnfurledMediaItem):
                yield media
        yield from _media_in(getattr(component, "children", ()))
