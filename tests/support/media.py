"""Pictures and videos that were posted without a word for people who do not see them."""

from pathlib import PurePath

from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX
from sandbox.discord.model import Json
from sandbox.discord.record import Record
from sandbox.discord.walk import walk

_THUMBNAIL = 11
"""The type of a component that is one picture. The items of a gallery are the other pictures on cards."""
_SUFFIXES = (".gif", ".jpeg", ".jpg", ".mov", ".mp4", ".png", ".webm", ".webp")


def undescribed_media(record: Record) -> list[str]:
    """Return the names of uploaded pictures and videos that have no alternative text, or one that is too long."""
    found: list[str] = []
    for request in record.requests:
        body = request.body if isinstance(request.body, dict) else {}
        inner = [body, body.get("data"), body.get("message")]  # of an interaction's answer, and of a post in a forum
        parts = [part for part in inner if isinstance(part, dict)]
        for entry in (entry for part in parts for entry in part.get("attachments") or ()):
            name = str(entry.get("filename", ""))
            if PurePath(name).suffix in _SUFFIXES and not _is_described(entry):
                found.append(name)
        for _, component in (one for part in parts for one in walk(part.get("components") or [])):
            shown = [component] if component.get("type") == _THUMBNAIL else component.get("items") or []
            found += [str(one["media"]["url"]) for one in shown if not _is_described(one)]
    return found


def _is_described(shown: Json) -> bool:
    return 0 < len(shown.get("description") or "") <= ALTERNATIVE_TEXT_MAX
