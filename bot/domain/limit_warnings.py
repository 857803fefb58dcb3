"""Limits and rules that cannot take effect, or do something else than they seem to say. Pure: what is set goes in.

A limit is judged against the others that hold for the same spending. One that is never reached, because another one
is reached first, has no effect.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.confirmation import NEVER
from bot.domain.periods import Period
from bot.domain.quota import Limit, Rules, Scope

_TIMES = {(Period.DAY, Period.WEEK): 7, (Period.DAY, Period.MONTH): 31, (Period.WEEK, Period.MONTH): 5}
"""How often a shorter period begins in a longer one, at most."""
_LENGTHS = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31}


class Why(StrEnum):
    """What is wrong with a limit or a rule."""

    STILL_HOLDS = "still_holds"
    """`holds` is reached first: `limit` has no effect."""
    BELOW_DEFAULT = "below_default"
    """A role's `limit` gives its members less than `holds`, which everybody else has."""
    NOTHING = "nothing"
    """A `limit` of 0 lets nobody spend whom it applies to."""
    NO_CREDITS = "no_credits"
    """The owner's ceiling is 0, so that no other limit matters."""
    NO_JOBS = "no_jobs"
    """The rule `rule` lets nobody have a request at all."""
    NOTHING_COSTS_SO_LITTLE = "nothing_costs_so_little"
    """The highest price of a request is 0."""
    NEVER_ASKED = "never_asked"
    """The rule `rule` names prices above one that no request may have."""


@dataclass(frozen=True, slots=True)
class LimitWarning:
    """One thing that a moderator should know about a limit or a rule."""

    why: Why
    limit: Limit | None = None
    holds: Limit | None = None
    rule: str | None = None
    """The field of Rules."""

    def concerns(self, changed: Limit | str) -> bool:
        """Tell whether a limit, whatever its amount, or a rule by its field has to do with it."""
        if isinstance(changed, str):
            return changed == self.rule or (changed == "price_max" and self.why is Why.NEVER_ASKED)
        return any(_key(one) == _key(changed) for one in (self.limit, self.holds) if one is not None)


def limit_warnings(limits: Iterable[Limit], rules: Rules, *, owners_account: bool) -> tuple[LimitWarning, ...]:
    """Return what should be known about the limits and rules of a guild.

    `owners_account` says that the owner pays, so that the ceiling counts.
    """
    stated = [limit for limit in limits if owners_account or limit.scope is not Scope.CEILING]
    return (*_about_limits(stated), *_about_rules(rules))


def _about_limits(stated: list[Limit]) -> Iterator[LimitWarning]:
    for limit in stated:
        if limit.scope is Scope.CEILING:
            if limit.amount == 0:
                yield LimitWarning(Why.NO_CREDITS, limit)
            continue
        if limit.amount == 0:
            yield LimitWarning(Why.NOTHING, limit)
            continue
        holding = [other for other in _beside(limit, stated) if _is_reached_first(other, limit)]
        if holding:
            yield LimitWarning(Why.STILL_HOLDS, limit, min(holding, key=_rate))
        elif limit.scope is Scope.ROLE and (default := _more_generous_default(limit, stated)) is not None:
            yield LimitWarning(Why.BELOW_DEFAULT, limit, default)


def _about_rules(rules: Rules) -> Iterator[LimitWarning]:
    for rule in ("member_jobs_max", "guild_jobs_max"):
        if getattr(rules, rule) == 0:
            yield LimitWarning(Why.NO_JOBS, rule=rule)
    if rules.price_max == 0:
        yield LimitWarning(Why.NOTHING_COSTS_SO_LITTLE, rule="price_max")
    elif rules.price_max is not None:
        for rule in ("confirm_above", "approval_above"):
            threshold = getattr(rules, rule)
            if threshold not in (None, NEVER) and threshold >= rules.price_max:
                yield LimitWarning(Why.NEVER_ASKED, rule=rule)


def _beside(limit: Limit, stated: list[Limit]) -> Iterator[Limit]:
    """Yield the limits that hold for all spending that `limit` is about, besides itself."""
    own_periods = {other.period for other in stated if _is_same_subject(other, limit)}
    role_periods = {other.period for other in stated if other.scope is Scope.ROLE}
    for other in stated:
        if _is_same_subject(other, limit):
            # "Unlimited" beside another period of the same subject is meant so.
            holds = other != limit and limit.amount is not None
        elif other.scope is Scope.CEILING:
            # A member's or a role's "unlimited" lifts the default. A ceiling of 0 is told once, for all limits.
            holds = other.amount != 0 and (limit.scope is Scope.GUILD or limit.amount is not None)
        elif other.scope is Scope.GUILD:
            holds = limit.amount is not None
        elif other.scope is Scope.DEFAULT:
            # A member may have a role that lifts the default of that period.
            lifted = other.period in own_periods or (limit.scope is Scope.MEMBER and other.period in role_periods)
            holds = limit.scope in (Scope.ROLE, Scope.MEMBER) and not lifted
        else:
            holds = False
        if holds:
            yield other


def _more_generous_default(limit: Limit, stated: list[Limit]) -> Limit | None:
    if limit.amount is None:
        return None
    defaults = (other for other in stated if other.scope is Scope.DEFAULT and other.period is limit.period)
    return next((other for other in defaults if other.amount is None or other.amount > limit.amount), None)


def _is_same_subject(one: Limit, other: Limit) -> bool:
    return (one.scope, one.subject_id) == (other.scope, other.subject_id)


def _is_reached_first(holds: Limit, limit: Limit) -> bool:
    if holds.amount is None:
        return False
    return limit.amount is None or limit.amount > holds.amount * _TIMES.get((holds.period, limit.period), 1)


def _rate(limit: Limit) -> float:
    return (limit.amount or 0) / _LENGTHS[limit.period]


def _key(limit: Limit) -> tuple[Scope, int, Period]:
    return limit.scope, limit.subject_id, limit.period
