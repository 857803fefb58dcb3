"""How reels are erased: with their guild, with the people in them, with the videos that they are of, and with time.

A clip is nothing but the place of a video that its job knows. It goes with the job's words, whoever erased them: nobody
could fetch it any more. The reel stays: it is its community's work, and others' clips are in it. What its maker wrote
goes, and a moderator may give it another title. A film that is being rendered begins again without the clip.

A film that was posted is a result of everybody whose clips it has: whoever wants their posted videos deleted has it
deleted, too, and the others may render the reel again.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Select,
    Update,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from bot.domain.gallery import GalleryKind
from bot.domain.privacy import Erasure
from bot.domain.reel_renders import OPEN, ReelRenderState
from bot.storage import gallery, reel_panels
from bot.storage.tables.reels import (
    reel_clips_table,
    reel_members_table,
    reel_render_makers_table,
    reel_renders_table,
    reel_sounds_table,
    reels_table,
)

_REEL, _CLIP, _RENDER = reels_table.c, reel_clips_table.c, reel_renders_table.c
_SOUND, _MAKER = reel_sounds_table.c, reel_render_makers_table.c
_GUILD: BindParameter[int] = bindparam("guild")
_MEMBER: BindParameter[int] = bindparam("member")
_PSEUDONYM: BindParameter[int] = bindparam("pseudonym")
_JOBS: BindParameter[str] = bindparam("job_ids", expanding=True)
_REELS: BindParameter[int] = bindparam("reels", expanding=True)
_OF_GUILD = select(_REEL.id).where(_REEL.guild_id == _GUILD)
_RENDERS_OF_GUILD = select(_RENDER.id).where(_RENDER.guild_id == _GUILD)
_COUNT_UP = update(reels_table).values(version=_REEL.version + 1)
_HAVE_JOBS = select(_CLIP.reel_id).where(_CLIP.job_id.in_(_JOBS)).distinct()
_DROP_CLIPS = delete(reel_clips_table).where(_CLIP.job_id.in_(_JOBS))
_BEGIN_AGAIN = (
    update(reel_renders_table)
    .where(_RENDER.reel_id.in_(_REELS), _RENDER.state == ReelRenderState.RUNNING)
    .values(state=ReelRenderState.WAITING, progress=0, lease_owner=None, lease_until=None, due_at=bindparam("now"))
)
_TITLES = delete(reel_clips_table).where(
    _CLIP.reel_id.in_(_OF_GUILD), _CLIP.job_id.is_(None), _CLIP.added_by == _MEMBER
)
_TOUCHED = select(_REEL.id).where(
    _REEL.guild_id == _GUILD,
    or_(
        _REEL.maker_id == _MEMBER,
        _REEL.titled_by == _MEMBER,
        _REEL.id.in_(select(_CLIP.reel_id).where(_CLIP.added_by == _MEMBER)),
        _REEL.id.in_(select(_SOUND.reel_id).where(_SOUND.added_by == _MEMBER)),
        _REEL.id.in_(select(reel_members_table.c.reel_id).where(reel_members_table.c.member_id == _MEMBER)),
    ),
)
_PERSON: tuple[Update | Delete, ...] = (
    _TITLES,
    delete(reel_sounds_table).where(_SOUND.reel_id.in_(_OF_GUILD), _SOUND.added_by == _MEMBER),
    delete(reel_members_table).where(
        reel_members_table.c.reel_id.in_(_OF_GUILD), reel_members_table.c.member_id == _MEMBER
    ),
    delete(reel_render_makers_table).where(_MAKER.render_id.in_(_RENDERS_OF_GUILD), _MAKER.member_id == _MEMBER),
    update(reels_table).where(_REEL.guild_id == _GUILD, _REEL.titled_by == _MEMBER).values(title=""),
    update(reels_table).where(_REEL.guild_id == _GUILD, _REEL.titled_by == _MEMBER).values(titled_by=_PSEUDONYM),
    update(reels_table).where(_REEL.guild_id == _GUILD, _REEL.maker_id == _MEMBER).values(maker_id=_PSEUDONYM),
    update(reel_clips_table).where(_CLIP.reel_id.in_(_OF_GUILD), _CLIP.added_by == _MEMBER).values(added_by=_PSEUDONYM),
    update(reel_renders_table)
    .where(_RENDER.guild_id == _GUILD, _RENDER.asked_by == _MEMBER)
    .values(asked_by=_PSEUDONYM),
    update(reel_renders_table)
    .where(_RENDER.guild_id == _GUILD, _RENDER.deleted_by == _MEMBER)
    .values(deleted_by=_PSEUDONYM),
)
GUILDS_OF: tuple[Select[tuple[int]], ...] = (
    select(_REEL.guild_id).where(or_(_REEL.maker_id == _MEMBER, _REEL.titled_by == _MEMBER)),
    select(_RENDER.guild_id).where(or_(_RENDER.asked_by == _MEMBER, _RENDER.deleted_by == _MEMBER)),
    select(_RENDER.guild_id)
    .join(reel_render_makers_table, _MAKER.render_id == _RENDER.id)
    .where(_MAKER.member_id == _MEMBER),
    *(
        select(_REEL.guild_id).join(column.table, column.table.c.reel_id == _REEL.id).where(column == _MEMBER)
        for column in (_CLIP.added_by, _SOUND.added_by, reel_members_table.c.member_id)
    ),
)
"""The guilds in whose reels anything names a person. The parameter is `member`."""
_FILMS = select(_RENDER.id, _RENDER.message_channel_id, _RENDER.message_id).where(
    _RENDER.guild_id == _GUILD,
    _RENDER.ended_at <= bindparam("until"),
    _RENDER.message_id.is_not(None),
    _RENDER.deleted_at.is_(None),
    or_(
        _RENDER.asked_by == _MEMBER,
        _RENDER.id.in_(select(_MAKER.render_id).where(_MAKER.member_id == _MEMBER)),
    ),
)
_NOTE_FILM_GONE = (
    update(reel_renders_table)
    .where(_RENDER.id == bindparam("render"))
    .values(message_channel_id=None, message_id=None, deleted_at=bindparam("now"))
)
_OLD = (
    select(_REEL.id)
    .where(
        _REEL.changed_at <= bindparam("before"),
        ~select(_RENDER.id).where(_RENDER.reel_id == _REEL.id, _RENDER.state.in_(OPEN)).exists(),
    )
    .order_by(_REEL.changed_at)
    .limit(bindparam("count"))
)
_OLD_IN_GUILD = _OLD.where(_REEL.guild_id == bindparam("retention_guild"))
_RENDERS_OF_REELS = select(_RENDER.id).where(_RENDER.reel_id.in_(_REELS))
_DROP_REELS = (
    delete(reel_render_makers_table).where(_MAKER.render_id.in_(_RENDERS_OF_REELS)),
    *(
        delete(table).where(table.c.reel_id.in_(_REELS))
        for table in (reel_renders_table, reel_sounds_table, reel_members_table, reel_clips_table)
    ),
    delete(reels_table).where(_REEL.id.in_(_REELS)),
)


def erase_jobs(conn: Connection, job_ids: Sequence[str], now: float) -> None:
    """Take the videos of jobs out of all reels, because their jobs are erased."""
    reel_ids = conn.execute(_HAVE_JOBS, {"job_ids": list(job_ids)}).scalars().all()
    if reel_ids:
        conn.execute(_DROP_CLIPS, {"job_ids": list(job_ids)})
        _changed(conn, reel_ids, now)


def make_pseudonym(conn: Connection, erasure: Erasure, now: float) -> None:
    """Take out what a person wrote in a guild's reels, and put the pseudonym in their place."""
    key = {"guild": erasure.guild_id, "member": erasure.member_id, "pseudonym": erasure.pseudonym}
    if reel_ids := conn.execute(_TOUCHED, key).scalars().all():
        _changed(conn, reel_ids, now)
    for statement in _PERSON:
        conn.execute(statement, key)


