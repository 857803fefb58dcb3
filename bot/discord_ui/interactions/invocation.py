"""Read a slash command from its interaction, so that a command that is no longer registered is read too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.attachments import Attachment
from bot.domain.problems import OptionValue

_SUBCOMMAND = discord.AppCommandOptionType.subcommand.value
_GROUP = discord.AppCommandOptionType.subcommand_group.value
_ATTACHMENT = discord.AppCommandOptionType.attachment.value


@dataclass(frozen=True, slots=True)
class Invocation:
    """A slash command as it was sent: its name, its subcommand or "", and the options that were given."""

    command: str
    subcommand: str
    values: Mapping[str, OptionValue]


def read_invocation(data: Mapping[str, Any]) -> Invocation:
    """Read the invocation in an interaction's `data`."""
    options: list[Mapping[str, Any]] = data.get("options") or []
    path: list[str] = []
    while options and options[0].get("type") in (_SUBCOMMAND, _GROUP):
        path.append(options[0]["name"])
        options = options[0].get("options") or []
    attachments: Mapping[str, Any] = (data.get("resolved") or {}).get("attachments") or {}
    values: dict[str, OptionValue] = {}
    for option in options:
        if option.get("type") == _ATTACHMENT:
            sent = attachments.get(str(option.get("value")))
            if sent is not None:
                values[option["name"]] = read_attachment(sent)
        elif isinstance(option.get("value"), (str, int, bool)):
            values[option["name"]] = option["value"]
    return Invocation(str(data.get("name", "")), " ".join(path), values)


def read_attachment(sent: Mapping[str, Any]) -> Attachment:
    """Read an attachment object of Discord's."""
    return Attachment(
        url=sent["url"],
        filename=sent["filename"],
        content_type=sent.get("content_type"),
        size_bytes=sent.get("size"),
        width=sent.get("width"),
        height=sent.get("height"),
        duration=sent.get("duration_secs"),
    )


def attachment_of(attachment: discord.Attachment) -> Attachment:
    """Convert an attachment of a message."""
    return Attachment(
        url=attachment.url,
        filename=attachment.filename,
        content_type=attachment.content_type,
        size_bytes=attachment.size,
        width=attachment.width,
        height=attachment.height,
        duration=attachment.duration,
    )
