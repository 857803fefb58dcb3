"""What may be different at the provider, at Discord and among the processes: one setting of every dial is a world.

Nobody has seen the real provider's answers. Each dial therefore has the documented behaviour and every other one that
is plausible, and a history draws a setting of its own.
"""

import random
from dataclasses import dataclass, fields
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")

PLAIN_SHARE = 0.6
"""Share of the histories in which a dial stands at its first, documented setting."""


@dataclass(frozen=True, slots=True)
class Dials:
    """One setting. Times are in seconds, shares between 0 and 1."""

    warm: bool
    """Whether the bot has made some videos before anything goes wrong."""
    processes: int
    """Bot processes on the one database."""
    skew_max: float
    """How far the processes' clocks are from the true time."""
    clock_jumps: bool
    """Whether the time of day jumps for a while, for all processes."""
    rough: float
    """Share of the requests to the provider that meet a fault."""
    lossy: float
    """Share of the accepted requests whose answer is lost or spoilt."""
    rough_discord: float
    """Share of the requests to Discord that meet a fault."""
    wire_seconds: float
    """Longest way of a request to the provider, and of its answer back."""

    prompt_told: Literal["as sent", "cut", "ellipsis", "escaped", "rewritten", "trimmed", "absent"]
    """How the history tells a prompt."""
    model_told: Literal["slug", "name", "other", "absent"]
    inputs_told: Literal["as sent", "hosted anew", "absent"]
    options_told: bool
    time_told: Literal["utc", "other zone", "epoch", "milliseconds", "absent"]
    provider_skew: float
    """How far the provider's clock is ahead of the true time."""
    history_lag: float
    """Age at which a render appears in the history."""
    history_stalls: bool
    """Whether the history stands still for `history_lag` now and then, instead of being late always."""
    history_rows: int
    history_shape: Literal["jobs", "bare list", "nested", "by id", "one broken", "oldest first"]
    history_tells_money: bool
    history_tells_results: bool
    words: Literal["documented", "others", "never seen"]
    """Which status words the provider uses."""
    results_told: Literal["at once", "late", "alias", "relative", "empty beside alias", "never"]
    charge_told: bool
    charge: Literal["as priced", "higher", "lower"]
    refund_told: bool
    texts: Literal["plain", "NUL", "long"]
    """What error messages look like."""
    renders_per_post: int
    folds: bool
    """Whether an identical request gets the render that is under way already."""
    foreign: float
    """Share of the moments at which somebody else makes a render with the same key."""
    many_ids: bool
    """Whether an answer may name ids that cannot be used."""
    run_seconds: float
    """How long a render usually takes."""
    failing: float
    """Share of the renders that fail."""
    kept: float
    """Share of the failed renders whose charge the provider keeps."""
    balance: int
    """Credits of the account at the beginning."""
    crowd: int
    """Members' requests that come all at once at the beginning."""
    approvals: bool
    """Whether moderators approve requests first."""
    ceiling: int | None
    """Credits a month that a guild may spend."""

    def unusual(self) -> str:
        """Describe every dial that does not stand at its documented setting."""
        plain = plain_dials()
        named = (field.name for field in fields(self))
        found = [f"{name}={getattr(self, name)}" for name in named if getattr(self, name) != getattr(plain, name)]
        return ", ".join(found) or "all as documented"


def plain_dials() -> Dials:
    """Return the documented setting of every dial."""

    def documented(first: T, /, *others: T) -> T:
        return first

    return _turn(documented)


def draw_dials(chance: random.Random) -> Dials:
    """Draw a setting; each dial stands at its documented setting in PLAIN_SHARE of the histories."""

    def either(first: T, /, *others: T) -> T:
        return first if chance.random() < PLAIN_SHARE else chance.choice(others)

    return _turn(either)


class _Either(Protocol):
    """Choose one setting of a dial; the first is the documented one."""

    def __call__(self, first: T, /, *others: T) -> T: ...


def _turn(one: _Either) -> Dials:
    return Dials(
        warm=one(True, False),
        processes=one(2, 1, 3),
        skew_max=one(0.0, 1.0, 2.0),
        clock_jumps=one(False, False, True),
        rough=one(0.1, 0.0, 0.3, 0.6),
        lossy=one(0.2, 0.0, 0.6),
        rough_discord=one(0.1, 0.0, 0.4),
        wire_seconds=one(1.0, 0.0, 4.0, 10.0),
        prompt_told=one("as sent", "cut", "ellipsis", "escaped", "rewritten", "trimmed", "absent"),
        model_told=one("slug", "name", "other", "absent"),
        inputs_told=one("as sent", "hosted anew", "absent"),
        options_told=one(True, False),
        time_told=one("utc", "other zone", "epoch", "milliseconds", "absent"),
        provider_skew=one(0.0, -180.0, 180.0, 20.0, -20.0),
        history_lag=one(0.0, 20.0, 120.0, 400.0, 1800.0, 3600.0),
        history_stalls=one(False, True),
        history_rows=one(20, 100, 6),
        history_shape=one("jobs", "bare list", "nested", "by id", "one broken", "oldest first"),
        history_tells_money=one(True, False),
        history_tells_results=one(True, False),
        words=one("documented", "others", "never seen"),
        results_told=one("at once", "late", "alias", "relative", "empty beside alias", "never"),
        charge_told=one(True, False),
        charge=one("as priced", "higher", "lower"),
        refund_told=one(True, False),
        texts=one("plain", "NUL", "long"),
        renders_per_post=one(1, 2),
        folds=one(False, True),
        foreign=one(0.0, 0.02, 0.1),
        many_ids=one(False, True),
        run_seconds=one(60.0, 5.0, 600.0),
        failing=one(0.1, 0.0, 0.5),
        kept=one(0.3, 0.0, 1.0),
        balance=one(1_000_000, 1_000, 300),
        crowd=one(0, 0, 0, 30),
        approvals=one(False, True),
        ceiling=one(100_000, 500, None),
    )
