"""Count what the provider refused a member for its content, and pause the member after too much of it.

The account that such refusals endanger is the owner's, and all guilds share it.
"""

from sqlalchemy import Connection

from bot.domain.jobs import Job
from bot.domain.json_value import JsonObject
from bot.domain.moderation import BlockKind, IncidentKind, MemberBlock
from bot.storage import content_refusals, guild_settings, incidents, member_blocks

COUNTED_SECONDS = 86_400.0
"""Seconds for which a refusal counts."""
HOUR_SECONDS = 3600.0


def refused_content(conn: Connection, job: Job, now: float) -> bool:
    """Note that the provider refused a job for its content, in the transaction that ends the job.

    The member is paused, and moderators are asked, once the guild's number of refusals is reached. Returns whether that
    happened now. The guild's lock is held since the job's credits ended, so no request of the member passes by.
    """
    if not content_refusals.add(conn, job, now):
        return False
    settings = guild_settings.settings_of(conn, job.guild_id)
    allowed = settings.content_refusals_max
    if allowed is None or member_blocks.of_member(conn, job.guild_id, job.member_id, now) is not None:
        return False
    since = now - COUNTED_SECONDS
    lifted = incidents.last_decided_at(conn, job.guild_id, job.member_id, IncidentKind.REFUSALS)
    count = content_refusals.count(conn, job.guild_id, job.member_id, max(since, lifted or since))
    if count < allowed:
        return False
    ends_at = now + settings.content_pause_hours * HOUR_SECONDS
    member_blocks.put(conn, job.guild_id, MemberBlock(job.member_id, BlockKind.PAUSE, "", ends_at, None, now))
    data: JsonObject = {"count": count, "hours": settings.content_pause_hours, "ends_at": ends_at}
    key = f"refusals:{job.id}"
    incidents.add(
        conn, key, job.guild_id, IncidentKind.REFUSALS, job.member_id, job.channel_id, data, now, job_id=job.id
    )
    return True
