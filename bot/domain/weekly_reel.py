"""When a server's reel of the week is made, in the server's own time zone, and what can be in it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.gallery import DAY
from bot.domain.periods import zone

CLIPS_MAX = 10
"""Clips of a reel of the week."""
CLIPS_MIN = 3
"""Clips without which there is no reel."""
SPAN_SECONDS = 7 * DAY
"""Seconds before its moment within which its clips were posted."""
LATE_SECONDS_MAX = DAY
"""Seconds after its moment within which it is still made, if nobody was there to make it."""
WEEKDAYS = range(7)
"""Monday is 0."""
HOURS = range(24)


@dataclass(frozen=True, slots=True)
class Slot:
    """The moment of one week's reel. `week` names the ISO week that it lies in, such as `2026-W48`."""

    week: str
    at: float
    day: date


def latest_slot(now: float, weekday: int, hour: int, time_zone: str) -> Slot:
    """Return the last moment of a weekday and an hour that is not after `now`, in seconds since the epoch."""
    today = datetime.fromtimestamp(now, zone(time_zone)).date()
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    slot = _slot(day, hour, time_zone)
    return slot if slot.at <= now else _slot(day - timedelta(days=7), hour, time_zone)


def next_slot(now: float, weekday: int, hour: int, time_zone: str) -> Slot:
    """Return the first such moment after `now`."""
    return _slot(latest_slot(now, weekday, hour, time_zone).day + timedelta(days=7), hour, time_zone)


def is_due(slot: Slot, now: float, chosen_at: float) -> bool:
    """Tell whether a reel is to be made. Nobody is surprised by one for a moment that was over when it was chosen."""
    return chosen_at < slot.at and now - slot.at < LATE_SECONDS_MAX


def _slot(day: date, hour: int, time_zone: str) -> Slot:
    year, week, _ = day.isocalendar()
    # An hour that the clocks skip is the one after it, and of one that comes twice it is the first.
    return Slot(f"{year}-W{week:02}", datetime.combine(day, time(hour), zone(time_zone)).timestamp(), day)
