"""Jobs whose outcome only an owner can find out, and the renders that could be theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.jobs import Job
from bot.domain.json_value import JsonObject
from bot.domain.renders import RenderReport

EXCERPT_CHARACTERS_MAX = 200
"""Characters of a candidate's prompt that are kept: enough for an owner to recognise it."""
CANDIDATES_MAX = 25
"""Candidates of one case that are kept: as many as a menu on Discord holds."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A render that belongs to no job of ours and could be the one that was looked for.

    What the provider did not tell is None. `created_at` is in seconds since the epoch.
    """

    remote_id: str
    model: str | None = None
    created_at: float | None = None
    prompt: str | None = None
    """The beginning of the prompt, as the provider tells it."""

    def to_json(self) -> JsonObject:
        """Return the candidate for storage."""
        return {"remote_id": self.remote_id, "model": self.model, "created_at": self.created_at, "prompt": self.prompt}


@dataclass(frozen=True, slots=True)
class Case:
    """A job that waits for an owner's decision: why, since when, and which renders could be its own."""

    job: Job
    why: str
    since: float
    candidates: tuple[Candidate, ...] = ()


def candidates_of(reports: Sequence[RenderReport]) -> tuple[Candidate, ...]:
    """Return renders as candidates, the newest first, at most CANDIDATES_MAX."""
    newest = sorted(reports, key=lambda report: report.created_at or 0.0, reverse=True)
    return tuple(
        Candidate(
            report.remote_id,
            report.model_slug,
            report.created_at,
            None if report.prompt is None else report.prompt[:EXCERPT_CHARACTERS_MAX],
        )
        for report in newest[:CANDIDATES_MAX]
    )
