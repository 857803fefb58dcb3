"""What an answer about a running job's renders means: the job's end, another question, or an owner's case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.renders import RenderReport, RenderState


@dataclass(frozen=True, slots=True)
class Heard:
    """What one round of questions brought. Renders that appear in none of these were not answered for."""

    reports: Mapping[str, RenderReport] = field(default_factory=dict)
    """Remote id → report."""
    not_known: frozenset[str] = frozenset()
    """Renders that the provider says it does not know."""
    unreadable: frozenset[str] = frozenset()
    """Renders for which the provider answered with something that cannot be read."""

    def answered(self, remote_id: str) -> bool:
        """Return whether the provider answered at all. Silence is no sign of a job's age."""
        return remote_id in self.reports or remote_id in self.not_known or remote_id in self.unreadable


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: how long a job may run, and how long an answer is asked for again that says too little."""

    running: float
    unheard: float


class Next(StrEnum):
    """What to do with a job."""

    SETTLE = "settle"
    ASK_AGAIN = "ask_again"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, with the renders as they are known now. `why` is in plain words, for an owner."""

    next: Next
    renders: tuple[RenderReport, ...]
    why: str = ""


def follow(
    known: Sequence[RenderReport], heard: Heard, unheard_for: Mapping[str, float], elapsed: float, limits: Limits
) -> Step:
    """Decide about a job of the renders `known` (as stored) that runs for `elapsed` seconds.

    `unheard_for` has the seconds since the first answer that said too little (`says_too_little`), by remote id. That a
    completed render has no address is believed only after `limits.unheard`.
    """
    renders = tuple(_latest(render, heard, unheard_for, limits) for render in known)
    if renders and all(render.state.final for render in renders):
        return Step(Next.SETTLE, renders)
    still_open = [render.remote_id for render in renders if not render.state.final]
    lost = [one for one in still_open if one in heard.not_known and unheard_for.get(one, 0.0) > limits.unheard]
    if lost:
        return Step(Next.HAND_OVER, renders, f"the provider does not know the render {lost[0]}")
    if elapsed > limits.running and all(heard.answered(one) for one in still_open):
        return Step(Next.HAND_OVER, renders, f"the provider reports no end after {elapsed / 3600:.1f} hours")
    return Step(Next.ASK_AGAIN, renders)


def says_too_little(remote_id: str, heard: Heard) -> bool:
    """Return whether the answer about a render is one that a later answer may correct within minutes."""
    report = heard.reports.get(remote_id)
    if report is None:
        return remote_id in heard.not_known or remote_id in heard.unreadable
    return report.state is RenderState.UNREADABLE or _without_address(report)


def ask_status_for(report: RenderReport) -> bool:
    """Return whether a row of the history says too little to go by: the status may tell the charge and the address."""
    if report.state is RenderState.UNREADABLE:
        return True
    if report.state is RenderState.COMPLETED:
        return report.credits_charged is None or not report.result_urls
    return report.state is RenderState.FAILED and report.credits_refunded is None


def seconds_taken(reports: Sequence[RenderReport]) -> float | None:
    """Return how long a job's renders took by the provider's own times. None where it did not tell them."""
    taken = [
        report.completed_at - report.created_at
        for report in reports
        if report.completed_at is not None and report.created_at is not None
    ]
    return max(taken) if taken and min(taken) > 0 else None


def _latest(known: RenderReport, heard: Heard, unheard_for: Mapping[str, float], limits: Limits) -> RenderReport:
    """Return a render as it is known now. One that has ended stays as it ended."""
    report = heard.reports.get(known.remote_id)
    if report is None or known.state.final or report.state is RenderState.UNREADABLE:
        return known
    if _without_address(report) and unheard_for.get(known.remote_id, 0.0) <= limits.unheard:
        return known
    return report


def _without_address(report: RenderReport) -> bool:
    return report.state is RenderState.COMPLETED and not report.result_urls
