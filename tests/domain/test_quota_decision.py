"""Which limits apply, and whether a request fits them: the pure rules."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_ui.views.quota_words import allowance_words, explain
from bot.domain.confirmation import ALWAYS, DEFAULT, NEVER, asks_first, parse_threshold, write_threshold
from bot.domain.periods import Period
from bot.domain.quota import (
    CREDITS_MAX,
    Allowance,
    Limit,
    QuotaStatus,
    RefusalReason,
    Rules,
    Scope,
    Split,
    applicable,
    decide,
    parse_amount,
)
from bot.domain.refusals import NotPossible

CEILING = Limit(Scope.CEILING, 0, Period.MONTH, 1000)
GUILD_LIMIT = Limit(Scope.GUILD, 0, Period.MONTH, 500)
EVERYONE = Limit(Scope.DEFAULT, 0, Period.DAY, 20)
ARTISTS = Limit(Scope.ROLE, 11, Period.DAY, 50)
PATRONS = Limit(Scope.ROLE, 12, Period.DAY, 80)
HERS = Limit(Scope.MEMBER, 7, Period.DAY, 5)


def quota_status(
    *used: tuple[Limit, int], rules: Rules | None = None, jobs: int = 0, guild_grants: int = 0, member_grants: int = 0
) -> QuotaStatus:
    allowances = tuple(Allowance(limit, held=0, spent=spent, renews_at=1e9) for limit, spent in used)
    return QuotaStatus(rules or Rules(), allowances, jobs, jobs, guild_grants, member_grants)


@pytest.mark.parametrize(
    ("stated", "roles", "expected"),
    [
        ((EVERYONE,), (), (EVERYONE,)),
        ((EVERYONE, ARTISTS), (), (EVERYONE,)),
        ((EVERYONE, ARTISTS), (11,), (ARTISTS,)),
        ((EVERYONE, ARTISTS, PATRONS), (11, 12), (PATRONS,)),
        ((ARTISTS, Limit(Scope.ROLE, 12, Period.DAY, None)), (11, 12), (Limit(Scope.ROLE, 12, Period.DAY, None),)),
        ((EVERYONE, PATRONS, HERS), (12,), (HERS,)),
        ((EVERYONE, Limit(Scope.MEMBER, 7, Period.MONTH, 9)), (), (EVERYONE, Limit(Scope.MEMBER, 7, Period.MONTH, 9))),
        ((CEILING, GUILD_LIMIT), (), (CEILING, GUILD_LIMIT)),
    ],
)
def test_the_most_specific_limit_of_each_period_applies(
    stated: tuple[Limit, ...], roles: tuple[int, ...], expected: tuple[Limit, ...]
) -> None:
    assert applicable(stated, roles, owners_account=True) == expected


def test_a_guild_with_its_own_account_has_no_ceiling() -> None:
    assert applicable((CEILING, GUILD_LIMIT), (), owners_account=False) == (GUILD_LIMIT,)


@pytest.mark.parametrize(
    ("state", "price", "outcome"),
    [
        (quota_status(), 10**6, Split(10**6, 0, 0)),
        (quota_status((EVERYONE, 0)), 20, Split(20, 0, 0)),
        (quota_status((EVERYONE, 1)), 20, RefusalReason.LIMIT),
        (quota_status((EVERYONE, 1), member_grants=1), 20, Split(20, 0, 1)),
        (quota_status((EVERYONE, 1), guild_grants=5), 20, RefusalReason.LIMIT),
        (quota_status((GUILD_LIMIT, 495), guild_grants=5), 10, Split(10, 5, 0)),
        (quota_status((CEILING, 995), guild_grants=50, member_grants=50), 10, RefusalReason.LIMIT),
        (quota_status((EVERYONE, 90)), 0, Split(0, 0, 0)),
        (quota_status((EVERYONE, 90), member_grants=20), 20, Split(20, 0, 20)),
        (quota_status((Limit(Scope.MEMBER, 7, Period.DAY, None), 10**9)), 20, Split(20, 0, 0)),
        (quota_status((Limit(Scope.MEMBER, 7, Period.DAY, 0), 0)), 1, RefusalReason.LIMIT),
        (quota_status(rules=Rules(price_max=9)), 10, RefusalReason.PRICE_MAX),
        (quota_status(rules=Rules(price_max=10)), 10, Split(10, 0, 0)),
        (quota_status(rules=Rules(member_jobs_max=2), jobs=2), 1, RefusalReason.MEMBER_JOBS),
        (quota_status(rules=Rules(guild_jobs_max=2), jobs=1), 1, Split(1, 0, 0)),
        (quota_status(rules=Rules(guild_jobs_max=2), jobs=2), 1, RefusalReason.GUILD_JOBS),
        (quota_status(rules=Rules(blocked_reason="unpaid")), 1, RefusalReason.BLOCKED),
    ],
)
def test_a_request_must_fit_everything_that_applies(
    state: QuotaStatus, price: int, outcome: Split | RefusalReason
) -> None:
    decision = decide(state, price)
    if isinstance(outcome, Split):
        assert decision == outcome
    else:
        assert isinstance(decision, tuple)
        assert [refusal.reason for refusal in decision] == [outcome]
        assert explain(decision, price)


@pytest.mark.parametrize("price", [-1, CREDITS_MAX + 1, 10**30])
def test_a_price_that_no_request_can_have_is_an_error(price: int) -> None:
    with pytest.raises(NotPossible, match="price_out_of_range"):
        decide(quota_status(), price)


PATRON = Limit(Scope.ROLE, 12, Period.DAY, None)


@pytest.mark.parametrize(
    ("threshold", "state", "price", "asked"),
    [
        # The default rule: more than half of what is left.
        (DEFAULT, quota_status((EVERYONE, 0)), 10, False),
        (DEFAULT, quota_status((EVERYONE, 0)), 11, True),
        (DEFAULT, quota_status((EVERYONE, 11)), 5, True),
        (DEFAULT, quota_status((EVERYONE, 11), member_grants=1), 5, False),
        (DEFAULT, quota_status((EVERYONE, 19)), 1, True),
        (DEFAULT, quota_status((EVERYONE, 20)), 0, False),
        (DEFAULT, quota_status((CEILING, 900), (PATRON, 0)), 51, True),  # the server has no more for the member either
        # Nobody without a limit is asked, whatever it costs.
        (DEFAULT, quota_status(), CREDITS_MAX, False),
        (DEFAULT, quota_status((PATRON, 10**6)), 600, False),
        (DEFAULT, quota_status(rules=Rules(price_max=100)), 100, False),  # a bound on one price is nothing left
        # What a server sets counts alone.
        (50, quota_status((EVERYONE, 0)), 20, False),
        (50, quota_status(), 50, False),
        (50, quota_status(), 51, True),
        (ALWAYS, quota_status(), 1, True),
        (ALWAYS, quota_status(), 0, False),  # it costs nothing
        (NEVER, quota_status((EVERYONE, 0)), 20, False),
        (NEVER, quota_status(), CREDITS_MAX, False),
    ],
)
def test_a_member_is_asked_before_a_price_that_hurts(
    threshold: int | None, state: QuotaStatus, price: int, asked: bool
) -> None:
    state = replace(state, rules=replace(state.rules, confirm_above=threshold))
    assert asks_first(state, price) is asked


@pytest.mark.parametrize(
    ("text", "threshold"),
    [("default", DEFAULT), (" Always", ALWAYS), ("never", NEVER), ("off", NEVER), ("1,200", 1200), ("0", ALWAYS)],
)
def test_the_price_above_which_members_are_asked_is_read_as_people_write_it(text: str, threshold: int | None) -> None:
    assert parse_threshold(text) == threshold
    assert parse_threshold(write_threshold(threshold)) == threshold


amounts = st.none() | st.integers(0, 60)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(Scope), st.sampled_from(Period), amounts, st.integers(0, 80)), max_size=5),
    st.integers(0, 40),
    st.integers(0, 40),
    st.none() | st.integers(0, 100),
)
def test_spendable_is_the_highest_price_that_fits(
    stated: list[tuple[Scope, Period, int | None, int]], guild_grants: int, member_grants: int, price_max: int | None
) -> None:
    used = [(Limit(scope, 0, period, amount), spent) for scope, period, amount, spent in stated]
    state = quota_status(
        *used, rules=Rules(price_max=price_max), guild_grants=guild_grants, member_grants=member_grants
    )
    most = state.spendable
    if most is None:
        assert isinstance(decide(state, CREDITS_MAX), Split)
    else:
        assert isinstance(decide(state, most), Split)
        assert not isinstance(decide(state, most + 1), Split)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", 0), ("50", 50), (" 1,200 ", 1200), ("1_000_000_000", 10**9), ("Unlimited", None), ("∞", None)],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: int | None) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", ["", "-1", "-0", "1.5", "1e9", "1000000001", "9" * 400, "ten", "٣", "0x10", "+5", "²"])
def test_other_amounts_are_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(NotPossible, match=r"not_an_amount .*1000000000"):
        parse_amount(text)


def test_an_allowance_says_what_is_left_and_when_it_renews() -> None:
    words = allowance_words(Allowance(EVERYONE, held=5, spent=14, renews_at=1e9))
    assert words == "**1 of 20** left · everyone's limit for today · 14 spent, 5 held · renews <t:1000000000:R>"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (quota_status(rules=Rules(member_jobs_max=0)), "No requests are taken here: the moderators"),
        (quota_status(rules=Rules(guild_jobs_max=0)), "No requests are taken here: the moderators"),
        (
            quota_status((replace(EVERYONE, amount=0), 0)),
            "This costs 1 credit, and nothing may be spent (everyone's limit for today). The moderators",
        ),
    ],
)
def test_a_limit_of_nothing_does_not_speak_of_waiting(state: QuotaStatus, words: str) -> None:
    refused = decide(state, 1)
    assert not isinstance(refused, Split)
    assert explain(refused, 1).startswith(words)
    assert "nothing" in allowance_words(Allowance(replace(EVERYONE, amount=0), 0, 0, 1e9))


def test_the_scarcest_limit_is_the_one_under_which_least_is_left() -> None:
    month, unlimited = replace(EVERYONE, period=Period.MONTH, amount=30), replace(EVERYONE, amount=None)
    scarcest = quota_status((EVERYONE, 5), (month, 20), (unlimited, 0)).scarcest
    assert scarcest is not None
    assert scarcest.limit == month
    assert quota_status((unlimited, 0)).scarcest is None
