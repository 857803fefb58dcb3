"""Walking over trees of message components."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from sandbox.discord.errors import Path
from sandbox.discord.model import Attachment, Json, Message


class ComponentType(IntEnum):
    """Discord's numbers for the types of components."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECT_TYPES = (
    ComponentType.STRING_SELECT,
    ComponentType.USER_SELECT,
    ComponentType.ROLE_SELECT,
    ComponentType.MENTIONABLE_SELECT,
    ComponentType.CHANNEL_SELECT,
)


def walk(components: list[Any], path: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Yield every component with its path, parents before children. Entries that are no objects are passed over."""
    for index, component in enumerate(components):
        if isinstance(component, dict):
            yield from _walk_one(component, (*path, index))


def _walk_one(component: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    yield path, component
    children = component.get("components")
    if isinstance(children, list):
        yield from walk(children, (*path, "components"))
    for key in ("accessory", "component"):
        child = component.get(key)
        if isinstance(child, dict):
            yield from _walk_one(child, (*path, key))


def displayed_texts(components: list[Any]) -> list[str]:
    """Return the texts that count towards the 4,000 displayed characters and that may mention someone."""
    return [str(c.get("content", "")) for _, c in walk(components) if c.get("type") == ComponentType.TEXT_DISPLAY]


def media_items(component: Json) -> Iterator[tuple[Path, Json]]:
    """Yield the media objects (`{"url": ...}`) that one component shows itself, with their paths inside of it."""
    match component.get("type"):
        case ComponentType.THUMBNAIL:
            candidates: list[tuple[Path, Any]] = [(("media",), component.get("media"))]
        case ComponentType.FILE:
            candidates = [(("file",), component.get("file"))]
        case ComponentType.MEDIA_GALLERY:
            items = component.get("items")
            candidates = [
                (("items", index, "media"), item.get("media"))
                for index, item in enumerate(items if isinstance(items, list) else [])
                if isinstance(item, dict)
            ]
        case _:
            candidates = []
    for path, media in candidates:
        if isinstance(media, dict):
            yield path, media


def attachment_named(url: Any, attachments: list[Attachment]) -> Attachment | None:
    """Return the attachment that an `attachment://name` address means; None if it is another address."""
    if not isinstance(url, str) or not url.startswith("attachment://"):
        return None
    name = url.removeprefix("attachment://")
    return next((attachment for attachment in attachments if attachment.filename == name), None)


def find_by_custom_id(message: Message, custom_id: str) -> Json | None:
    """Return the message's component with a custom id; None if there is none."""
    return next((c for _, c in walk(message.components) if c.get("custom_id") == custom_id), None)
