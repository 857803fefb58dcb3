"""Write the moderators' logs: lines are gathered for a moment, and each batch of a guild is one message."""

import asyncio
import logging

from sqlalchemy import Connection

from bot.domain.guild_settings import GuildSetting
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.guild_channels import lose_channel
from bot.engine.guild_log import GuildLogWriter, LogChannelLost, LogLater, LogLine
from bot.storage import guild_log, jobs, postings
from bot.storage.guild_log import Batch

log = logging.getLogger(__name__)


class GuildLogs:
    """One step writes a batch of each guild that has lines due."""

    def __init__(self, context: EngineContext, writer: GuildLogWriter) -> None:
        self._context = context
        self._writer = writer

    async def step(self) -> float:
        """Write what is due. Returns the seconds until more may be."""
        context = self._context
        batches = await context.database.write(guild_log.claim, context.clock(), context.timings.lease_seconds)
        if batches:
            failpoints.hit("guild_log.after_claim")
        await asyncio.gather(*(self._send(batch) for batch in batches))
        if batches:
            return 0.0
        due_in = context.seconds_until(await context.database.read(guild_log.next_due))
        # Not at once even if something is due: another worker may be at it.
        return max(context.timings.idle_seconds / 4, due_in)

    async def _send(self, batch: Batch) -> None:
        context = self._context
        fields = {"action": "guild_log", "guild": batch.guild_id}
        lines = await context.database.read(_lines, batch)
        try:
            await self._writer.write(batch.channel_id, batch.guild_id, batch.key, lines)
            failpoints.hit("guild_log.after_write")
        except LogLater as problem:
            log.info("the log of guild %d is written later: %s", batch.guild_id, problem, extra=fields)
            due_at = context.clock() + context.timings.notice_retry_seconds
            await context.database.write(guild_log.later, batch.id, due_at)
        except LogChannelLost as problem:
            log.warning("the log of guild %d has lost its channel: %s", batch.guild_id, problem, extra=fields)
            await context.database.write(_stop, batch, context.clock())
        except Exception:
            # One guild's lines must not stop the others'; the claim runs out, and they are tried again.
            log.exception("the log of guild %d cannot be written", batch.guild_id, extra=fields)
        else:
            await context.database.write(guild_log.sent, batch.id)


def _lines(conn: Connection, batch: Batch) -> list[LogLine]:
    lines = []
    for entry in batch.entries:
        job_id = entry.data.get("job_id")
        known = isinstance(job_id, str)
        job = jobs.find(conn, str(job_id)) if known else None
        lines.append(LogLine(entry, job, postings.posting_of(conn, str(job_id)) if known else None))
    return lines


def _stop(conn: Connection, batch: Batch, now: float) -> None:
    """Stop the log of a guild, and drop what waits for it, unless another channel was chosen meanwhile."""
    guild_log.sent(conn, batch.id)
    lose_channel(conn, batch.guild_id, GuildSetting.LOG_CHANNEL, batch.channel_id, now)
