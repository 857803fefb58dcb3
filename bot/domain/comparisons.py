"""Comparisons: one prompt, several models, one message, and a vote in which position and name tell nothing."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.jobs import ENDED, Job, JobState
from bot.domain.quota import QuotaStatus, Refusal, RefusalReason, refusals_of

MODELS_MIN, MODELS_MAX = 2, 4
"""Models of one comparison."""
LABELS = "ABCDEFGHIJ"
"""What clips are called in the message, in their order there."""
COMPARED_MIN = 5
"""Comparisons below which it says little how often a model won."""
CLIPS_VOTED_MIN = 2
"""Clips without which there is nothing to choose from: names are then shown at once."""

_KEYS = 2**63
"""Numbers that a database's 64-bit integer has below zero."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One accepted comparison. Its jobs are single jobs. `*_at` are seconds since the epoch."""

    id: str
    interaction_id: int
    guild_id: int
    channel_id: int
    member_id: int
    created_at: float
    status_message_id: int | None = None
    """The public card that tells the state of all its jobs."""
    closed_at: float | None = None
    """When it was decided what its message shows; None while it waits for clips."""
    lead_job_id: str | None = None
    """The job in whose place in the outbox the message is owed."""
    voting_ends_at: float | None = None
    """When votes are counted; None before the message stands, and where there is nothing to vote on."""
    ended_at: float | None = None
    """When votes were counted, or when it was clear that there is nothing to count."""

    @property
    def is_open(self) -> bool:
        """Whether names are still hidden from those who have not voted."""
        return self.voting_ends_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class Clip:
    """One model's part in a comparison."""

    comparison_id: str
    position: int
    """Its place among all, drawn by lot when the comparison was accepted."""
    job_id: str | None
    """None once the job is forgotten."""
    model_slug: str
    label: int | None = None
    """Its place among those shown in the message, 0 for A; None for one that is not shown there."""
    in_message: bool = False
    """Whether the comparison's message tells how it ended. One that came too late has a message of its own."""
    votes: int | None = None
    """Votes for it; None while they are not counted."""
    won: bool | None = None
    """Whether it has more votes than any other; None while votes are not counted, and where nobody voted."""

    @property
    def letter(self) -> str:
        """Return what it is called in the message; empty for one that is not shown there."""
        return "" if self.label is None else LABELS[self.label]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model fared in the comparisons of one guild."""

    won: int
    compared: int
    """Comparisons in which anybody voted."""
    votes: int
    """Votes for it, in all of them."""

    @property
    def is_telling(self) -> bool:
        """Whether enough was compared to say anything about the model."""
        return self.compared >= COMPARED_MIN


def job_key(interaction_id: int, position: int) -> int:
    """Return what stands for an interaction's id in one of the jobs of a comparison: another number for each.

    It is negative, and so no id of Discord's. Ids have a time of 42 bits in front; the two bits that are cut off here
    would make two of them alike that are 17 years apart.
    """
    return -1 - (interaction_id * MODELS_MAX + position) % _KEYS


def refusals_together(quota_status: QuotaStatus, prices: Sequence[int]) -> tuple[Refusal, ...]:
    """Return everything that a comparison at these prices does not fit; empty where all of it does.

    A price that moderators approve first is refused: the others would wait for it, and an approval of one video is none
    of its comparison. Raises NotPossible for prices that no request can have.
    """
    refusals, rules = refusals_of(quota_status, prices), quota_status.rules
    if any(rules.approval_channel(price) is not None for price in prices):
        refusals += (Refusal(RefusalReason.APPROVAL, rules.approval_above),)
    return refusals


def as_named(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Return the jobs of a comparison in the order in which the member named their models."""
    return tuple(sorted(jobs, key=lambda job: job.interaction_id, reverse=True))


def shuffled(count: int, chance: random.Random) -> tuple[int, ...]:
    """Return the places of so many clips in an order drawn by lot."""
    places = list(range(count))
    chance.shuffle(places)
    return tuple(places)


def closes_at(jobs: Sequence[Job], wait_seconds: float) -> float | None:
    """Return when a comparison's message is due, which may be in the past; None while nobody can say.

    It is due when all jobs have ended, and at the latest `wait_seconds` after the first video.
    """
    ended = [job.ended_at for job in jobs if job.ended_at is not None]
    if len(ended) == len(jobs):
        return max(ended)
    made = [job.ended_at for job in jobs if job.ended_at is not None and job.state is JobState.SUCCEEDED]
    return min(made) + wait_seconds if made else None


def arranged(clips: Sequence[Clip], jobs: Iterable[Job]) -> tuple[Clip, ...]:
    """Return the clips as the message shows them: those that succeeded have labels, in the order of their places.

    Those whose jobs have not ended are not in the message.
    """
    states = {job.id: job.state for job in jobs}
    placed: list[Clip] = []
    label = 0
    for clip in sorted(clips, key=lambda clip: clip.position):
        state = states.get(clip.job_id or "")
        shown = state is JobState.SUCCEEDED
        placed.append(replace(clip, in_message=state in ENDED, label=label if shown else None))
        label += shown
    return tuple(placed)


def counted(clips: Sequence[Clip], votes: Iterable[str]) -> tuple[Clip, ...]:
    """Return the clips with their votes; `votes` has the job that each member chose.

    One wins that has more than every other. Where the most votes are shared, none wins. Where nobody voted, it is not
    said of any that it did not win.
    """
    numbers = Counter(votes)
    shown = [clip for clip in clips if clip.label is not None]
    most = max((numbers[clip.job_id or ""] for clip in shown), default=0)
    alone = sum(numbers[clip.job_id or ""] == most for clip in shown) == 1
    return tuple(
        replace(clip, votes=votes_for, won=alone and votes_for == most if most else None)
        for clip in shown
        for votes_for in (numbers[clip.job_id or ""],)
    )
