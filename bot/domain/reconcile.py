"""Which of the provider's renders is ours, after a POST whose answer was lost. It never guesses.

A render can belong to an attempt if it is of the same model, was created since the attempt began, is owned by no job of
ours, and does not contradict it in what the history tells of prompt and inputs. Requests that are alike are judged
together, because a render that fits one of them fits the others as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.renders import RenderReport

CLOCK_SKEW_SECONDS = 120.0
"""How far the provider's clock may be behind or ahead of ours."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A POST with an unknown outcome: the job, what was sent, and when it began."""

    job_id: str
    model_slug: str
    prompt: str
    input_urls: tuple[str, ...]
    began_at: float


def input_urls_of(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Every address that a generate body gives the provider to read, whatever its field is called."""
    found: list[str] = []
    for name, value in payload.items():
        if name.endswith("_url") and isinstance(value, str):
            found.append(value)
        elif name.endswith("_urls") and isinstance(value, list):
            found.extend(str(url) for url in value)
    return tuple(found)


class Verdict(StrEnum):
    """What a look-up tells of one attempt."""

    FOUND = "found"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Finding:
    """`remote_id` is set where the verdict is FOUND."""

    verdict: Verdict
    remote_id: str | None = None


def fits(attempt: Attempt, report: RenderReport) -> bool:
    """Whether the render may have come from the attempt. What the history leaves out cannot contradict it."""
    if report.model_slug is not None and report.model_slug != attempt.model_slug:
        return False
    if report.created_at is not None and report.created_at < attempt.began_at - CLOCK_SKEW_SECONDS:
        return False
    if report.prompt is not None and not _same_text(report.prompt, attempt.prompt):
        return False
    return not report.input_urls or set(report.input_urls) == set(attempt.input_urls)


def judge(attempts: Sequence[Attempt], unowned: Sequence[RenderReport]) -> Mapping[str, Finding]:
    """Return a finding for each attempt, by job id. `unowned` are renders of the history that no job of ours owns."""
    candidates = {attempt.job_id: [report for report in unowned if fits(attempt, report)] for attempt in attempts}
    rivals: dict[str, int] = {}
    for reports in candidates.values():
        for report in reports:
            rivals[report.remote_id] = rivals.get(report.remote_id, 0) + 1
    findings: dict[str, Finding] = {}
    for attempt in attempts:
        reports = candidates[attempt.job_id]
        if not reports:
            findings[attempt.job_id] = Finding(Verdict.ABSENT)
        elif len(reports) == 1 and rivals[reports[0].remote_id] == 1:
            findings[attempt.job_id] = Finding(Verdict.FOUND, reports[0].remote_id)
        else:
            findings[attempt.job_id] = Finding(Verdict.AMBIGUOUS)
    _pair_alike(attempts, candidates, findings)
    return findings


def _pair_alike(
    attempts: Sequence[Attempt], candidates: Mapping[str, list[RenderReport]], findings: dict[str, Finding]
) -> None:
    """Settle identical requests that have exactly as many renders: each got one, in the order of their times.

    Only where every render tells its prompt: else one of them may be somebody else's.
    """
    groups: dict[tuple[str, str, tuple[str, ...]], list[Attempt]] = {}
    for attempt in attempts:
        groups.setdefault((attempt.model_slug, attempt.prompt, attempt.input_urls), []).append(attempt)
    for alike in groups.values():
        shared = {report.remote_id: report for attempt in alike for report in candidates[attempt.job_id]}
        outside = {
            report.remote_id for attempt in attempts if attempt not in alike for report in candidates[attempt.job_id]
        }
        told = all(report.prompt is not None and report.created_at is not None for report in shared.values())
        if len(alike) < 2 or len(shared) != len(alike) or outside & set(shared) or not told:
            continue
        in_order = sorted(shared.values(), key=lambda report: (report.created_at or 0.0, report.remote_id))
        for attempt, report in zip(sorted(alike, key=lambda each: each.began_at), in_order, strict=True):
            if not fits(attempt, report):
                break
            findings[attempt.job_id] = Finding(Verdict.FOUND, report.remote_id)


def _same_text(ours: str, theirs: str) -> bool:
    """Prompts are equal up to white space, which a provider may trim or fold."""
    return ours.split() == theirs.split()
