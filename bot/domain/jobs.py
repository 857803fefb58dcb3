"""A job's life: its states, the moves between them, its story, and its id."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.refusals import Impossible, NotPossible

_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letters that are mistaken for digits
JOB_ID_LENGTH = 12
"""Characters of a job's id."""


class JobState(StrEnum):
    """Where a job stands."""

    AWAITING = "awaiting"
    """Held and waiting for a moderator's approval."""
    QUEUED = "queued"
    """Accepted; nothing was sent to the provider."""
    SUBMITTING = "submitting"
    """A POST may be on its way; written before it leaves."""
    UNKNOWN = "unknown"
    """A POST may or may not have reached the provider: it is looked up before anything is sent again."""
    UNRESOLVED = "unresolved"
    """An owner decides, because neither a look-up nor waiting could tell how it ended. The hold stands."""
    RUNNING = "running"
    """The provider named its job ids."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.AWAITING: frozenset({JobState.QUEUED, JobState.CANCELLED}),
    # To RUNNING: an answer to an earlier attempt came after the job was put back.
    JobState.QUEUED: frozenset({JobState.SUBMITTING, JobState.CANCELLED, JobState.RUNNING}),
    JobState.SUBMITTING: frozenset(
        {JobState.RUNNING, JobState.UNKNOWN, JobState.QUEUED, JobState.FAILED, JobState.UNRESOLVED}
    ),
    # To FAILED: no history has shown it for a day.
    JobState.UNKNOWN: frozenset({JobState.RUNNING, JobState.QUEUED, JobState.UNRESOLVED, JobState.FAILED}),
    JobState.UNRESOLVED: frozenset({JobState.RUNNING, JobState.QUEUED, JobState.SUCCEEDED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.UNRESOLVED}),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}
"""Every move that a job may make. The database refuses all others: each update is guarded by the expected state."""

ENDED = frozenset(state for state, following in TRANSITIONS.items() if not following)
"""States that no job leaves."""
ACTIVE = frozenset(TRANSITIONS) - ENDED
"""States of jobs that have not ended."""
CANCELLABLE = frozenset({JobState.AWAITING, JobState.QUEUED})
"""States in which nothing was sent, so that a member can still cancel."""


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted request. Credits are whole credits; `*_at` are seconds since the epoch."""

    id: str
    interaction_id: int
    account_id: int
    guild_id: int
    channel_id: int
    member_id: int
    model_slug: str
    model_name: str
    request: Mapping[str, Any]
    payload: Mapping[str, Any]
    state: JobState
    held: int
    price_certain: bool
    charged: int | None
    reason: str | None
    created_at: float
    attempt_at: float | None
    running_at: float | None
    ended_at: float | None
    attempts: int
    due_at: float | None
    status_message_id: int | None
    erased_at: float | None = None
    """When its words and links were taken out; None: they are there."""
    comparison_id: str | None = None
    """The comparison that it is a part of; None: of none."""
    parent_id: str | None = None
    """The job whose clip it continues, which may not be kept any more; None where it continues none."""
    parent_position: int | None = None
    """The position of that clip among its parent's results, counted from 0."""

    @property
    def prompt(self) -> str:
        """Return the whole prompt that is sent. It is empty where a model starts from images alone."""
        return str(self.payload.get("prompt") or "")

    @property
    def style_name(self) -> str | None:
        """Return the name of the style that the request was made with, as it was then; None without one."""
        style = self.request.get("style")
        return str(style["name"]) if style else None

    @property
    def own_words(self) -> str:
        """Return what the member wrote: the prompt without the words of the style."""
        return self.prompt if self.style_name is None else str(self.request["values"].get("prompt") or "")


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One move of a job: when it came into a state, and why.

    `at` is in seconds since the epoch. `actor_id` is the person who moved it, or None where the engine did.
    """

    at: float
    state: JobState
    detail: str
    actor_id: int | None


def read_job_id(text: str) -> str:
    """Read a job's id as a person typed or copied it. Raises NotPossible for what cannot be one."""
    job_id = text.strip().strip("`").lower()
    if len(job_id) != JOB_ID_LENGTH or not (job_id.isascii() and job_id.isalnum()):
        raise NotPossible(Impossible.NOT_A_JOB_ID)
    return job_id


def new_job_id() -> str:
    """Return 60 random bits as 12 characters: short enough to quote, and for a message's nonce (25 at most)."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(JOB_ID_LENGTH))


def by_account(jobs: Iterable[Job]) -> dict[int, list[Job]]:
    """Group jobs by their provider account, each group in the order given."""
    groups: dict[int, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.account_id, []).append(job)
    return groups
