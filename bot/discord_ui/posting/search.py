"""Finding a job's message again, by the mark that its buttons carry."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.job_button import marks_in

Recognises = Callable[[discord.Message], bool]
"""Tells whether a message is the one that is looked for."""
SEARCHED_MESSAGES_MAX = 1000
"""Messages that are looked at, in pages of 100: a busy channel must not hold up a delivery for long."""
CLOCK_SECONDS_MAX = 300.0
"""Seconds by which this machine's clock may be ahead of Discord's."""


async def find_marked(
    channel: discord.abc.Messageable, job_id: str, since: float, actions: Collection[JobAction]
) -> discord.Message | None:
    """Return the latest message with a button for one of `actions` on the job; None where the channel has none.

    The channel is searched from its latest message back to `since`, in seconds since the epoch.
    """
    return await find_message(channel, lambda message: is_marked(message, job_id, actions), since)


async def find_message(channel: discord.abc.Messageable, is_it: Recognises, since: float) -> discord.Message | None:
    """Return the latest message that is recognised, searching as `find_marked` does; None where there is none."""
    oldest = oldest_id(since)
    async for message in channel.history(limit=SEARCHED_MESSAGES_MAX):
        if message.id < oldest:
            return None
        if is_it(message):
            return message
    return None


def oldest_id(since: float) -> int:
    """Return an id that every message posted after `since` exceeds, whatever this machine's clock says."""
    return discord.utils.time_snowflake(datetime.fromtimestamp(since - CLOCK_SECONDS_MAX, UTC))


def is_marked(message: discord.Message, job_id: str, actions: Collection[JobAction]) -> bool:
    """Tell whether a message has a button for one of `actions` on the job."""
    return any(job == job_id and action in actions for action, job in marks_in(message.components))
