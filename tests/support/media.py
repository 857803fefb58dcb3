"""Pictures and videos that were posted without a word for people who do not see them."""

from pathlib import PurePath

from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX
from sandbox.discord.record import Record

_SUFFIXES = (".gif", ".jpeg", ".jpg", ".mov", ".mp4", ".png", ".webm", ".webp")


def undescribed_media(record: Record) -> list[str]:
    """Return the names of uploaded pictures and videos that have no alternative text, or one that is too long."""
    found: list[str] = []
    for request in record.requests:
        body = request.body if isinstance(request.body, dict) else {}
        inner = [body, body.get("data"), body.get("message")]  # of an interaction's answer, and of a post in a forum
        entries = [entry for part in inner if isinstance(part, dict) for entry in part.get("attachments") or ()]
        for entry in entries:
            name = str(entry.get("filename", ""))
            described = 0 < len(entry.get("description") or "") <= ALTERNATIVE_TEXT_MAX
            if PurePath(name).suffix in _SUFFIXES and not described:
                found.append(name)
    return found
