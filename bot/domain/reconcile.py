"""What to do about a POST whose answer was lost. Nothing is guessed, and absence is proved, never assumed.

A render of the history is adopted only if it is the only one that can be the job's and the job is the only one that it
can belong to. A request is sent again only if a history that shows our other renders rightly, and reaches back before
the attempt, shows something that was made later, and has no render of those minutes that belongs to nobody. Time alone
proves nothing: nobody knows how late a history may be. Everything else waits, and then goes to an owner together with
the renders that could be the job's. The case goes on being looked up, so that it ends by itself once something later is
shown. What no history has shown for a day was never made: it ends, and is not sent again.

A render without a prompt in the history is never adopted: the key's owner may use the key elsewhere, and nothing tells
whose the render is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.cases import Candidate, candidates_of
from bot.domain.evidence import CLOCK_SKEW_SECONDS, Evidence, Fact, Sent, compare, in_window, weigh
from bot.domain.renders import RenderReport

DAY_SECONDS = 86_400.0
LOST_ANSWERS_MAX = 3
"""Attempts without a clear answer after which a request is not sent again: an owner decides."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A POST with an unknown outcome. Moments are seconds since the epoch on our clock."""

    job_id: str
    sent: Sent
    unknown_since: float
    """When its sender gave up, or was given up. Only from then on is nobody sending it any more."""
    lost_answers: int = 1
    """Attempts of this job that got no clear answer, this one included."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a readable history shows.

    `complete` is False if entries could not be read. `fresh` tells whether the render that the provider accepted last
    is among them: a history that lags does not show it.
    """

    reports: Sequence[RenderReport]
    complete: bool
    fresh: bool
    said_at: float | None = None
    """When it was told, by the provider's clock. None if that is not known."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds from `unknown_since` to the moment at which the history was asked for."""

    settled: float = 300.0
    """Until absence can count, if the history shows a render that was made later."""
    undecided: float = 1800.0
    """Until an undecided attempt goes to an owner."""
    given_up: float = DAY_SECONDS
    """Until an attempt that the history never showed ends, whether something later was shown or not."""


class Verdict(StrEnum):
    """What to do about an attempt."""

    ADOPT = "adopt"
    """The render `remote_id` is the job's."""
    SEND_AGAIN = "send_again"
    """The attempt is proved not to have reached the provider."""
    END = "end"
    """The attempt was never made, and it is too old to be sent again."""
    WAIT = "wait"
    """Look again later."""
    HAND_OVER = "hand_over"
    """An owner decides, with the help of `candidates`."""


@dataclass(frozen=True, slots=True)
class Action:
    """A verdict, and why, in plain words."""

    verdict: Verdict
    why: str
    remote_id: str | None = None
    candidates: tuple[Candidate, ...] = ()


def plan(
    attempts: Sequence[Attempt],
    others: Sequence[Sent],
    history: Shown,
    owned: Mapping[str, Sent],
    asked_at: float,
    patience: Patience = Patience(),
) -> Mapping[str, Action]:
    """Return what to do about each attempt, by job id. `asked_at` is when the history was asked for.

    `attempts` are all jobs of one account whose outcome is unknown, not only those that are due: alike ones compete.
    Those that went to an owner are among them. `others` are POSTs that could own a render of the history as well, such
    as those under way. `owned` has the request behind each render of the history that a job of ours owns.
    """
    evidence = weigh((report, owned[report.remote_id]) for report in history.reports if report.remote_id in owned)
    unowned = [report for report in history.reports if report.remote_id not in owned]
    adopted = _adoptions(attempts, others, unowned, evidence)
    left = [report for report in unowned if report.remote_id not in adopted.values()]
    actions: dict[str, Action] = {}
    for attempt in attempts:
        remote_id = adopted.get(attempt.job_id)
        if remote_id is not None:
            actions[attempt.job_id] = Action(Verdict.ADOPT, "found in the history", remote_id)
        else:
            nearby = [report for report in left if _nearby(attempt.sent, report, evidence)]
            doubt = _doubt(attempt, history, nearby, evidence)
            later = _shows_later(attempt, history, owned, evidence)
            age = asked_at - attempt.unknown_since
            # Our clock may have been set ahead, and an answer may be an old one: absence is as old as both say.
            absent = age if history.said_at is None else min(age, history.said_at - attempt.unknown_since)
            decided = _without_render(attempt, doubt, age, absent, patience, later=later)
            likely = [report for report in nearby if not _contradicted(attempt.sent, report, evidence)]
            actions[attempt.job_id] = replace(decided, candidates=candidates_of(likely or nearby))
    return actions


def _without_render(
    attempt: Attempt, doubt: str | None, age: float, absent: float, patience: Patience, *, later: bool
) -> Action:
    """Decide about an attempt that no render was adopted for. `absent` is for how long it was surely not shown.

    `doubt` is why the history does not prove absence; `later` tells whether it shows something that was made later.
    """
    if doubt is None and absent >= patience.given_up:
        return Action(Verdict.END, "the provider's history did not show it within a day")
    if doubt is None and later and absent >= patience.settled:
        if attempt.lost_answers < LOST_ANSWERS_MAX:
            return Action(Verdict.SEND_AGAIN, "not in the history: to be sent again")
        return Action(Verdict.HAND_OVER, f"{attempt.lost_answers} attempts got no clear answer from the provider")
    if doubt is None:
        doubt = "not in the history yet" if later else "the history shows nothing that was made later: it may be late"
    return Action(Verdict.HAND_OVER if age >= patience.undecided else Verdict.WAIT, doubt)


