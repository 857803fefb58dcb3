"""The moment of a reel of the week: in the server's own time zone, once a week, and not for what is over."""

from datetime import UTC, datetime

import pytest

from bot.domain.weekly_reel import LATE_SECONDS_MAX, is_due, latest_slot, next_slot

BERLIN = "Europe/Berlin"
SUNDAY = 6


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("now", "time_zone", "latest", "week", "following"),
    [
        ("2026-11-29T18:00", "UTC", "2026-11-29T18:00", "2026-W48", "2026-12-06T18:00"),
        ("2026-11-29T17:59", "UTC", "2026-11-22T18:00", "2026-W47", "2026-11-29T18:00"),
        ("2026-12-05T23:00", "UTC", "2026-11-29T18:00", "2026-W48", "2026-12-06T18:00"),
        ("2026-11-29T17:00", BERLIN, "2026-11-29T17:00", "2026-W48", "2026-12-06T17:00"),
        # Summer time ends on the day itself, so this week has an hour more.
        ("2026-10-20T12:00", BERLIN, "2026-10-18T16:00", "2026-W42", "2026-10-25T17:00"),
        # Sunday has begun where it is evening in London on Saturday.
        ("2026-11-28T05:00", "Pacific/Kiritimati", "2026-11-22T04:00", "2026-W47", "2026-11-29T04:00"),
        ("2027-01-03T18:30", "UTC", "2027-01-03T18:00", "2026-W53", "2027-01-10T18:00"),
    ],
)
def test_the_latest_moment_and_the_next(now: str, time_zone: str, latest: str, week: str, following: str) -> None:
    slot = latest_slot(at(now), SUNDAY, 18, time_zone)
    assert (slot.at, slot.week) == (at(latest), week)
    assert next_slot(at(now), SUNDAY, 18, time_zone).at == at(following)


def test_an_hour_that_the_clocks_skip_has_its_reel_all_the_same() -> None:
    slot = latest_slot(at("2026-03-29T12:00"), SUNDAY, 2, BERLIN)
    assert slot.at == at("2026-03-29T01:00")
    assert slot.week == "2026-W13"


@pytest.mark.parametrize(
    ("late", "chosen_before", "due"),
    [
        (0.0, 1.0, True),
        (LATE_SECONDS_MAX - 1, 1.0, True),
        (LATE_SECONDS_MAX, 1.0, False),
        (60.0, 0.0, False),
        (60.0, -30.0, False),
    ],
)
def test_what_is_too_late_or_was_over_when_it_was_chosen_is_not_made(
    late: float, chosen_before: float, due: bool
) -> None:
    slot = latest_slot(at("2026-11-29T18:00"), SUNDAY, 18, "UTC")
    assert is_due(slot, slot.at + late, slot.at - chosen_before) is due
