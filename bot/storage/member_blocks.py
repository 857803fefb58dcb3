"""Members who may not ask for videos in a guild: one row each, until it ends or is lifted."""

from sqlalchemy import Connection, and_, bindparam, delete, or_, select

from bot.domain.jobs import CANCELLABLE, Job
from bot.domain.moderation import BlockKind, MemberBlock
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.moderation import member_blocks_table
from bot.storage.upsert import upsert

_COLUMNS = tuple(member_blocks_table.c[name] for name in MemberBlock.__dataclass_fields__)
_JOB = [jobs_table.c[name] for name in Job.__dataclass_fields__]
_STANDS = or_(member_blocks_table.c.ends_at.is_(None), member_blocks_table.c.ends_at > bindparam("now"))
_OF_GUILD = select(*_COLUMNS).where(member_blocks_table.c.guild_id == bindparam("guild_id"), _STANDS)
_ONE = _OF_GUILD.where(member_blocks_table.c.member_id == bindparam("member_id"))
_NEWEST = _OF_GUILD.order_by(member_blocks_table.c.created_at.desc(), member_blocks_table.c.member_id)
_PUT = upsert(
    member_blocks_table,
    [member_blocks_table.c[name] for name in ("kind", "reason", "ends_at", "actor_id", "created_at")],
)
_LIFT = delete(member_blocks_table).where(
    member_blocks_table.c.guild_id == bindparam("guild"), member_blocks_table.c.member_id == bindparam("member")
)
_WAITING = (
    select(*_JOB)
    .where(
        jobs_table.c.guild_id == bindparam("guild_id"),
        jobs_table.c.member_id == bindparam("member_id"),
        jobs_table.c.state.in_(CANCELLABLE),
    )
    .order_by(jobs_table.c.id)
    .with_for_update(key_share=True, skip_locked=True)
)
_OVERLOOKED = (
    select(member_blocks_table.c.guild_id, member_blocks_table.c.member_id)
    .join(
        jobs_table,
        and_(
            jobs_table.c.guild_id == member_blocks_table.c.guild_id,
            jobs_table.c.member_id == member_blocks_table.c.member_id,
        ),
    )
    .where(member_blocks_table.c.kind == BlockKind.BLOCK, _STANDS, jobs_table.c.state.in_(CANCELLABLE))
    .distinct()
)


def put(conn: Connection, guild_id: int, block: MemberBlock) -> None:
    """Block a member, in place of an earlier block or pause."""
    values = {name: getattr(block, name) for name in MemberBlock.__dataclass_fields__}
    conn.execute(_PUT, {"guild_id": guild_id} | values)


def lift(conn: Connection, guild_id: int, member_id: int) -> bool:
    """End a block or pause. Returns False where there is none."""
    return conn.execute(_LIFT, {"guild": guild_id, "member": member_id}).rowcount == 1


def of_member(conn: Connection, guild_id: int, member_id: int, now: float) -> MemberBlock | None:
    """Return what keeps a member from asking; None where nothing does."""
    row = conn.execute(_ONE, {"guild_id": guild_id, "member_id": member_id, "now": now}).first()
    return None if row is None else MemberBlock(*row)


def of_guild(conn: Connection, guild_id: int, now: float) -> tuple[MemberBlock, ...]:
    """Return a guild's blocked and paused members, the newest first."""
    return tuple(MemberBlock(*row) for row in conn.execute(_NEWEST, {"guild_id": guild_id, "now": now}))


def waiting_jobs(conn: Connection, guild_id: int, member_id: int) -> list[Job]:
    """Lock and return a member's jobs that can still be cancelled, except those that somebody moves at this moment."""
    rows = conn.execute(_WAITING, {"guild_id": guild_id, "member_id": member_id})
    return [Job(**row._mapping) for row in rows]


def overlooked(conn: Connection, now: float) -> list[tuple[int, int]]:
    """Return guild and member of each block whose member has jobs that can be cancelled.

    A job that was on its way to the provider when its member was blocked may have come back to the queue.
    """
    return [(guild_id, member_id) for guild_id, member_id in conn.execute(_OVERLOOKED, {"now": now})]
