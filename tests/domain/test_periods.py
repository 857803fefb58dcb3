"""Calendar periods in a time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.periods import (
    Period,
    keys_at,
    last_days,
    parse_key,
    renews_at,
    zone,
    zone_names,
)
from bot.domain.refusals import NotPossible

ZONES = ("UTC", "Europe/Berlin", "America/Havana", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu", "Asia/Beirut")


def moment(text: str, time_zone: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(time_zone)).timestamp()


@pytest.mark.parametrize(
    ("text", "time_zone", "day", "week", "month"),
    [
        ("2026-01-01T00:30", "UTC", "2026-01-01", "2026-W01", "2026-01"),
        ("2027-01-03T23:59", "UTC", "2027-01-03", "2026-W53", "2027-01"),
        ("2024-12-30T12:00", "Europe/Berlin", "2024-12-30", "2025-W01", "2024-12"),
        ("2026-11-03T01:00", "Asia/Tokyo", "2026-11-03", "2026-W45", "2026-11"),
    ],
)
def test_a_moment_has_the_keys_that_a_calendar_on_the_wall_shows(
    text: str, time_zone: str, day: str, week: str, month: str
) -> None:
    keys = keys_at(moment(text, time_zone), time_zone)
    assert (keys.day, keys.week, keys.month) == (day, week, month)


def test_the_day_on_which_clocks_go_back_lasts_25_hours() -> None:
    start = moment("2026-10-25T00:00", "Europe/Berlin")
    assert renews_at(Period.DAY, start, "Europe/Berlin") - start == 25 * 3600


def test_the_day_on_which_clocks_go_forward_lasts_23_hours() -> None:
    start = moment("2026-03-29T00:00", "Europe/Berlin")
    assert renews_at(Period.DAY, start, "Europe/Berlin") - start == 23 * 3600


@settings(deadline=None)
@given(
    st.floats(min_value=1_262_304_000, max_value=2_200_000_000, allow_nan=False),
    st.sampled_from(ZONES),
    st.sampled_from(Period),
)
@example(moment("2011-12-29T12:00", "Pacific/Apia"), "Pacific/Apia", Period.DAY)  # the island skipped the 30th
@example(moment("2018-11-03T12:00", "America/Sao_Paulo"), "America/Sao_Paulo", Period.DAY)  # no midnight on the 4th
@example(moment("2026-10-31T12:00", "America/Havana"), "America/Havana", Period.DAY)  # two midnights on the 1st
def test_a_period_lasts_exactly_until_it_renews(now: float, time_zone: str, period: Period) -> None:
    key = keys_at(now, time_zone).of(period)
    end = renews_at(period, now, time_zone)
    assert end > now
    assert keys_at(end, time_zone).of(period) != key
    assert keys_at(end - 0.001, time_zone).of(period) == key


@settings(deadline=None)
@given(st.floats(min_value=0, max_value=4_000_000_000), st.sampled_from(ZONES), st.sampled_from(Period))
def test_every_key_can_be_read_again(now: float, time_zone: str, period: Period) -> None:
    key = keys_at(now, time_zone).of(period)
    assert parse_key(key) == (period, key)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-02-30", "2026-W54", "20261103", "yesterday", "2026-W1"])
def test_text_that_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(NotPossible, match="not_a_period"):
        parse_key(text)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "Europe", "europe/berlin\x00"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(NotPossible, match="no_such_time_zone"):
        zone(name)


def test_every_listed_time_zone_can_be_used() -> None:
    assert all(zone(name) for name in zone_names())


def test_the_last_days_end_today() -> None:
    assert last_days(moment("2026-03-01T05:00", "UTC"), "UTC", 3) == ("2026-02-27", "2026-02-28", "2026-03-01")
