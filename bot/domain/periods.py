"""Calendar periods in a guild's own time zone: which one a moment belongs to, and when the next begins.

A period has a key, as people write it: `2026-11-03`, `2026-W45` (ISO week), `2026-11`. Nothing runs at midnight: a new
moment simply has a new key. Each key has its budget once, so a changed time zone cannot create credits.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.refusals import Impossible, NotPossible


class Period(StrEnum):
    """How long a budget lasts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class PeriodKeys:
    """The keys of the day, the week and the month that one moment lies in."""

    day: str
    week: str
    month: str

    def of(self, period: Period) -> str:
        """Return the key of one of the three."""
        return {Period.DAY: self.day, Period.WEEK: self.week, Period.MONTH: self.month}[period]


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the time zone called `name`, for example `Europe/Berlin`. Raises NotPossible if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotPossible(Impossible.NO_SUCH_TIME_ZONE) from error


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return every name that `zone` knows, sorted, to complete what a moderator types."""
    return tuple(sorted(available_timezones()))


def keys_at(now: float, time_zone: str) -> PeriodKeys:
    """Return the periods of the moment `now`, in seconds since the epoch, in that time zone."""
    today = _date_at(now, time_zone)
    return PeriodKeys(_day_key(today), _week_key(today), _month_key(today))


def renews_at(period: Period, now: float, time_zone: str) -> float:
    """Return when the next period begins, in seconds since the epoch: the first moment whose key differs."""
    today = _date_at(now, time_zone)
    if period is Period.DAY:
        following = today + timedelta(days=1)
    elif period is Period.WEEK:
        following = today + timedelta(days=7 - today.weekday())
    else:
        following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    # Midnight can be missing where the clocks go forward at midnight; the zone's earlier offset (fold=0) then names the
    # very moment of the change. Where midnight happens twice, fold=0 is the first of the two.
    return datetime.combine(following, time(), zone(time_zone)).timestamp()


def parse_key(text: str) -> tuple[Period, str]:
    """Read a period as a person types it: `2026-11-03`, `2026-W45`, `2026-11`. Raises NotPossible for anything else."""
    text = text.strip().upper()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return Period.DAY, _day_key(date.fromisoformat(text))
        if match := re.fullmatch(r"(\d{4})-W(\d{2})", text):
            return Period.WEEK, _week_key(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
            return Period.MONTH, _month_key(date(int(match[1]), int(match[2]), 1))
    except ValueError as error:
        raise NotPossible(Impossible.NOT_A_PERIOD) from error
    raise NotPossible(Impossible.NOT_A_PERIOD)


def days_of(period: Period, key: str) -> tuple[str, str]:
    """Return the keys of the first and the last day of a period. `key` is one that `parse_key` returned."""
    if period is Period.DAY:
        return key, key
    if period is Period.WEEK:
        monday = date.fromisocalendar(int(key[:4]), int(key[-2:]), 1)
        return _day_key(monday), _day_key(monday + timedelta(days=6))
    first = date.fromisoformat(f"{key}-01")
    return _day_key(first), _day_key((first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def last_days(now: float, time_zone: str, count: int) -> tuple[str, ...]:
    """Return the keys of the latest `count` days, today last."""
    today = _date_at(now, time_zone)
    return tuple(_day_key(today - timedelta(days=back)) for back in reversed(range(count)))


def _date_at(now: float, time_zone: str) -> date:
    return datetime.fromtimestamp(now, zone(time_zone)).date()


def _day_key(day: date) -> str:
    return day.isoformat()


def _week_key(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _month_key(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"
