"""Look whether posted results are still where they were posted.

Nobody tells the bot of a deletion: it hears no messages (that would need an intent and every message of every server),
and it may have been offline. So it looks when somebody asks.
"""

import asyncio
from collections.abc import Iterable
from enum import StrEnum

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS
from bot.domain.postings import DIRECT
from bot.services.job_views import JobView

LOOK_SECONDS = 2.0
"""Seconds that all looks together may take. What is not known by then counts as standing."""
_UNKNOWN_MESSAGE, _UNKNOWN_CHANNEL = 10008, 10003


class Missing(StrEnum):
    """What is gone."""

    MESSAGE = "message"
    CHANNEL = "channel"


async def missing_results(client: discord.Client, views: Iterable[JobView]) -> dict[str, Missing]:
    """Return, by job id, which results that should stand are gone. A message that nobody can look at stands."""
    looks = {
        view.job.id: asyncio.create_task(_look(client, view.posting.channel_id, view.posting.message_id))
        for view in views
        if view.posting is not None and view.posting.stands and view.posting.outcome != DIRECT
    }
    if not looks:
        return {}
    done, late = await asyncio.wait(looks.values(), timeout=LOOK_SECONDS)
    for look in late:
        look.cancel()
    found = {job_id: look.result() for job_id, look in looks.items() if look in done}
    return {job_id: missing for job_id, missing in found.items() if missing is not None}


def missing_of(error: discord.NotFound) -> Missing | None:
    """Return what Discord says is gone."""
    return {_UNKNOWN_MESSAGE: Missing.MESSAGE, _UNKNOWN_CHANNEL: Missing.CHANNEL}.get(error.code)


async def _look(client: discord.Client, channel_id: int | None, message_id: int | None) -> Missing | None:
    if channel_id is None or message_id is None:
        return None
    try:
        await client.get_partial_messageable(channel_id).get_partial_message(message_id).fetch()
    except discord.NotFound as error:
        return missing_of(error)
    except CALL_ERRORS:
        return None
    return None
