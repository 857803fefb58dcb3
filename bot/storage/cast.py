"""Saved pictures: listed without their contents, found by name or digest, saved, used and removed."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, or_, select, update

from bot.domain.cast import CastPicture, NewPicture, name_key
from bot.domain.privacy import NO_GUILD
from bot.storage.tables.cast import cast_pictures_table
from bot.storage.upsert import insert_if_new

_TABLE = cast_pictures_table.c
_COLUMNS = [cast_pictures_table.c[name] for name in CastPicture.__dataclass_fields__]
_OWN = and_(_TABLE.guild_id == NO_GUILD, _TABLE.member_id == bindparam("member"))
_SHARED = and_(_TABLE.guild_id == bindparam("guild"), _TABLE.guild_id != NO_GUILD)
_FOR_MEMBER = select(*_COLUMNS).where(or_(_OWN, _SHARED)).order_by(_TABLE.key)
_CONTENT = select(_TABLE.content).where(_TABLE.id == bindparam("picture"))
_BY_DIGEST = select(_TABLE.content).where(_TABLE.digest == bindparam("digest")).limit(1)
_TOTAL = select(func.coalesce(func.sum(_TABLE.size_bytes), 0))
_ADD = insert_if_new(cast_pictures_table)
_USED = (
    update(cast_pictures_table)
    .where(_TABLE.digest.in_(bindparam("digests", expanding=True)))
    .values(used_at=bindparam("now"))
)
_REMOVE = delete(cast_pictures_table).where(_TABLE.id == bindparam("picture"))
_OLD = select(_TABLE.id).where(_TABLE.used_at <= bindparam("before")).order_by(_TABLE.used_at).limit(bindparam("count"))
_OLD_IN_GUILD = _OLD.where(_TABLE.guild_id == bindparam("guild"))
_REMOVE_THESE = delete(cast_pictures_table).where(_TABLE.id.in_(bindparam("pictures", expanding=True)))


def for_member(conn: Connection, guild_id: int, member_id: int) -> tuple[CastPicture, ...]:
    """Return a member's own pictures and those that a guild shares, by name."""
    rows = conn.execute(_FOR_MEMBER, {"guild": guild_id, "member": member_id})
    return tuple(map(_picture, rows))


def content(conn: Connection, picture_id: int) -> bytes | None:
    """Return what a picture's file holds; None if it was removed."""
    found: bytes | None = conn.execute(_CONTENT, {"picture": picture_id}).scalar()
    return found


def content_by_digest(conn: Connection, digest: str) -> bytes | None:
    """Return what the picture with this digest holds, whoever saved it; None if nobody has it any more."""
    found: bytes | None = conn.execute(_BY_DIGEST, {"digest": digest}).scalar()
    return found


def total_bytes(conn: Connection) -> int:
    """Return the bytes of all pictures together."""
    return int(conn.execute(_TOTAL).scalar_one())


def add(conn: Connection, new: NewPicture, now: float) -> bool:
    """Save a picture. Returns False where there is one of this name: nothing was changed then."""
    values = {
        "guild_id": new.guild_id,
        "member_id": new.member_id,
        "key": name_key(new.name),
        "name": new.name,
        "content_type": new.content_type,
        "size_bytes": len(new.content),
        "digest": new.digest,
        "width": new.width,
        "height": new.height,
        "created_at": now,
        "used_at": now,
        "content": new.content,
    }
    return conn.execute(_ADD, values).rowcount == 1


def used(conn: Connection, digests: Collection[str], now: float) -> None:
    """Note that pictures are used: they are kept from now on for as long as new ones."""
    conn.execute(_USED, {"digests": list(digests), "now": now})


def remove(conn: Connection, picture_id: int) -> bool:
    """Remove a picture. Returns whether it was there."""
    return conn.execute(_REMOVE, {"picture": picture_id}).rowcount == 1


def forget_unused(conn: Connection, before: float, limit: int, guild_id: int | None = None) -> int:
    """Drop at most `limit` pictures, of one guild or of all, that nobody used since a moment. Returns how many."""
    key = {"before": before, "count": limit}
    query = conn.execute(_OLD, key) if guild_id is None else conn.execute(_OLD_IN_GUILD, key | {"guild": guild_id})
    old = list(query.scalars())
    if old:
        conn.execute(_REMOVE_THESE, {"pictures": old})
    return len(old)


def _picture(row: Row[Any]) -> CastPicture:
    return CastPicture(**row._mapping)
