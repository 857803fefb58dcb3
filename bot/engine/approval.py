"""Decide once about a request that waits for a moderator: by a person, by time, or because the channel is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from bot.domain.approvals import Approval, Decision
from bot.domain.jobs import Job, JobState
from bot.domain.outcome import Outcome
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.switches import Switch
from bot.engine.settlement import settle
from bot.storage import approvals, jobs, switches
from bot.storage.guilds import rules_of

REASONS = {
    Decision.DENIED: "a moderator denied it",
    Decision.EXPIRED: "no moderator decided within a day",
    Decision.WITHDRAWN: "the moderators' channel cannot be reached",
}
"""Why a request ends without an approval, for its member."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a card shows: the request, its price, and how it was decided."""

    approval: Approval
    job: Job


class CardLater(Exception):
    """Discord cannot be reached at the moment; the card is tried again."""


class ApprovalCards(Protocol):
    """The cards in the moderators' channel."""

    async def post(self, question: Question) -> int | None:
        """Post an open question once, however often this is called; None: the channel does not take it.

        Raises CardLater.
        """

    async def close(self, question: Question) -> None:
        """Make the card say how it was decided, without buttons; a card that is gone stays gone. Raises CardLater."""


def decide(conn: Connection, job_id: str, decision: Decision, actor_id: int | None, now: float) -> None:
    """Write the decision and move the job on: into the queue where it is approved, to its end otherwise.

    Whoever ends a job locks its row before the question about it, and so does this: no two can wait for each other.
    Raises NotPossible where it was decided before. A block by the owner and a draining queue stop an approval as they
    stop a new request; the question then stays open.
    """
    jobs.lock(conn, job_id)
    question = question_of(conn, job_id)
    if question is None:
        raise NotPossible(Impossible.NO_SUCH_QUESTION)
    if decision is Decision.APPROVED and question.approval.decision is None:
        _check_open(conn, question.job.guild_id)
    if not approvals.decide(conn, job_id, decision, actor_id, now):
        raise NotPossible(Impossible.DECIDED_BEFORE, decision=str(question.approval.decision))
    if decision is Decision.APPROVED:
        detail = "approved by a moderator"
        jobs.transition(conn, job_id, JobState.AWAITING, JobState.QUEUED, detail, now, actor_id=actor_id)
    else:
        outcome = Outcome(JobState.CANCELLED, 0, REASONS[decision])
        settle(conn, question.job, outcome, now, detail=REASONS[decision], actor_id=actor_id)


def _check_open(conn: Connection, guild_id: int) -> None:
    if rules_of(conn, guild_id).blocked_reason is not None:
        raise NotPossible(Impossible.SERVER_BLOCKED)
    if Switch.DRAINING in switches.on(conn, guild_id):
        raise NotPossible(Impossible.QUEUE_DRAINING)


def question_of(conn: Connection, job_id: str) -> Question | None:
    """Return the question about a job, or None if there never was one."""
    approval, job = approvals.approval_of(conn, job_id), jobs.find(conn, job_id)
    return None if approval is None or job is None else Question(approval, job)


def questions(conn: Connection, which: Callable[[Connection], tuple[Approval, ...]]) -> list[Question]:
    """Return the questions that `which` selects."""
    found = (question_of(conn, approval.job_id) for approval in which(conn))
    return [question for question in found if question is not None]
