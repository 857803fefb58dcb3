"""Delete the messages on Discord that moderators deleted for good, and lines whose link leads nowhere any more."""

import asyncio
import logging

from bot.domain.postings import PostedMessage
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater
from bot.engine.removal import MessageRemover
from bot.storage import posted_messages

log = logging.getLogger(__name__)

BATCH = 10
"""Messages that one step deletes."""


class Removals:
    """One step deletes what is due. A deletion that is cut off is made again: a message that is gone is deleted."""

    def __init__(self, context: EngineContext, remover: MessageRemover) -> None:
        self._context = context
        self._remover = remover

    async def step(self) -> float:
        """Delete what is due, and return the seconds until more may be."""
        context = self._context
        lease = context.timings.lease_seconds
        due = await context.database.write(posted_messages.claim, context.clock(), lease, BATCH)
        if due:
            failpoints.hit("remove.after_claim")
        await asyncio.gather(*(self._remove(message) for message in due))
        return context.seconds_until(await context.database.read(posted_messages.next_due))

    async def _remove(self, message: PostedMessage) -> None:
        context, fields = self._context, {"action": "remove", "job": message.job_id}
        try:
            await self._remover.remove(message.channel_id, message.message_id)
        except DeliveryLater as later:
            log.info("job %s: a message is deleted later: %s", message.job_id, later, extra=fields)
            due_at = context.clock() + (later.retry_after or context.timings.removal_retry_seconds)
            await context.database.write(posted_messages.delete_one, message.job_id, message.message_id, due_at)
            return
        failpoints.hit("remove.after_delete")
        await context.database.write(posted_messages.gone, message.job_id, message.message_id)
        log.debug("job %s: message %d is deleted", message.job_id, message.message_id, extra=fields)
