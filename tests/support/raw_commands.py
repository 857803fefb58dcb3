"""Commands that a message names in code although Discord has them: their mentions could have been clicked."""

from collections.abc import Iterator
from typing import Any

from bot.discord_ui.commands.mentions import IN_WORDS
from sandbox.discord.record import Record

_LEAVING = ("/messages", "/callback", "/webhooks/", "/threads")
"""Parts of the paths by which messages reach Discord."""


def raw_commands(record: Record) -> list[str]:
    """Return the contents of messages that name one of the global commands in code, sent after these were synced."""
    registered: set[str] = set()
    found: list[str] = []
    for request in record.requests:
        if request.method == "PUT" and request.path.endswith("/commands") and "/guilds/" not in request.path:
            registered |= {command["name"] for command in request.response or () if isinstance(command, dict)}
        elif request.method in ("POST", "PATCH") and any(part in request.path for part in _LEAVING):
            contents = _contents(request.body)
            found += [text for text in contents if any(name in registered for name, _ in IN_WORDS.findall(text))]
    return found


def _contents(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        if isinstance(body.get("content"), str):
            yield body["content"]
        for part in body.values():
            yield from _contents(part)
    elif isinstance(body, list):
        for part in body:
            yield from _contents(part)
