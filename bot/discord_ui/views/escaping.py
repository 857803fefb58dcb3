"""Texts of members and of the provider, shown as they were typed: no markdown, no mentions, no links that unfold."""

import re

import discord

from bot.discord_ui.views.message_limits import clean, cut

_ZERO_WIDTH = "\u200b"
_INVITE = re.compile(r"(discord(?:app)?)\.(?=[a-z])", re.IGNORECASE)
"""The beginning of an invite, which Discord unfolds even without a scheme."""


def escape(text: str) -> str:
    """Return a text that Discord shows as it was typed: no markdown, no mentions, no links that unfold."""
    escaped = discord.utils.escape_markdown(clean(text), ignore_links=False).replace("<", "\\<")
    unlinked = _INVITE.sub(rf"\1.{_ZERO_WIDTH}", escaped).replace("://", f":{_ZERO_WIDTH}//")
    return discord.utils.escape_mentions(unlinked)


def code(text: str, maximum: int = 100) -> str:
    """Return the first `maximum` characters of a text as code, out of which it cannot break."""
    return f"`{cut(text, maximum).replace('`', 'ˋ')}`"


def excerpt(text: str, maximum: int = 200) -> str:
    """Return the first `maximum` characters of a text, in one line and escaped."""
    return escape(cut(text, maximum))


def is_shown_exactly(text: str, maximum: int) -> bool:
    """Tell whether a reader can copy the text from its excerpt: nothing is cut, and nothing invisible is put in."""
    shown = excerpt(text, maximum)
    return cut(text, maximum) == text and shown.count(_ZERO_WIDTH) == text.count(_ZERO_WIDTH)
