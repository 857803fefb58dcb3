"""Reels and who may add to them. What is in a reel: `bot.storage.reel_parts`."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.domain.films import Fit
from bot.domain.reels import Reel, ReelAccess
from bot.storage.tables.reels import reel_members_table, reel_sounds_table, reels_table
from bot.storage.upsert import insert_if_new, upsert

COLUMNS = tuple(reels_table.c[name] for name in Reel.__dataclass_fields__)
_ONE = select(*COLUMNS).where(reels_table.c.id == bindparam("reel"))
_LOCK = _ONE.with_for_update(key_share=True)
_ADD = insert(reels_table).returning(reels_table.c.id)
_SET = update(reels_table).where(reels_table.c.id == bindparam("reel"))
_COUNT_UP = _SET.values(version=reels_table.c.version + 1, changed_at=bindparam("now"))
_OF_GUILD = (
    select(*COLUMNS)
    .where(reels_table.c.guild_id == bindparam("guild"))
    .order_by(reels_table.c.changed_at.desc(), reels_table.c.id.desc())
    .limit(bindparam("count"))
)
_COUNT = select(func.count()).where(reels_table.c.guild_id == bindparam("guild"))
_COUNT_OF_MAKER = _COUNT.where(reels_table.c.maker_id == bindparam("maker"))
_MEMBERS = (
    select(reel_members_table.c.member_id)
    .where(reel_members_table.c.reel_id == bindparam("reel"))
    .order_by(reel_members_table.c.member_id)
)
_NAMED_FOR = (
    select(reel_members_table.c.reel_id)
    .join(reels_table, reels_table.c.id == reel_members_table.c.reel_id)
    .where(reels_table.c.guild_id == bindparam("guild"), reel_members_table.c.member_id == bindparam("member"))
)
_FORGET_MEMBERS = delete(reel_members_table).where(reel_members_table.c.reel_id == bindparam("reel"))
_ADD_MEMBERS = insert_if_new(reel_members_table)
_SOUND = select(reel_sounds_table.c.name, reel_sounds_table.c.size_bytes).where(
    reel_sounds_table.c.reel_id == bindparam("reel")
)
_SOUND_CONTENT = select(reel_sounds_table.c.content).where(reel_sounds_table.c.reel_id == bindparam("reel"))
_SET_SOUND = upsert(
    reel_sounds_table, tuple(reel_sounds_table.c[name] for name in ("name", "content", "size_bytes", "added_by"))
)
_DROP_SOUND = delete(reel_sounds_table).where(reel_sounds_table.c.reel_id == bindparam("reel"))
_SOUND_BYTES = (
    select(func.coalesce(func.sum(reel_sounds_table.c.size_bytes), 0))
    .join(reels_table, reels_table.c.id == reel_sounds_table.c.reel_id)
    .where(reels_table.c.guild_id == bindparam("guild"), reels_table.c.id != bindparam("reel"))
)


def add(conn: Connection, guild_id: int, channel_id: int, maker_id: int, title: str, now: float) -> int:
    """Write a new, empty reel that takes clips from everybody, and return its id."""
    values = {
        "guild_id": guild_id,
        "channel_id": channel_id,
        "maker_id": maker_id,
        "title": title,
        "titled_by": maker_id,
        "version": 1,
        "access": ReelAccess.EVERYBODY,
        "fit": Fit.LETTERBOX,
        "credits": True,
        "created_at": now,
        "changed_at": now,
    }
    return int(conn.execute(_ADD, values).scalar_one())


def find(conn: Connection, reel_id: int) -> Reel | None:
    """Return the reel with this id, or None."""
    row = conn.execute(_ONE, {"reel": reel_id}).one_or_none()
    return Reel(*row) if row else None


def lock(conn: Connection, reel_id: int) -> Reel | None:
    """Lock the reel until the transaction ends, and return it; None if there is none."""
    row = conn.execute(_LOCK, {"reel": reel_id}).one_or_none()
    return Reel(*row) if row else None


def of_guild(conn: Connection, guild_id: int, limit: int) -> list[Reel]:
    """Return the reels of a guild that were changed last, the latest first."""
    return [Reel(*row) for row in conn.execute(_OF_GUILD, {"guild": guild_id, "count": limit})]


def count(conn: Connection, guild_id: int, maker_id: int | None = None) -> int:
    """Return how many reels a guild has, or how many of them one member made."""
    if maker_id is None:
        return int(conn.execute(_COUNT, {"guild": guild_id}).scalar_one())
    return int(conn.execute(_COUNT_OF_MAKER, {"guild": guild_id, "maker": maker_id}).scalar_one())


def change(conn: Connection, /, reel_id: int, now: float, **values: Any) -> None:
    """Set columns of a locked reel, and count its version up. Call this for every change, also of what is in it.

    Only an addition at the end is none (`note_addition`).
    """
    conn.execute(_COUNT_UP.values(values), {"reel": reel_id, "now": now})


def note_addition(conn: Connection, reel_id: int, now: float) -> None:
    """Note that something was put at the end of a locked reel: what an older panel shows of it is still true."""
    conn.execute(_SET.values(changed_at=bindparam("now")), {"reel": reel_id, "now": now})


def set_panel(conn: Connection, reel_id: int, channel_id: int | None, message_id: int | None) -> None:
    """Note where the reel's latest panel stands. This is no change of the reel."""
    conn.execute(_SET.values(panel_channel_id=channel_id, panel_message_id=message_id), {"reel": reel_id})


def members(conn: Connection, reel_id: int) -> list[int]:
    """Return the people who are named for a reel."""
    return list(conn.execute(_MEMBERS, {"reel": reel_id}).scalars())


def named_for(conn: Connection, guild_id: int, member_id: int) -> set[int]:
    """Return the reels of a guild for which a member is named, by their ids."""
    return set(conn.execute(_NAMED_FOR, {"guild": guild_id, "member": member_id}).scalars())


def set_members(conn: Connection, reel_id: int, member_ids: Collection[int]) -> None:
    """Name these people for a locked reel, and nobody else."""
    conn.execute(_FORGET_MEMBERS, {"reel": reel_id})
    if member_ids:
        conn.execute(_ADD_MEMBERS, [{"reel_id": reel_id, "member_id": member_id} for member_id in member_ids])


def sound_of(conn: Connection, reel_id: int) -> tuple[str, int] | None:
    """Return the name and the bytes of the sound behind a reel; None without one."""
    row = conn.execute(_SOUND, {"reel": reel_id}).one_or_none()
    return (row.name, row.size_bytes) if row else None


def sound_content(conn: Connection, reel_id: int) -> bytes | None:
    """Return the file of the sound behind a reel; None without one."""
    return conn.execute(_SOUND_CONTENT, {"reel": reel_id}).scalar()


def sound_bytes(conn: Connection, guild_id: int, beside: int) -> int:
    """Return the bytes of all sounds of a guild's reels without the reel `beside`."""
    return int(conn.execute(_SOUND_BYTES, {"guild": guild_id, "reel": beside}).scalar_one())


def set_sound(conn: Connection, reel_id: int, name: str, content: bytes, actor_id: int) -> None:
    """Put a sound behind a locked reel, in the place of another."""
    values = {"reel_id": reel_id, "name": name, "content": content, "size_bytes": len(content), "added_by": actor_id}
    conn.execute(_SET_SOUND, values)


def drop_sound(conn: Connection, reel_id: int) -> None:
    """Take the sound behind a locked reel away."""
    conn.execute(_DROP_SOUND, {"reel": reel_id})
