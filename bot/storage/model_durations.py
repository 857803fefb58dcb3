"""How long each model's latest jobs took."""

from sqlalchemy import Connection, bindparam, select

from bot.storage.tables.provider import model_timings_table
from bot.storage.upsert import upsert

DURATIONS_KEPT = 21
"""Number of a model's latest durations that are kept: enough for a median, few enough to follow a change."""

_ALL = select(model_timings_table.c.model_slug, model_timings_table.c.seconds)
_SLOTS = (
    select(model_timings_table.c.slot)
    .where(model_timings_table.c.model_slug == bindparam("model_slug"))
    .order_by(model_timings_table.c.at)
)
_SAVE = upsert(model_timings_table, (model_timings_table.c.seconds, model_timings_table.c.at))


def load(conn: Connection) -> dict[str, list[float]]:
    """Return the kept durations of each model, in seconds."""
    found: dict[str, list[float]] = {}
    for slug, seconds in conn.execute(_ALL):
        found.setdefault(slug, []).append(seconds)
    return found


def add(conn: Connection, model_slug: str, seconds: float, now: float) -> None:
    """Keep how long a job took. The oldest of the kept durations makes room."""
    oldest_first = list(conn.execute(_SLOTS, {"model_slug": model_slug}).scalars())
    slot = len(oldest_first) if len(oldest_first) < DURATIONS_KEPT else oldest_first[0]
    conn.execute(_SAVE, {"model_slug": model_slug, "slot": slot, "seconds": seconds, "at": now})
