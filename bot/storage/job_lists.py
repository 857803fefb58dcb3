"""Lists of jobs for people: the newest of a member or a guild, and a guild's open jobs."""

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.jobs import CANCELLABLE, Job, JobState
from bot.storage.jobs import COLUMNS, job_of
from bot.storage.tables.jobs import jobs_table

_ANY = select(*COLUMNS)
_NEWEST = _ANY.where(jobs_table.c.guild_id == bindparam("guild_id"), jobs_table.c.erased_at.is_(None)).order_by(
    jobs_table.c.created_at.desc()
)
_COUNT_OPEN = (
    select(jobs_table.c.state, func.count()).where(jobs_table.c.ended_at.is_(None)).group_by(jobs_table.c.state)
)
_OPEN = (
    _ANY.where(jobs_table.c.guild_id == bindparam("guild_id"), jobs_table.c.ended_at.is_(None))
    .order_by(jobs_table.c.created_at, jobs_table.c.id)
    .limit(bindparam("count"))
    .offset(bindparam("skipped"))
)
_CANCELLABLE = _ANY.where(
    jobs_table.c.guild_id == bindparam("guild_id"),
    jobs_table.c.member_id == bindparam("member_id"),
    jobs_table.c.state.in_(CANCELLABLE),
)


def recent(
    conn: Connection,
    guild_id: int,
    *,
    member_id: int | None = None,
    active_only: bool = False,
    skipped: int = 0,
    limit: int = 20,
) -> list[Job]:
    """Return the newest jobs of a guild, or of one of its members, without the first `skipped`."""
    query = _NEWEST.limit(limit).offset(skipped)
    if member_id is not None:
        query = query.where(jobs_table.c.member_id == member_id)
    if active_only:
        query = query.where(jobs_table.c.ended_at.is_(None))
    return [job_of(row) for row in conn.execute(query, {"guild_id": guild_id})]


def count_open(conn: Connection, guild_id: int | None = None) -> dict[JobState, int]:
    """Return how many jobs that have not ended are in each state, in one guild or in all."""
    query = _COUNT_OPEN if guild_id is None else _COUNT_OPEN.where(jobs_table.c.guild_id == guild_id)
    return dict(conn.execute(query).all())


def open_of_guild(conn: Connection, guild_id: int, *, skipped: int, limit: int) -> list[Job]:
    """Return a guild's jobs that have not ended, oldest first, without the first `skipped`."""
    values = {"guild_id": guild_id, "count": limit, "skipped": skipped}
    return [job_of(row) for row in conn.execute(_OPEN, values)]


def cancellable(conn: Connection, guild_id: int, member_id: int) -> list[Job]:
    """Return the jobs of a member in a guild of which nothing was sent yet."""
    return [job_of(row) for row in conn.execute(_CANCELLABLE, {"guild_id": guild_id, "member_id": member_id})]