def _shows_later(attempt: Attempt, history: Shown, owned: Mapping[str, Sent], evidence: Evidence) -> bool:
    """Return whether the history shows a render that was made after the attempt: then it is not too late for it.

    Of our own renders we know when they were sent. Somebody else's count by their time, as far as it can be believed.
    """
    ours = (owned[report.remote_id] for report in history.reports if report.remote_id in owned)
    if any(sent.began_at >= attempt.unknown_since for sent in ours):
        return True
    surely_later = attempt.unknown_since + CLOCK_SKEW_SECONDS
    moments = (report.created_at for report in history.reports if report.created_at is not None)
    return Fact.TIME in evidence.confirmed and any(moment >= surely_later for moment in moments)


def _doubt(attempt: Attempt, history: Shown, nearby: Sequence[RenderReport], evidence: Evidence) -> str | None:
    """Return why the history does not prove that the attempt never arrived. None means that it does."""
    if nearby:
        return "the history shows renders of those minutes that belong to no job"
    if not history.complete:
        return "the history has entries that cannot be read"
    if Fact.TIME in evidence.doubted:
        return "the history tells other times than ours for renders that are known"
    if Fact.TIME not in evidence.confirmed:
        return "the history shows no render that is known, so it proves nothing"
    if not history.fresh:
        return "the history does not show the newest render that is known"
    began_at = attempt.sent.began_at
    reached = (report.created_at for report in history.reports if report.created_at is not None)
    if not any(created_at < began_at - CLOCK_SKEW_SECONDS for created_at in reached):
        return "the history does not reach back to the attempt"
    return None


def _nearby(sent: Sent, report: RenderReport, evidence: Evidence) -> bool:
    """Return whether the render may be of the attempt's minutes, as far as its time can be believed.

    One with the very prompt counts within a day: so far apart are times of different zones.
    """
    if report.created_at is None or Fact.TIME in evidence.doubted or in_window(report.created_at, sent.began_at):
        return True
    very_prompt = compare(report, sent).get(Fact.PROMPT, False)
    return very_prompt and abs(report.created_at - sent.began_at) <= DAY_SECONDS


def _contradicted(sent: Sent, report: RenderReport, evidence: Evidence) -> bool:
    """Return whether a fact that can be believed says that the render comes from another request."""
    return any(not same and fact in evidence.confirmed for fact, same in compare(report, sent).items())


def _fits(sent: Sent, report: RenderReport, evidence: Evidence) -> bool:
    """Return whether the render is to be taken for the attempt's, if nothing else fits as well.

    It must be of those minutes, must tell the prompt as it was sent (or the inputs, where there is no prompt), and must
    contradict the request in nothing that is not known to be told wrongly.
    """
    agreed = compare(report, sent)
    if Fact.TIME in evidence.doubted or not agreed.get(Fact.TIME, False):
        return False
    telling = Fact.PROMPT if str(sent.payload.get("prompt") or "").strip() else Fact.INPUTS
    if not agreed.get(telling, False):
        return False
    return all(same or fact in evidence.doubted for fact, same in agreed.items())


def _adoptions(
    attempts: Sequence[Attempt], others: Sequence[Sent], unowned: Sequence[RenderReport], evidence: Evidence
) -> dict[str, str]:
    """Return job id → remote id, for every attempt whose render is beyond doubt."""
    contested = {report.remote_id for report in unowned if any(_fits(other, report, evidence) for other in others)}
    fitting = {
        attempt.job_id: [report for report in unowned if _fits(attempt.sent, report, evidence)] for attempt in attempts
    }
    claims: dict[str, int] = {}
    for reports in fitting.values():
        for report in reports:
            claims[report.remote_id] = claims.get(report.remote_id, 0) + 1
    adopted: dict[str, str] = {}
    for attempt in attempts:
        reports = fitting[attempt.job_id]
        if len(reports) == 1 and claims[reports[0].remote_id] == 1:
            adopted[attempt.job_id] = reports[0].remote_id
    for alike in _alike(attempts):
        adopted |= _pairs(alike, attempts, fitting, evidence)
    return {job_id: remote_id for job_id, remote_id in adopted.items() if remote_id not in contested}


def _alike(attempts: Sequence[Attempt]) -> list[list[Attempt]]:
    """Return the groups of two and more attempts whose whole bodies are equal."""
    groups: list[list[Attempt]] = []
    for attempt in attempts:
        group = next((group for group in groups if group[0].sent.payload == attempt.sent.payload), None)
        if group is None:
            groups.append([attempt])
        else:
            group.append(attempt)
    return [group for group in groups if len(group) > 1]


def _pairs(
    alike: Sequence[Attempt],
    attempts: Sequence[Attempt],
    fitting: Mapping[str, Sequence[RenderReport]],
    evidence: Evidence,
) -> dict[str, str]:
    """Give equal requests one render each, in the order of their times, if there are exactly as many renders.

    Which of them gets which does not matter: their bodies are equal.
    """
    shared = {report.remote_id: report for attempt in alike for report in fitting[attempt.job_id]}
    outside = {report.remote_id for attempt in attempts if attempt not in alike for report in fitting[attempt.job_id]}
    if len(shared) != len(alike) or outside & set(shared):
        return {}
    renders = sorted(shared.values(), key=lambda report: (report.created_at or 0.0, report.remote_id))
    pairs = list(zip(sorted(alike, key=lambda each: each.sent.began_at), renders, strict=True))
    if not all(_fits(attempt.sent, report, evidence) for attempt, report in pairs):
        return {}
    return {attempt.job_id: report.remote_id for attempt, report in pairs}
