"""Keep the cards in the moderators' channel true: posted once, closed once decided, expired after a day."""

import logging

from bot.domain.approvals import Decision
from bot.domain.refusals import NotPossible
from bot.engine import failpoints
from bot.engine.approval import ApprovalCards, CardLater, Question, decide, questions
from bot.engine.context import EngineContext
from bot.storage import approvals

log = logging.getLogger(__name__)

STEP_SECONDS = 5.0
"""Seconds between two steps that nothing woke."""


class ApprovalCardsWorker:
    """One step expires, posts and closes what is due."""

    def __init__(self, context: EngineContext, cards: ApprovalCards) -> None:
        self._context = context
        self._cards = cards

    async def step(self) -> float:
        """Take back what waited for a day, post the cards of new questions, close those of decided ones."""
        database = self._context.database
        for approval in await database.read(approvals.overdue, self._context.clock()):
            await self._end(approval.job_id, Decision.EXPIRED)
        for question in await database.read(questions, approvals.unposted):
            await self._post(question)
        for question in await database.read(questions, approvals.unclosed):
            await self._close(question)
        return STEP_SECONDS

    async def _post(self, question: Question) -> None:
        job_id = question.job.id
        try:
            message_id = await self._cards.post(question)
            failpoints.hit("question.after_post")
        except CardLater as problem:
            log.info(
                "job %s: its question is posted later: %s", job_id, problem, extra={"action": "ask", "job": job_id}
            )
            return
        if message_id is None:
            await self._end(job_id, Decision.WITHDRAWN)
        else:
            await self._context.database.write(approvals.note_posted, job_id, message_id)

    async def _close(self, question: Question) -> None:
        try:
            await self._cards.close(question)
        except CardLater as problem:
            fields = {"action": "close_question", "job": question.job.id}
            log.info("job %s: its question is closed later: %s", question.job.id, problem, extra=fields)
            return
        await self._context.database.write(approvals.note_closed, question.job.id, self._context.clock())

    async def _end(self, job_id: str, decision: Decision) -> None:
        try:
            await self._context.database.write(decide, job_id, decision, None, self._context.clock())
        except NotPossible:
            return  # somebody decided at this very moment
        self._context.wake_events.after_decision()