def films_of(conn: Connection, erasure: Erasure) -> list[tuple[int, int, int]]:
    """Return the posted films that have a person's clips or that they asked for: render, channel and message id."""
    key = {"guild": erasure.guild_id, "member": erasure.member_id, "until": erasure.requested_at}
    return [(row.id, row.message_channel_id, row.message_id) for row in conn.execute(_FILMS, key)]


def note_film_gone(conn: Connection, render_id: int, now: float) -> None:
    """Note that a posted film was deleted."""
    conn.execute(_NOTE_FILM_GONE, {"render": render_id, "now": now})
    gallery.remove(conn, GalleryKind.REEL, [str(render_id)])


def forget_guild(conn: Connection, guild_id: int) -> None:
    """Drop all reels of a guild."""
    _drop(conn, conn.execute(_OF_GUILD, {"guild": guild_id}).scalars().all())


def forget_old(conn: Connection, before: float, count: int, guild_id: int | None = None) -> int:
    """Drop at most `count` reels that nobody has changed since a moment, of one guild or of all; return how many."""
    key = {"before": before, "count": count}
    if guild_id is None:
        reel_ids = conn.execute(_OLD, key).scalars().all()
    else:
        reel_ids = conn.execute(_OLD_IN_GUILD, key | {"retention_guild": guild_id}).scalars().all()
    _drop(conn, reel_ids)
    return len(reel_ids)


def drop(conn: Connection, reel_id: int) -> None:
    """Drop a reel and all that belongs to it. A film that was posted stays where it is."""
    _drop(conn, [reel_id])


def _changed(conn: Connection, reel_ids: Sequence[int], now: float) -> None:
    conn.execute(_COUNT_UP.where(_REEL.id.in_(_REELS)), {"reels": list(reel_ids)})
    conn.execute(_BEGIN_AGAIN, {"reels": list(reel_ids), "now": now})
    reel_panels.set_due(conn, reel_ids, now)


def _drop(conn: Connection, reel_ids: Sequence[int]) -> None:
    if reel_ids:
        renders = [str(one) for one in conn.execute(_RENDERS_OF_REELS, {"reels": list(reel_ids)}).scalars()]
        gallery.forget(conn, GalleryKind.REEL, renders)
        for statement in _DROP_REELS:
            conn.execute(statement, {"reels": list(reel_ids)})
