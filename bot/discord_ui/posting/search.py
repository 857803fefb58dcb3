"""Finding a job's closing message again, by the mark that its buttons carry."""

from datetime import UTC, datetime

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.job_button import CLOSING_ACTIONS, marked_job

SEARCHED_MESSAGES_MAX = 1000
"""Messages that are looked at, in pages of 100: a busy channel must not hold up a delivery for long."""
CLOCK_SECONDS_MAX = 300.0
"""Seconds by which this machine's clock may be ahead of Discord's."""


async def find_marked(channel: discord.abc.Messageable, job_id: str, since: float) -> discord.Message | None:
    """Return the job's closing message if the channel has it; None otherwise.

    The channel is searched from its latest message back to `since`, in seconds since the epoch.
    """
    oldest = discord.utils.time_snowflake(datetime.fromtimestamp(since - CLOCK_SECONDS_MAX, UTC))
    async for message in channel.history(limit=SEARCHED_MESSAGES_MAX):
        if message.id < oldest:
            return None
        if any(job == job_id and action in CLOSING_ACTIONS for action, job in _marks(message)):
            return message
    return None


def _marks(message: discord.Message) -> list[tuple[JobAction, str]]:
    custom_ids = (
        getattr(child, "custom_id", None)
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
    )
    return [mark for custom_id in custom_ids if custom_id and (mark := marked_job(custom_id))]
