"""An honest estimate: a job's place in the queue, when it starts, when the video is there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.domain.dispatch import Budget, Log, foreseen
from bot.domain.durations import Durations
from bot.domain.fairness import Tags, Waiting

TURNS_FORESEEN_MAX = 500
"""Turns beyond which no estimate is made: most of a day of POSTs."""
READY_SHARE = 0.9
"""The share of a model's renders that are ready by the moment that members read."""
STARTING_SECONDS = 5.0
"""A job that leaves the queue within so many seconds is starting: it can hardly be cancelled any more."""


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
    """What to expect of a job, as of the moment at which it was foreseen. Moments are seconds since the epoch.

    None means that it is not known, or too far off to say.
    """

    place: int | None = None
    """Turns until the job's own one, counted from 1."""
    starts_at: float | None = None
    """When a queued job leaves the queue."""
    ready_at: float | None = None
    """By when READY_SHARE of such jobs are ready. None also where that moment is over."""
    held_up: HeldUp | None = None
    """Set where no estimate can be made until somebody has acted."""
    ahead_of_own: int = 0
    """How many queued requests of the same member come before a queued job."""
    durations: Durations | None = None
    """How long such renders take: what the moments were computed from."""
    decided_by: float | None = None
    """By when moderators decide about a job that waits for them. Without a decision it ends then."""
    is_starting: bool = False
    """Whether the job is being sent, or will be within STARTING_SECONDS."""
    is_overdue: bool = False
    """Whether the render has taken longer than READY_SHARE of such renders do."""

    @property
    def stands_until(self) -> float | None:
        """From when on the forecast is out of date: the job is starting, or the moment that it names is over."""
        if self.is_starting or self.starts_at is None:
            return self.ready_at
        return self.starts_at - STARTING_SECONDS


def of_queued(
    starts_at: float, durations: Durations, now: float, *, place: int | None = None, ahead_of_own: int = 0
) -> Forecast:
    """Return the forecast of a job that leaves the queue at `starts_at`."""
    return Forecast(
        place=place,
        starts_at=starts_at,
        ready_at=max(starts_at, now) + durations.quantile(READY_SHARE),
        ahead_of_own=ahead_of_own,
        durations=durations,
        is_starting=starts_at <= now + STARTING_SECONDS,
    )


def of_sent(sent_at: float, durations: Durations, now: float, *, is_starting: bool) -> Forecast:
    """Return the forecast of a job that was sent at `sent_at`. `is_starting`: the provider has not accepted it yet."""
    ready_at = sent_at + durations.quantile(READY_SHARE)
    if ready_at <= now:
        return Forecast(durations=durations, is_overdue=True)
    return Forecast(ready_at=ready_at, durations=durations, is_starting=is_starting)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What happens to an account's queue if nobody else asks, as foreseen at one moment."""

    seen_at: float
    turns: Mapping[tuple[int, int], Sequence[tuple[int, float]]]
    """Guild and member → the place and the moment of each of their next requests."""
    is_whole: bool
    """Whether these are all turns, so that a request without one has left the queue already."""

    def forecast(self, guild_id: int, member_id: int, ahead_of_own: int, durations: Durations, now: float) -> Forecast:
        """Return the forecast for the member's job that has `ahead_of_own` of their own queued jobs before it."""
        own = self.turns.get((guild_id, member_id), ())
        if ahead_of_own >= len(own):
            if self.is_whole:
                return of_sent(now, durations, now, is_starting=True)
            return Forecast(ahead_of_own=ahead_of_own)
        place, at = own[ahead_of_own]
        return of_queued(at, durations, now, place=place, ahead_of_own=ahead_of_own)


def look_ahead(waiting: Sequence[Waiting], tags: Tags, log: Log, budget: Budget, now: float) -> Outlook:
    """Foresee the next TURNS_FORESEEN_MAX turns, by the same rule that will pick them. `log` is used up."""
    turns: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for place, turn in enumerate(islice(foreseen(waiting, tags, log, budget, now), TURNS_FORESEEN_MAX), start=1):
        turns[turn.flow.guild_id, turn.flow.member_id].append((place, turn.at))
    return Outlook(now, turns, is_whole=sum(map(len, turns.values())) < TURNS_FORESEEN_MAX)
