"""An honest estimate: a job's place in the queue, when it starts, when the video is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.domain.dispatch import Budget, Log, foreseen
from bot.domain.fairness import Tags, Waiting

TYPICAL_SECONDS_UNLEARNED = 90.0
"""Until a model's own times are known: the provider's docs say 30 s to 3 minutes."""
TURNS_FORESEEN_MAX = 500
"""Turns beyond which no estimate is made: most of a day of POSTs."""


class HeldUp(StrEnum):
    """Why nothing is sent at the moment, whoever's turn it is."""

    PAUSED = "paused"
    """A moderator or an owner stopped the queue."""
    NO_CREDITS = "no_credits"
    """The provider account cannot pay."""
    REFUSED = "refused"
    """The provider does not accept the account's key."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """`place` counts from 1; None: too far off to say. `starts_at` and `ready_at` in seconds since the epoch."""

    place: int | None = None
    starts_at: float | None = None
    ready_at: float | None = None
    held_up: HeldUp | None = None
    """Set where no estimate can be made until somebody has acted."""


def foresee(
    waiting: Sequence[Waiting],
    tags: Tags,
    log: Log,
    budget: Budget,
    *,
    guild_id: int,
    member_id: int,
    ahead_of_own: int,
    typical_seconds: float,
    now: float,
) -> Forecast:
    """Return the forecast for the member's job that has `ahead_of_own` of their own queued jobs before it.

    The place and the start are what happens if nobody else asks. `log` is used up: pass a copy.
    """
    left = ahead_of_own
    for place, turn in enumerate(islice(foreseen(waiting, tags, log, budget, now), TURNS_FORESEEN_MAX), start=1):
        if (turn.flow.guild_id, turn.flow.member_id) != (guild_id, member_id):
            continue
        if left:
            left -= 1
            continue
        return Forecast(place, turn.at, turn.at + typical_seconds)
    return Forecast()
