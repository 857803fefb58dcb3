"""Texts of members and of the provider, shown as they were typed: no markdown, no mentions, no links that unfold."""

import discord

from bot.discord_ui.views.message_limits import cut

_ZERO_WIDTH = "\u200b"


def escape(text: str) -> str:
    """Return a text that Discord shows as it was typed: no markdown, no mentions, no links that unfold."""
    escaped = discord.utils.escape_markdown(text, ignore_links=False).replace("<", "\\<")
    return discord.utils.escape_mentions(escaped).replace("://", f":{_ZERO_WIDTH}//")


def excerpt(text: str, maximum: int = 200) -> str:
    """Return the first `maximum` characters of a text, in one line and escaped."""
    return escape(cut(text, maximum))
