"""Requests that wait for a moderator: shown as a card, approved or denied once, taken back after a day."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, bindparam, select

from bot.domain.clock import Clock
from bot.domain.jobs import Job, JobState
from bot.domain.outcome import Outcome
from bot.domain.refusals import NotPossible
from bot.engine.settlement import settle
from bot.storage import approvals, jobs
from bot.storage.approvals import Approval, Decision
from bot.storage.database import Database
from bot.storage.tables.jobs import jobs as jobs_table

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0

_REASONS = {
    Decision.DENIED: "a moderator denied it",
    Decision.EXPIRED: "no moderator decided within a day",
    Decision.WITHDRAWN: "the moderators' channel cannot be reached",
}

# Whoever ends a job has its row before it touches the question about it; so has whoever decides. No two can then wait
# for each other.
_LOCK_JOB = select(jobs_table.c.id).where(jobs_table.c.id == bindparam("job_id")).with_for_update()


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


class Approvals:
    """`wake` is called when a job may move on."""

    def __init__(self, database: Database, clock: Clock, cards: ApprovalCards, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._cards = cards
        self._wake = wake

    async def find(self, job_id: str) -> Approval | None:
        """The question about a job, if there ever was one."""
        return await self._database.read(approvals.approval_of, job_id)

    async def decide(self, job_id: str, *, approved: bool, actor_id: int) -> Decision:
        """A moderator decides. NotPossible where it was decided before; the message says how."""
        decision = Decision.APPROVED if approved else Decision.DENIED
        await self._database.write(self._decide, job_id, decision, actor_id)
        self._wake()
        question = await self._database.read(_question, job_id)
        if question is not None:
            await self._close(question)
        return decision

    async def step(self) -> float:
        """Take back what waited for a day, post the cards of new questions, close those of decided ones."""
        for approval in await self._database.read(approvals.overdue, self._clock()):
            await self._end(approval.job_id, Decision.EXPIRED)
        for question in await self._database.read(_questions, approvals.unposted):
            await self._post(question)
        for question in await self._database.read(_questions, approvals.unclosed):
            await self._close(question)
        return EVERY_SECONDS

    async def _post(self, question: Question) -> None:
        job_id = question.job.id
        try:
            message_id = await self._cards.post(question)
        except CardLater as problem:
            log.info("the question about job %s is asked later: %s", job_id, problem)
            return
        if message_id is None:
            await self._end(job_id, Decision.WITHDRAWN)
        else:
            await self._database.write(approvals.note_posted, job_id, message_id)

    async def _close(self, question: Question) -> None:
        try:
            await self._cards.close(question)
        except CardLater as problem:
            log.info("the card of job %s is closed later: %s", question.job.id, problem)
            return
        await self._database.write(approvals.note_closed, question.job.id, self._clock())

    async def _end(self, job_id: str, decision: Decision) -> None:
        try:
            await self._database.write(self._decide, job_id, decision, None)
        except NotPossible:
            return  # somebody decided at this very moment
        self._wake()

    def _decide(self, conn: Connection, job_id: str, decision: Decision, actor_id: int | None) -> None:
        now = self._clock()
        conn.execute(_LOCK_JOB, {"job_id": job_id})
        question = _question(conn, job_id)
        if question is None:
            raise NotPossible("Nothing is known of this request any more.")
        if not approvals.decide(conn, job_id, decision, actor_id, now):
            raise NotPossible(f"This request was {question.approval.decision} already.")
        if decision is Decision.APPROVED:
            detail = "approved by a moderator"
            jobs.move(conn, job_id, JobState.AWAITING, JobState.QUEUED, detail, now, actor_id=actor_id)
        else:
            outcome = Outcome(JobState.CANCELLED, 0, _REASONS[decision])
            settle(conn, question.job, outcome, now, detail=_REASONS[decision], actor_id=actor_id)


def _question(conn: Connection, job_id: str) -> Question | None:
    approval, job = approvals.approval_of(conn, job_id), jobs.find(conn, job_id)
    return None if approval is None or job is None else Question(approval, job)


def _questions(conn: Connection, which: Callable[[Connection], tuple[Approval, ...]]) -> list[Question]:
    found = (_question(conn, approval.job_id) for approval in which(conn))
    return [question for question in found if question is not None]
