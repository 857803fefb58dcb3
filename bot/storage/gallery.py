"""The gallery: posted results whose message stands, how many people liked each, and who keeps out of it."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from bot.domain.gallery import REELS, GalleryEntry, GalleryFilter, GalleryKind, GalleryOrder
from bot.domain.jobs import Job
from bot.storage import showcase
from bot.storage.tables.gallery import gallery_entries_table, gallery_opt_outs_table
from bot.storage.upsert import insert_if_new, upsert

_ENTRY = gallery_entries_table.c
_COLUMNS = tuple(_ENTRY[name] for name in GalleryEntry.__dataclass_fields__)
_KEPT_OUT = (
    select(gallery_opt_outs_table.c.member_id)
    .where(gallery_opt_outs_table.c.guild_id == _ENTRY.guild_id, gallery_opt_outs_table.c.member_id == _ENTRY.member_id)
    .exists()
)
_ADD = upsert(
    gallery_entries_table,
    tuple(column for column in gallery_entries_table.columns if not column.primary_key),
)
_THESE: BindParameter[str] = bindparam("source_ids", expanding=True)
_DELETE = delete(gallery_entries_table).where(_ENTRY.kind == bindparam("of_kind"), _ENTRY.source_id.in_(_THESE))
_MESSAGES: BindParameter[int] = bindparam("message_ids", expanding=True)
_KNOWN = select(_ENTRY.message_id).where(_ENTRY.message_id.in_(_MESSAGES))
_MAKE_DUE = (
    update(gallery_entries_table)
    .where(_ENTRY.message_id.in_(_MESSAGES), or_(_ENTRY.due_at.is_(None), _ENTRY.due_at > bindparam("at")))
    .values(due_at=bindparam("at"))
)
_MAKE_LIKED_DUE = (
    update(gallery_entries_table)
    .where(
        _ENTRY.guild_id == bindparam("guild"),
        _ENTRY.likes >= bindparam("low"),
        _ENTRY.posted_at >= bindparam("since"),
    )
    .values(due_at=bindparam("at"))
)
_DUE = (
    select(_ENTRY.kind, _ENTRY.source_id)
    .where(_ENTRY.due_at <= bindparam("now"))
    # The latest first: what was just posted or liked does not wait behind a backlog.
    .order_by(_ENTRY.due_at.desc())
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True)
)
_CLAIM = (
    update(gallery_entries_table)
    .where(tuple_(_ENTRY.kind, _ENTRY.source_id).in_(_DUE))
    .values(due_at=bindparam("until"))
    .returning(*_COLUMNS)
)
_MODELS = select(_ENTRY.model_slug).where(_ENTRY.guild_id == bindparam("guild")).distinct()
_OPT_OUT = insert_if_new(gallery_opt_outs_table)
_IS_OUT = and_(
    gallery_opt_outs_table.c.guild_id == bindparam("guild"), gallery_opt_outs_table.c.member_id == bindparam("member")
)
_OPT_IN = delete(gallery_opt_outs_table).where(_IS_OUT)
_OPTED_OUT = select(gallery_opt_outs_table.c.member_id).where(_IS_OUT)


def add_video(conn: Connection, job: Job, channel_id: int, message_id: int, now: float) -> None:
    """List a video that was just posted. One that was listed before has another message by now, without likes."""
    place = {"guild_id": job.guild_id, "channel_id": channel_id, "message_id": message_id}
    made = {"member_id": job.member_id, "model_slug": job.model_slug}
    _add(conn, {"kind": GalleryKind.VIDEO, "source_id": job.id, **place, **made}, now)


def add_reel(
    conn: Connection, render_id: int, *, guild_id: int, channel_id: int, message_id: int, maker_id: int, now: float
) -> None:
    """List a film that was just posted, as `maker_id`'s."""
    place = {"guild_id": guild_id, "channel_id": channel_id, "message_id": message_id}
    made = {"member_id": maker_id, "model_slug": None}
    _add(conn, {"kind": GalleryKind.REEL, "source_id": str(render_id), **place, **made}, now)


def _add(conn: Connection, row: Mapping[str, object], now: float) -> None:
    fresh = {"place_id": None, "posted_at": now, "likes": 0, "counted_at": None, "due_at": now}
    conn.execute(_ADD, {**row, **fresh})


def remove(conn: Connection, kind: GalleryKind, source_ids: Sequence[str]) -> None:
    """Take results out of the gallery whose messages are gone, and have their forwards deleted."""
    forget(conn, kind, source_ids)
    showcase.withdraw(conn, kind, source_ids)


def forget(conn: Connection, kind: GalleryKind, source_ids: Sequence[str]) -> None:
    """Take results out of the gallery of which nothing else is kept. Their messages and forwards stay."""
    conn.execute(_DELETE, {"of_kind": kind, "source_ids": list(source_ids)})


def page(
    conn: Connection,
    guild_id: int,
    wanted: GalleryFilter,
    model: str | None,
    *,
    places: Collection[int],
    hidden_models: Collection[str],
    now: float,
    skipped: int,
    count: int,
) -> list[GalleryEntry]:
    """Return at most `count` entries of a guild, without the first `skipped`.

    `model` is the slug that the filter's key stands for, or REELS. Only entries in `places` are seen, and none of
    `hidden_models`.
    """
    order = [_ENTRY.posted_at.desc()]
    if wanted.order is not GalleryOrder.NEWEST:
        order.insert(0, _ENTRY.likes.desc())
    query = (
        select(*_COLUMNS)
        .where(_ENTRY.guild_id == guild_id, _ENTRY.place_id.in_(list(places)), ~_KEPT_OUT, *_wanted(wanted, model, now))
        .order_by(*order)
        .limit(count)
        .offset(skipped)
    )
    if hidden_models:
        query = query.where(or_(_ENTRY.model_slug.is_(None), _ENTRY.model_slug.not_in(list(hidden_models))))
    return [GalleryEntry(*row) for row in conn.execute(query)]


