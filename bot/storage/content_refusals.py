"""Jobs that the provider refused for their content, counted per member."""

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.jobs import Job
from bot.storage.tables.moderation import content_refusals_table
from bot.storage.upsert import insert_if_new

_ADD = insert_if_new(content_refusals_table)
_COUNT = (
    select(func.count())
    .select_from(content_refusals_table)
    .where(
        content_refusals_table.c.guild_id == bindparam("guild_id"),
        content_refusals_table.c.member_id == bindparam("member_id"),
        content_refusals_table.c.refused_at > bindparam("since"),
    )
)


def add(conn: Connection, job: Job, now: float) -> bool:
    """Note that a job was refused. Returns False where it was noted before."""
    row = {"job_id": job.id, "guild_id": job.guild_id, "member_id": job.member_id, "refused_at": now}
    return conn.execute(_ADD, row).rowcount == 1


def count(conn: Connection, guild_id: int, member_id: int, since: float) -> int:
    """Return how many jobs of a member were refused after a moment."""
    values = {"guild_id": guild_id, "member_id": member_id, "since": since}
    return int(conn.execute(_COUNT, values).scalar_one())
