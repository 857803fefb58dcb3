"""Which limits and rules a moderator is warned about, as a table of what is set."""

import pytest

from bot.domain.confirmation import NEVER
from bot.domain.limit_warnings import LimitWarning, Why, limit_warnings
from bot.domain.periods import Period
from bot.domain.quota import Limit, Rules, Scope

PATRONS, FRIENDS, MIA = 9, 10, 7


def ceiling(amount: int | None, period: Period = Period.MONTH) -> Limit:
    return Limit(Scope.CEILING, 0, period, amount)


def guild(amount: int | None, period: Period = Period.MONTH) -> Limit:
    return Limit(Scope.GUILD, 0, period, amount)


def default(amount: int | None, period: Period = Period.DAY) -> Limit:
    return Limit(Scope.DEFAULT, 0, period, amount)


def patrons(amount: int | None, period: Period = Period.DAY, role: int = PATRONS) -> Limit:
    return Limit(Scope.ROLE, role, period, amount)


def mia(amount: int | None, period: Period = Period.DAY) -> Limit:
    return Limit(Scope.MEMBER, MIA, period, amount)


DAY, WEEK, MONTH = Period.DAY, Period.WEEK, Period.MONTH

Told = tuple[Why, Limit, Limit | None]


def still(limit: Limit, holds: Limit) -> Told:
    return Why.STILL_HOLDS, limit, holds


CASES: list[tuple[str, list[Limit], list[Told]]] = [
    ("a guild's limit over the ceiling", [ceiling(1000), guild(5000)], [still(guild(5000), ceiling(1000))]),
    ("an unlimited guild", [ceiling(1000), guild(None)], [still(guild(None), ceiling(1000))]),
    ("as much as the ceiling", [ceiling(1000), guild(1000)], []),
    ("below the ceiling", [ceiling(1000), guild(900)], []),
    ("a day over a month's ceiling", [ceiling(1000), guild(1001, DAY)], [still(guild(1001, DAY), ceiling(1000))]),
    ("a day that a month's ceiling allows once", [ceiling(1000), guild(1000, DAY)], []),
    ("a month that 31 days reach", [guild(100, DAY), guild(3100)], []),
    ("a month that 31 days do not reach", [guild(100, DAY), guild(3101)], [still(guild(3101), guild(100, DAY))]),
    ("an unlimited ceiling", [ceiling(None), guild(5000)], []),
    (
        "a ceiling of nothing is told once",
        [ceiling(0), guild(5000), default(50), mia(9)],
        [(Why.NO_CREDITS, ceiling(0), None)],
    ),
    (
        "a role unlimited in another period",
        [default(50), patrons(None, MONTH)],
        [still(patrons(None, MONTH), default(50))],
    ),
    (
        "a role's month that the daily default never reaches",
        [default(50), patrons(5000, MONTH)],
        [still(patrons(5000, MONTH), default(50))],
    ),
    ("a role's month inside the daily default", [default(50), patrons(1000, MONTH)], []),
    (
        "a role unlimited a day under a monthly default",
        [default(200, MONTH), patrons(None)],
        [still(patrons(None), default(200, MONTH))],
    ),
    ("a role that states the default's period too", [default(50), patrons(None, MONTH), patrons(None)], []),
    ("a role unlimited in the default's period", [default(50), patrons(None)], []),
    ("a member of another period", [default(50), mia(5000, MONTH)], [still(mia(5000, MONTH), default(50))]),
    ("a member who may have a role that lifts the default", [default(50), patrons(500), mia(5000, MONTH)], []),
    ("a member's limit over the ceiling", [ceiling(1000), mia(5000, MONTH)], [still(mia(5000, MONTH), ceiling(1000))]),
    ("a member's limit over the guild's", [guild(100, WEEK), mia(150)], [still(mia(150), guild(100, WEEK))]),
    ("a default over the ceiling", [ceiling(1000), default(2000)], [still(default(2000), ceiling(1000))]),
    ("an unlimited member under a ceiling lifts the default", [ceiling(1000), guild(500), mia(None)], []),
    (
        "the strictest of several is named",
        [ceiling(1000), guild(10, DAY), mia(5000, MONTH)],
        [still(mia(5000, MONTH), guild(10, DAY))],
    ),
    ("a role below the default", [default(50), patrons(20)], [(Why.BELOW_DEFAULT, patrons(20), default(50))]),
    (
        "a role below an unlimited default",
        [default(None), patrons(20)],
        [(Why.BELOW_DEFAULT, patrons(20), default(None))],
    ),
    ("a role with the default's amount", [default(50), patrons(50)], []),
    ("a member below the default is meant so", [default(50), mia(20)], []),
    ("a limit of nothing", [default(0), patrons(50)], [(Why.NOTHING, default(0), None)]),
    (
        "a default of nothing in another period",
        [default(0), patrons(50, MONTH)],
        [(Why.NOTHING, default(0), None), still(patrons(50, MONTH), default(0))],
    ),
    ("nothing for a member", [mia(0)], [(Why.NOTHING, mia(0), None)]),
    ("another role's limit does not matter", [patrons(20), patrons(50, MONTH, FRIENDS)], []),
]


@pytest.mark.parametrize(("limits", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_limit_is_warned_about_where_it_cannot_take_effect(limits: list[Limit], expected: list[Told]) -> None:
    found = limit_warnings(limits, Rules(), owners_account=True)
    assert [(warning.why, warning.limit, warning.holds) for warning in found] == expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rules(price_max=100, confirm_above=99, approval_above=50), []),
        (Rules(price_max=100, confirm_above=100), [(Why.NEVER_ASKED, "confirm_above")]),
        (Rules(price_max=100, confirm_above=NEVER), []),
        (Rules(price_max=100, approval_above=400), [(Why.NEVER_ASKED, "approval_above")]),
        (Rules(confirm_above=400, approval_above=400), []),
        (Rules(price_max=0, confirm_above=5), [(Why.NOTHING_COSTS_SO_LITTLE, "price_max")]),
        (Rules(member_jobs_max=0), [(Why.NO_JOBS, "member_jobs_max")]),
        (Rules(member_jobs_max=1, guild_jobs_max=0), [(Why.NO_JOBS, "guild_jobs_max")]),
    ],
)
def test_a_rule_is_warned_about_where_it_cannot_take_effect(rules: Rules, expected: list[tuple[Why, str]]) -> None:
    found = limit_warnings([], rules, owners_account=True)
    assert [(warning.why, warning.rule) for warning in found] == expected


def test_a_guild_with_a_key_of_its_own_has_no_ceiling() -> None:
    assert limit_warnings([ceiling(0), guild(5000)], Rules(), owners_account=False) == ()


@pytest.mark.parametrize(
    ("changed", "concerned"),
    [
        (patrons(3, MONTH), True),
        (default(77), True),
        (default(50, MONTH), False),
        (patrons(None, MONTH, FRIENDS), False),
        ("price_max", False),
    ],
)
def test_a_change_is_warned_about_with_either_of_the_two_limits(changed: Limit | str, concerned: bool) -> None:
    assert LimitWarning(Why.STILL_HOLDS, patrons(None, MONTH), default(50)).concerns(changed) is concerned


def test_the_highest_price_concerns_the_thresholds_above_it() -> None:
    warning = LimitWarning(Why.NEVER_ASKED, rule="confirm_above")
    assert [warning.concerns(rule) for rule in ("confirm_above", "price_max", "approval_above")] == [True, True, False]
