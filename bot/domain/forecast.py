"""An honest estimate: a job's place in the queue, when it starts, when the video is there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.domain.dispatch import Budget, Log, foreseen
from bot.domain.fairness import Tags, Waiting

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
    """When a job starts and is ready, in seconds since the epoch. None means that it is too far off to say."""

    place: int | None = None
    """Turns until the job's own one, counted from 1."""
    starts_at: float | None = None
    ready_at: float | None = None
    held_up: HeldUp | None = None
    """Set where no estimate can be made until somebody has acted."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What happens to an account's queue if nobody else asks, as foreseen at one moment."""

    seen_at: float
    turns: Mapping[tuple[int, int], Sequence[tuple[int, float]]]
    """Guild and member → the place and the moment of each of their next requests."""

    def forecast(self, guild_id: int, member_id: int, ahead_of_own: int, typical_seconds: float) -> Forecast:
        """Return the forecast for the member's job that has `ahead_of_own` of their own queued jobs before it."""
        own = self.turns.get((guild_id, member_id), ())
        if ahead_of_own >= len(own):
            return Forecast()
        place, at = own[ahead_of_own]
        return Forecast(place, at, at + typical_seconds)


def look_ahead(waiting: Sequence[Waiting], tags: Tags, log: Log, budget: Budget, now: float) -> Outlook:
    """Foresee the next TURNS_FORESEEN_MAX turns, by the same rule that will pick them. `log` is used up."""
    turns: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for place, turn in enumerate(islice(foreseen(waiting, tags, log, budget, now), TURNS_FORESEEN_MAX), start=1):
        turns[turn.flow.guild_id, turn.flow.member_id].append((place, turn.at))
    return Outlook(now, turns)
