"""Results on their way into a showcase, and out of it: one row each, for ever, so that none is forwarded twice."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, Connection, Update, and_, bindparam, delete, func, or_, select, tuple_, update

from bot.domain.gallery import GalleryKind
from bot.domain.showcase import ShowcaseEntry, ShowcaseState
from bot.storage.tables.gallery import gallery_entries_table, showcase_posts_table
from bot.storage.tables.jobs import jobs_table
from bot.storage.upsert import insert_if_new

_POST = showcase_posts_table.c
_COLUMNS = tuple(_POST[name] for name in ShowcaseEntry.__dataclass_fields__)
_WANT = insert_if_new(showcase_posts_table)
_DUE = (
    select(_POST.kind, _POST.source_id)
    .where(_POST.due_at <= bindparam("now"))
    .order_by(_POST.due_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True)
)
_CLAIM = (
    update(showcase_posts_table)
    .where(tuple_(_POST.kind, _POST.source_id).in_(_DUE))
    .values(due_at=bindparam("until"))
    .returning(*_COLUMNS)
)
_THESE: BindParameter[str] = bindparam("source_ids", expanding=True)
_OF_THESE = and_(_POST.kind == bindparam("of_kind"), _POST.source_id.in_(_THESE))
_OF_MEMBER = or_(
    and_(
        _POST.kind == GalleryKind.VIDEO,
        _POST.source_id.in_(
            select(jobs_table.c.id).where(
                jobs_table.c.guild_id == bindparam("guild"), jobs_table.c.member_id == bindparam("member")
            )
        ),
    ),
    and_(
        _POST.kind == GalleryKind.REEL,
        _POST.source_id.in_(
            select(gallery_entries_table.c.source_id).where(
                gallery_entries_table.c.kind == GalleryKind.REEL,
                gallery_entries_table.c.guild_id == bindparam("guild"),
                gallery_entries_table.c.member_id == bindparam("member"),
            )
        ),
    ),
)
_NOT_BEGUN = and_(_POST.state == ShowcaseState.WAITING, _POST.channel_id.is_(None))
_MAY_STAND = and_(_POST.state.in_((ShowcaseState.WAITING, ShowcaseState.SHOWN)), ~_NOT_BEGUN)
_LEAVE = update(showcase_posts_table).where(_MAY_STAND).values(state=ShowcaseState.LEAVING, due_at=0.0)
_FORGET = delete(showcase_posts_table).where(_NOT_BEGUN)
_DROP_THESE = delete(showcase_posts_table).where(_OF_THESE)
_RELEASE = update(showcase_posts_table).where(_POST.due_at > bindparam("now")).values(due_at=bindparam("now"))


def want(conn: Connection, kind: GalleryKind, source_id: str, guild_id: int, now: float) -> bool:
    """Have a result forwarded. Returns False, and changes nothing, where it was wanted before."""
    row = {"kind": kind, "source_id": source_id, "guild_id": guild_id, "state": ShowcaseState.WAITING}
    return conn.execute(_WANT, row | {"created_at": now, "due_at": now}).rowcount == 1


def claim(conn: Connection, now: float, until: float, count: int) -> list[ShowcaseEntry]:
    """Take at most `count` results about which something is due, until a moment."""
    values = {"now": now, "until": until, "count": count}
    return [ShowcaseEntry(*row) for row in conn.execute(_CLAIM, values)]


def begin(conn: Connection, entry: ShowcaseEntry, channel_id: int, source_message_id: int, until: float) -> bool:
    """Note what is about to be forwarded to which channel, and keep a claimed result until a later moment.

    Returns False where it is not to be forwarded any more, or where another worker took it meanwhile.
    """
    still = and_(_POST.state == ShowcaseState.WAITING, _POST.due_at == entry.due_at)
    place = {"channel_id": channel_id, "source_message_id": source_message_id}
    return conn.execute(_one(entry).where(still).values(place | {"due_at": until})).rowcount == 1


def shown(conn: Connection, entry: ShowcaseEntry, channel_id: int, message_id: int) -> bool:
    """Note where a result was forwarded. Returns False where it is to leave by now: its deletion stays due."""
    place = {"channel_id": channel_id, "message_id": message_id}
    conn.execute(_one(entry).values(place))
    still = _one(entry).where(_POST.state == ShowcaseState.WAITING)
    return conn.execute(still.values(state=ShowcaseState.SHOWN, due_at=None)).rowcount == 1


def gone(conn: Connection, entry: ShowcaseEntry) -> None:
    """Note that a forward was deleted. What never stood in the showcase may come there another time."""
    if entry.message_id is None:
        forget(conn, entry.kind, [entry.source_id])
        return
    leaving = _one(entry).where(_POST.state == ShowcaseState.LEAVING)
    conn.execute(leaving.values(state=ShowcaseState.GONE, message_id=None, due_at=None))


def later(conn: Connection, entry: ShowcaseEntry, due_at: float) -> None:
    """Go on with a result at `due_at`, unless something made it due since it was claimed."""
    conn.execute(_one(entry).where(_POST.due_at >= entry.due_at).values(due_at=due_at))


def drop(conn: Connection, entry: ShowcaseEntry) -> None:
    """Forget a result that cannot be shown, unless it is to leave by now. It may be wanted again."""
    key = and_(_POST.kind == entry.kind, _POST.source_id == entry.source_id)
    conn.execute(delete(showcase_posts_table).where(key, _POST.state == ShowcaseState.WAITING))


def withdraw(conn: Connection, kind: GalleryKind, source_ids: Sequence[str]) -> None:
    """Have the forwards of results deleted."""
    key = {"of_kind": kind, "source_ids": list(source_ids)}
    conn.execute(_FORGET.where(_OF_THESE), key)
    conn.execute(_LEAVE.where(_OF_THESE), key)


def withdraw_of_member(conn: Connection, guild_id: int, member_id: int) -> None:
    """Have the forwards of everything that a member made deleted."""
    key = {"guild": guild_id, "member": member_id}
    conn.execute(_FORGET.where(_OF_MEMBER), key)
    conn.execute(_LEAVE.where(_OF_MEMBER), key)


def forget(conn: Connection, kind: GalleryKind, source_ids: Sequence[str]) -> None:
    """Forget results of which nothing else is kept. Their forwards stay."""
    conn.execute(_DROP_THESE, {"of_kind": kind, "source_ids": list(source_ids)})


def release(conn: Connection, now: float) -> None:
    """Make everything due that is claimed. Call this only at the start of the only process."""
    conn.execute(_RELEASE, {"now": now})


def next_due(conn: Connection) -> float | None:
    """Return when something is due next; None where nothing is."""
    return conn.execute(select(func.min(_POST.due_at))).scalar()


def state_of(conn: Connection, kind: GalleryKind, source_id: str) -> ShowcaseState | None:
    """Return where a result stands; None where it was never wanted."""
    query = select(_POST.state).where(_POST.kind == kind, _POST.source_id == source_id)
    return conn.execute(query).scalar()


def _one(entry: ShowcaseEntry) -> Update:
    return update(showcase_posts_table).where(_POST.kind == entry.kind, _POST.source_id == entry.source_id)
