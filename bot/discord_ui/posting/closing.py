"""The closing message as the arguments of a call to Discord."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.views.closing_message import alternative_text, closing_text, closing_view
from bot.engine.notifier import Closing


def closing_arguments(
    closing: Closing,
    attached: Sequence[int],
    mentions: CommandMentions,
    *,
    fallback: bool = False,
    direct: bool = False,
) -> dict[str, Any]:
    """Return the arguments of `send`, with opened files, which the call closes. It mentions the member only.

    `attached`, `fallback` and `direct` are those of `closing_text`.
    """
    text = closing_text(closing, attached, fallback=fallback, direct=direct)
    return {
        "content": mentions.in_text(text, closing.guild_id),
        "files": [_file(closing, position) for position in attached],
        "view": closing_view(closing),
        "suppress_embeds": len(attached) == len(closing.results),
        "allowed_mentions": discord.AllowedMentions(
            everyone=False, roles=False, users=[discord.Object(closing.member_id)]
        ),
    }


def file_stem(job_id: str, position: int) -> str:
    """Return the name of an attached result without its suffix. By it the file is found again among others."""
    return f"video-{job_id}-{position + 1}" if position else f"video-{job_id}"


def _file(closing: Closing, position: int) -> discord.File:
    path = closing.results[position].path
    if path is None:
        raise ValueError(f"result {position} has no file")
    name = f"{file_stem(closing.job_id, position)}{path.suffix}"
    return discord.File(path, name, description=alternative_text(closing, position))
