"""Finding a job's closing message again, by the mark that its buttons carry."""

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.job_button import CLOSING_ACTIONS, marked_job

SEARCHED_MESSAGES = 100


async def find_marked(channel: discord.abc.Messageable, job_id: str) -> discord.Message | None:
    """Return the job's closing message among the channel's latest messages, or None."""
    async for message in channel.history(limit=SEARCHED_MESSAGES):
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
