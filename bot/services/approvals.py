"""A moderator's decision about a request that waits for it."""

from sqlalchemy import Connection

from bot.domain.approvals import Decision
from bot.engine.approval import Question, decide, question_of
from bot.engine.context import EngineContext
from bot.storage import approvals


class Approvals:
    """Look up and decide requests that wait for a moderator."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def find(self, job_id: str) -> Question | None:
        """Return the question about a job, or None if there never was one."""
        return await self._context.database.read(question_of, job_id)

    async def decide(self, job_id: str, *, approved: bool, actor_id: int) -> Question:
        """Write a moderator's decision, and return the question as it stands then.

        Its card is closed by whoever calls, or else by `bot.workers.approval_cards`. Raises NotPossible where the
        request was decided before, with how in its data, and where no request may be approved at the moment.
        """
        now = self._context.clock()

        def write(conn: Connection) -> Question | None:
            decide(conn, job_id, Decision.APPROVED if approved else Decision.DENIED, actor_id, now)
            return question_of(conn, job_id)

        question = await self._context.database.write(write)
        if question is None:
            raise LookupError(f"job {job_id} was decided and cannot be found")
        self._context.wake_events.after_decision()
        return question

    async def note_closed(self, job_id: str) -> None:
        """Note that the card says how its question was decided."""
        await self._context.database.write(approvals.note_closed, job_id, self._context.clock())
