"""A reel as use cases read it inside their transactions, and what they require of it. Everything raises ReelRefused."""

from sqlalchemy import Connection

from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import PARTS_MAX, Actor, may_edit, measure, why_not_add
from bot.domain.reels import Reel
from bot.services.reel_views import BackgroundSound, ReelView
from bot.storage import reel_parts, reel_renders, reels, upload_limits


def view_of(conn: Connection, guild_id: int, reel_id: int, now: float) -> ReelView:
    """Return a reel of a guild with all that is in it."""
    reel = found(reels.find(conn, reel_id), guild_id)
    parts = reel_parts.of_reel(conn, reel_id)
    sound = reels.sound_of(conn, reel_id)
    render = reel_renders.open_of(conn, reel_id)
    return ReelView(
        reel=reel,
        parts=tuple(parts),
        named=tuple(reels.members(conn, reel_id)),
        background=BackgroundSound(*sound) if sound is not None else None,
        measure=measure(reel, parts, upload_limits.of_guild(conn, guild_id, now)),
        render=render,
        renders_ahead=reel_renders.ahead_of(conn, render.id) if render is not None else 0,
    )


def found(reel: Reel | None, guild_id: int) -> Reel:
    """Return a reel that was looked for, if it is of this guild."""
    if reel is None or reel.guild_id != guild_id:
        raise ReelRefused(ReelProblem.NO_SUCH_REEL)
    return reel


def require_open(conn: Connection, reel: Reel, actor: Actor) -> None:
    """Require that a member may add to a reel, and that it has room for one clip."""
    if (problem := why_not_add(reel, reels.members(conn, reel.id), actor)) is not None:
        raise ReelRefused(problem)
    if reel_parts.count(conn, reel.id) >= PARTS_MAX:
        raise ReelRefused(ReelProblem.FULL, maximum=PARTS_MAX)


def require_editor(reel: Reel, version: int | None, actor: Actor) -> None:
    """Require that a member may change a reel, and that it has this version; None: any."""
    if not may_edit(reel, actor):
        raise ReelRefused(ReelProblem.NOT_AN_EDITOR, maker=reel.maker_id)
    if version is not None and version != reel.version:
        raise ReelRefused(ReelProblem.CHANGED)


def put_coming(conn: Connection, guild_id: int, reel_id: int, job_id: str, member_id: int, now: float) -> None:
    """Put a video at the end of a reel that is still to be made. Does nothing where the reel is gone or full by now."""
    reel = reels.lock(conn, reel_id)
    if reel is not None and reel.guild_id == guild_id and reel_parts.count(conn, reel_id) < PARTS_MAX:
        reel_parts.add_clip(conn, reel_id, job_id, 0, member_id, now)
        reels.note_addition(conn, reel_id, now)
