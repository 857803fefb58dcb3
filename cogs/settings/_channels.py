"""A channel that a moderator chooses for the bot to post in: its permissions are checked by name."""

from collections.abc import Sequence

import discord

from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.permissions import permission_names
from bot.discord_ui.views.settings_panel.frame import needs_permissions
from cogs.settings._page import Panel

POSTING = ("view_channel", "send_messages")
"""What the bot needs to post words."""
VIDEOS = (*POSTING, "attach_files", "read_message_history")
"""What the bot needs to post videos, and to find after a crash what it has posted."""

FORWARDS = (*POSTING, "read_message_history")
"""What the bot needs to forward videos, and to find after a crash what it has forwarded."""


def writable_channel(panel: Panel, values: list[str], needed: Sequence[str]) -> int | None:
    """Return the chosen channel, or None for none. Raises Declined where the bot lacks a permission there."""
    if not values:
        return None
    channel_id = int(values[0])
    channel = panel.guild.get_channel(channel_id)
    allowed = channel.permissions_for(panel.guild.me) if channel is not None else None
    if isinstance(channel, discord.ForumChannel):
        needed = (*needed, "send_messages_in_threads")
    missing = [name for name in needed if not getattr(allowed, name, False)]
    if missing:
        raise Declined(needs_permissions(channel_id, permission_names(missing)))
    return channel_id
