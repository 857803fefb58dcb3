"""Components and embeds as Discord gives them back: numbered, and with `attachment://` addresses resolved."""

import copy
from typing import Any

from sandbox.discord.files import FileStore
from sandbox.discord.model import Attachment, Json, Message
from sandbox.discord.walk import ComponentType, attachment_named, media_items, walk

EMBED_MEDIA = ("image", "thumbnail", "video")

GALLERY_ITEM = "an item of a gallery"
_MEDIA_DEFAULTS: Json = {"description": None, "spoiler": False}
FILLED_IN: dict[int | str, Json] = {
    GALLERY_ITEM: _MEDIA_DEFAULTS,
    ComponentType.THUMBNAIL: _MEDIA_DEFAULTS,
    ComponentType.FILE: {"spoiler": False},
    ComponentType.SEPARATOR: {"divider": True, "spacing": 1},
    ComponentType.CONTAINER: {"accent_color": None, "spoiler": False},
}
"""Fields that Discord fills in where a request left them out, by type of component."""


def numbered(components: list[Any]) -> list[Json]:
    """Return a copy in which every component has an `id`. Numbers count from 1, around those that the bot chose.

    Ids in default values of selects become texts, as Discord gives them back.
    """
    result: list[Json] = copy.deepcopy(components)
    taken = {component["id"] for _, component in walk(result) if component.get("id")}
    following = 1
    for _, component in walk(result):
        if not component.get("id"):
            while following in taken:
                following += 1
            component["id"] = following
            taken.add(following)
        for value in component.get("default_values") or ():
            value["id"] = str(value["id"])
    return result


def attachments_shown(message: Message) -> set[int]:
    """Return the ids of the attachments that components or embeds show."""
    urls = [media.get("url") for _, component in walk(message.components) for _, media in media_items(component)]
    urls += [(embed.get(key) or {}).get("url") for embed in message.embeds for key in EMBED_MEDIA]
    shown = (attachment_named(url, message.attachments) for url in urls)
    return {attachment.id for attachment in shown if attachment is not None}


def resolve_media(component: Json, message: Message, files: FileStore) -> Json:
    """Return a copy of one top-level component whose media point to the CDN, with what Discord fills in."""
    result: Json = copy.deepcopy(component)
    for _, part in walk([result]):
        for holder, kind in [(part, part["type"]), *((item, GALLERY_ITEM) for item in part.get("items", []))]:
            holder.update({key: value for key, value in FILLED_IN.get(kind, {}).items() if key not in holder})
        for _, media in media_items(part):
            attachment = attachment_named(media.get("url"), message.attachments)
            if attachment is not None:
                media.update(_unfurled(attachment, files))
                if "file" in part:
                    part.update({"name": attachment.filename, "size": attachment.size})
            else:
                url = media.get("url", "")
                media.update({"id": str(message.id), "proxy_url": url, "width": None, "height": None})
    return result


def _unfurled(attachment: Attachment, files: FileStore) -> Json:
    url = files.signed_url(attachment)
    return {
        "id": str(attachment.id),
        "url": url,
        "proxy_url": url,
        "width": attachment.width,
        "height": attachment.height,
        "content_type": attachment.content_type,
        "attachment_id": str(attachment.id),
    }


def resolve_embed(embed: Json, message: Message, files: FileStore) -> Json:
    """Return a copy of an embed whose media point to the CDN, with what Discord fills in."""
    result: Json = {"type": "rich", **copy.deepcopy(embed)}
    for key in EMBED_MEDIA:
        attachment = attachment_named((result.get(key) or {}).get("url"), message.attachments)
        if attachment is not None:
            url = files.signed_url(attachment)
            result[key] |= {"url": url, "proxy_url": url}
            if attachment.width is not None:
                result[key] |= {"width": attachment.width, "height": attachment.height}
    for entry in result.get("fields") or []:
        entry.setdefault("inline", False)
    return result
