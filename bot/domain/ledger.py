"""The ledger's rules: what each kind of entry moves, and which part of a job the grants bear.

A job's credits are held when it is accepted (phase `hold`) and end exactly once (phase `end`): captured at what the
provider charged, or released. Later changes are entries of their own. Three sums follow from the entries:

* held    = Σ held_delta: promised to jobs that have not ended,
* spent   = Σ spent_delta: counted against the guild's and the member's limits and grants,
* charged = Σ charged_delta: taken by the provider, and counted against the owner's ceiling.

Spent and charged differ only by refunds: a moderator can give a member credits back, but the provider keeps its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.refusals import Impossible, NotPossible


class Kind(StrEnum):
    """What an entry records."""

    HOLD = "hold"
    CAPTURE = "capture"
    KEPT = "kept"
    """The job failed and the provider kept the credits."""
    RELEASE = "release"
    REFUND = "refund"
    CORRECTION = "correction"
    """The provider's charge turned out to be another one."""
    GRANT = "grant"


class Phase(StrEnum):
    """The two entries that every accepted job has once each."""

    HOLD = "hold"
    END = "end"


@dataclass(frozen=True, slots=True)
class Totals:
    """What the entries of one job add up to, in credits, and whether its hold has ended."""

    ended: bool
    spent: int
    charged: int


@dataclass(frozen=True, slots=True)
class Movement:
    """What one entry adds to the sums; each may be negative. `overrun` is the part charged above the hold."""

    held: int
    spent: int
    charged: int
    overrun: int = 0
    holds: int = 0
    """Open holds: +1 where a job's hold begins, -1 where it ends."""


def hold(price: int) -> Movement:
    """Return what accepting a job at this price moves."""
    return Movement(held=price, spent=0, charged=0, holds=1)


def capture(held: int, charged: int) -> Movement:
    """Return what the end of a job moves for which the provider charged `charged`."""
    return Movement(held=-held, spent=charged, charged=charged, overrun=max(0, charged - held), holds=-1)


def release(held: int) -> Movement:
    """Return what the end of a job moves for which nothing was charged."""
    return Movement(held=-held, spent=0, charged=0, holds=-1)


def refund(totals: Totals, amount: int) -> Movement:
    """Return what giving back `amount` credits of an ended job moves.

    Raises NotPossible beyond what was spent on it.
    """
    if not totals.ended:
        raise NotPossible(Impossible.REFUND_BEFORE_THE_END)
    if totals.spent == 0:
        raise NotPossible(Impossible.NOTHING_TO_REFUND)
    if not 0 < amount <= totals.spent:
        raise NotPossible(Impossible.REFUND_OUT_OF_RANGE, maximum=totals.spent)
    return Movement(held=0, spent=-amount, charged=0)


def correct(totals: Totals, held: int, charged: int) -> Movement:
    """Return what moves if the provider charged `charged` for an ended job, not what was captured. Refunds stay."""
    if not totals.ended:
        raise NotPossible(Impossible.CORRECTION_BEFORE_THE_END)
    difference = charged - totals.charged
    if difference == 0:
        raise NotPossible(Impossible.CHARGE_UNCHANGED, charged=charged)
    return Movement(
        held=0,
        spent=max(difference, -totals.spent),
        charged=difference,
        overrun=max(0, charged - max(held, totals.charged)),
    )


def borne_by_grants(total: int, held: int, granted: Sequence[int]) -> list[int]:
    """Return what each grant bears of `total` credits on a job that was held at `held`.

    `granted` is what each grant bore of the hold, in the order of use. The limits' part of the hold is used first, and
    an overrun falls on the limits too, so grants get back all that was not needed of them.
    """
    return draw(max(0, total - (held - sum(granted))), granted)


def draw(needed: int, available: Sequence[int]) -> list[int]:
    """Return how much of `needed` credits each grant gives, in order of use, as far as they go."""
    taken = []
    for left in available:
        taken.append(min(left, needed))
        needed -= taken[-1]
    return taken
