"""Reels of the week: written once for each guild and week, in the transaction that makes the reel."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, tuple_, update

from bot.domain.guild_settings import GuildSetting
from bot.storage.tables.gallery import weekly_reels_table
from bot.storage.tables.guild_settings import guild_settings_table
from bot.storage.upsert import insert_if_new

_WEEK = weekly_reels_table.c
_GUILDS = select(guild_settings_table.c.guild_id).where(
    guild_settings_table.c.name == GuildSetting.WEEKLY_REEL_DAY,
)
_ADD = insert_if_new(weekly_reels_table)
_KNOWN = select(_WEEK.week).where(_WEEK.guild_id == bindparam("guild"), _WEEK.week == bindparam("of_week"))
_DUE = (
    select(_WEEK.guild_id, _WEEK.week)
    .where(_WEEK.due_at <= bindparam("now"))
    .order_by(_WEEK.due_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True)
)
_ONE = (_WEEK.guild_id == bindparam("guild"), _WEEK.week == bindparam("of_week"))
_LOCK = select(_WEEK.due_at).where(*_ONE).with_for_update(key_share=True)
_SET = update(weekly_reels_table).where(*_ONE)


@dataclass(frozen=True, slots=True)
class WeeklyReel:
    """A reel of the week whose film is to be asked for. `due_at` is until when the worker that claimed it may go on."""

    guild_id: int
    week: str
    channel_id: int
    made_at: float
    reel_id: int
    due_at: float


_CLAIM = (
    update(weekly_reels_table)
    .where(tuple_(_WEEK.guild_id, _WEEK.week).in_(_DUE))
    .values(due_at=bindparam("until"))
    .returning(*(_WEEK[name] for name in WeeklyReel.__dataclass_fields__))
)


def guilds(conn: Connection) -> list[int]:
    """Return the guilds that have ever chosen when their reels of the week are made, or that they are not."""
    return list(conn.execute(_GUILDS).scalars())


def is_known(conn: Connection, guild_id: int, week: str) -> bool:
    """Tell whether the reel of a week was made, or given up."""
    return conn.execute(_KNOWN, {"guild": guild_id, "of_week": week}).first() is not None


def add(conn: Connection, guild_id: int, week: str, channel_id: int, now: float) -> bool:
    """Note that the reel of a week is made or given up. Returns False where that was noted before."""
    row = {"guild_id": guild_id, "week": week, "channel_id": channel_id, "made_at": now}
    return conn.execute(_ADD, row).rowcount == 1


def set_reel(conn: Connection, guild_id: int, week: str, reel_id: int, due_at: float) -> None:
    """Note which reel it is, and when its film is asked for."""
    conn.execute(_SET.values(reel_id=reel_id, due_at=due_at), {"guild": guild_id, "of_week": week})


def claim(conn: Connection, now: float, until: float, count: int) -> list[WeeklyReel]:
    """Take reels whose films are to be asked for, until a moment."""
    return [WeeklyReel(*row) for row in conn.execute(_CLAIM, {"now": now, "until": until, "count": count})]


def lock(conn: Connection, weekly: WeeklyReel) -> bool:
    """Lock a claimed reel until the transaction ends. Returns False where another worker has it by now."""
    due_at = conn.execute(_LOCK, {"guild": weekly.guild_id, "of_week": weekly.week}).scalar()
    return due_at == weekly.due_at


def ended(conn: Connection, weekly: WeeklyReel, render_id: int | None) -> None:
    """Note that a film was asked for; None: there will be none."""
    conn.execute(_SET.values(render_id=render_id, due_at=None), {"guild": weekly.guild_id, "of_week": weekly.week})


def later(conn: Connection, weekly: WeeklyReel, due_at: float) -> None:
    """Ask for a film at `due_at`."""
    conn.execute(_SET.values(due_at=due_at), {"guild": weekly.guild_id, "of_week": weekly.week})


def next_due(conn: Connection) -> float | None:
    """Return when a film is to be asked for next; None where none is."""
    return conn.execute(select(func.min(_WEEK.due_at))).scalar()
