"""A moderator's decision about a request that waits for it."""

from bot.domain.approvals import Approval, Decision
from bot.engine.approval import decide
from bot.engine.context import EngineContext
from bot.storage import approvals


class Approvals:
    """Look up and decide requests that wait for a moderator."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def find(self, job_id: str) -> Approval | None:
        """Return the question about a job, or None if there never was one."""
        return await self._context.database.read(approvals.approval_of, job_id)

    async def decide(self, job_id: str, *, approved: bool, actor_id: int) -> Decision:
        """Write a moderator's decision. Its card is closed by `bot.workers.approval_cards`.

        Raises NotPossible where the request was decided before. Its data says how.
        """
        context = self._context
        decision = Decision.APPROVED if approved else Decision.DENIED
        await context.database.write(decide, job_id, decision, actor_id, context.clock())
        context.wake_events.after_decision()
        return decision