def best_videos(conn: Connection, guild_id: int, since: float, count: int) -> list[GalleryEntry]:
    """Return the videos of a guild that most people liked, of those that were posted since a moment, the best first."""
    query = (
        select(*_COLUMNS)
        .where(
            _ENTRY.guild_id == guild_id,
            _ENTRY.kind == GalleryKind.VIDEO,
            _ENTRY.place_id.is_not(None),
            _ENTRY.posted_at >= since,
            _ENTRY.likes > 0,
            ~_KEPT_OUT,
        )
        .order_by(_ENTRY.likes.desc(), _ENTRY.posted_at.desc())
        .limit(count)
    )
    return [GalleryEntry(*row) for row in conn.execute(query)]


def _wanted(wanted: GalleryFilter, model: str | None, now: float) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if model is not None:
        conditions.append(_ENTRY.model_slug.is_(None) if model == REELS else _ENTRY.model_slug == model)
    if wanted.member_id is not None:
        conditions.append(_ENTRY.member_id == wanted.member_id)
    if wanted.order.seconds is not None:
        conditions.append(_ENTRY.posted_at >= now - wanted.order.seconds)
    if wanted.order is not GalleryOrder.NEWEST:
        conditions.append(_ENTRY.likes > 0)
    return conditions


def models(conn: Connection, guild_id: int) -> list[str]:
    """Return the slugs of all models in a guild's gallery, and REELS if there are reels."""
    found = conn.execute(_MODELS, {"guild": guild_id}).scalars().all()
    return sorted(REELS if slug is None else slug for slug in found)


def find(conn: Connection, kind: GalleryKind, source_id: str) -> GalleryEntry | None:
    """Return an entry; None where there is none, or its maker keeps out."""
    query = select(*_COLUMNS).where(_ENTRY.kind == kind, _ENTRY.source_id == source_id, ~_KEPT_OUT)
    row = conn.execute(query).first()
    return None if row is None else GalleryEntry(*row)


def known_messages(conn: Connection, message_ids: Collection[int]) -> list[int]:
    """Return which of these messages are in a gallery."""
    return list(conn.execute(_KNOWN, {"message_ids": list(message_ids)}).scalars())


def make_due(conn: Connection, message_ids: Collection[int], at: float) -> None:
    """Have these messages looked at from a moment on, or when they were due if that is sooner."""
    conn.execute(_MAKE_DUE, {"message_ids": list(message_ids), "at": at})


def make_liked_due(conn: Connection, guild_id: int, likes: int, since: float, now: float) -> int:
    """Have a guild's results looked at that at least `likes` people liked. Returns how many they are."""
    return conn.execute(_MAKE_LIKED_DUE, {"guild": guild_id, "low": likes, "since": since, "at": now}).rowcount


def claim(conn: Connection, now: float, until: float, count: int) -> list[GalleryEntry]:
    """Take at most `count` entries that are to be looked at, until a moment. If their worker dies, another does it."""
    return [GalleryEntry(*row) for row in conn.execute(_CLAIM, {"now": now, "until": until, "count": count})]


def looked_at(
    conn: Connection,
    entry: GalleryEntry,
    *,
    place_id: int | None,
    likes: int,
    claimed_until: float,
    next_at: float | None,
    now: float,
) -> bool:
    """Note what was seen of an entry. A reaction meanwhile keeps it due. Returns False for another message by now."""
    changed = (
        update(gallery_entries_table)
        .where(
            _ENTRY.kind == entry.kind,
            _ENTRY.source_id == entry.source_id,
            _ENTRY.message_id == entry.message_id,
        )
        .values(
            place_id=place_id,
            likes=likes,
            counted_at=now,
            due_at=case((_ENTRY.due_at == claimed_until, next_at), else_=_ENTRY.due_at),
        )
    )
    return conn.execute(changed).rowcount == 1


def look_later(conn: Connection, entry: GalleryEntry, claimed_until: float, at: float | None) -> None:
    """Have a claimed entry looked at another time, unless a reaction made it due meanwhile."""
    changed = (
        update(gallery_entries_table)
        .where(_ENTRY.kind == entry.kind, _ENTRY.source_id == entry.source_id, _ENTRY.due_at == claimed_until)
        .values(due_at=at)
    )
    conn.execute(changed)


def next_due(conn: Connection) -> float | None:
    """Return when an entry is to be looked at next; None where none is."""
    return conn.execute(select(func.min(_ENTRY.due_at))).scalar()


def opt_out(conn: Connection, guild_id: int, member_id: int, now: float) -> None:
    """Keep a member's results out of a guild's gallery and showcase. Those that are shown are withdrawn."""
    conn.execute(_OPT_OUT, {"guild_id": guild_id, "member_id": member_id, "opted_out_at": now})
    showcase.withdraw_of_member(conn, guild_id, member_id)


def opt_in(conn: Connection, guild_id: int, member_id: int) -> None:
    """Let a member's results be shown again. What was withdrawn stays so."""
    conn.execute(_OPT_IN, {"guild": guild_id, "member": member_id})


def is_out(conn: Connection, guild_id: int, member_id: int) -> bool:
    """Tell whether a member keeps out."""
    return conn.execute(_OPTED_OUT, {"guild": guild_id, "member": member_id}).first() is not None
