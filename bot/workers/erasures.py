"""Erase what members asked to have erased: credits and changes at once, each job as soon as nobody works on it."""

import logging

from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.outcome import Outcome
from bot.domain.privacy import NO_GUILD, Erasure
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater
from bot.engine.removal import MessageRemover
from bot.engine.settlement import settle
from bot.storage import erasing, erasures, gallery_erasing, incident_erasing, job_erasing, job_lists, jobs, reel_erasing
from bot.storage.guilds import UnknownGuild

log = logging.getLogger(__name__)

JOBS_A_TRANSACTION = 100
"""Jobs that are erased in one transaction."""
JOBS_A_TRANSACTION_WITH_MESSAGES = 5
"""Jobs that are erased in one transaction if each has messages to delete. Discord takes about a message a second."""
TRANSACTIONS_A_STEP = 20
"""Transactions of one step, so that a large erasure holds up no other."""
_CANCELLED = Outcome(JobState.CANCELLED, 0, "cancelled by the member who asked")


class Erasures:
    """One step works at one erasure."""

    def __init__(self, context: EngineContext, remover: MessageRemover) -> None:
        self._context = context
        self._remover = remover

    async def step(self) -> float:
        """Take the next erasure that is due, and return the seconds to the one after it."""
        context = self._context
        erasure = await context.database.write(erasures.claim, context.clock(), context.timings.erasure_lease_seconds)
        if erasure is None:
            return context.seconds_until(await context.database.read(erasures.next_due))
        try:
            due_in = await self._go_on(erasure)
        except DeliveryLater as later:
            due_in = later.retry_after or context.timings.erasure_wait_seconds
            log.info("messages cannot be deleted now: %s", later, extra={"action": "erase"})
        if due_in is not None:
            await context.database.write(erasures.later, erasure, context.clock() + due_in)
        return 0.0

    async def _go_on(self, erasure: Erasure) -> float | None:
        """Erase what can be erased, and return the seconds until there may be more; None when everything is gone."""
        context, database = self._context, self._context.database
        if erasure.guild_id == NO_GUILD:
            await database.write(erasing.erase_outside_guilds, erasure)
            return await self._end(erasure)
        await self._cancel(erasure)
        await self._make_pseudonym(erasure)
        failpoints.hit("erase.after_pseudonym")
        count = JOBS_A_TRANSACTION_WITH_MESSAGES if erasure.delete_messages else JOBS_A_TRANSACTION
        for _ in range(TRANSACTIONS_A_STEP):
            over = await database.read(job_erasing.over_of, erasure, context.clock(), count)
            if not over:
                break
            if erasure.delete_messages:
                for channel_id, message_id in (pair for job in over for pair in job.messages):
                    await self._remover.remove(channel_id, message_id)
            job_ids = [job.job_id for job in over]
            await database.write(job_erasing.erase, job_ids, context.clock(), pseudonym=erasure.pseudonym)
            failpoints.hit("erase.after_jobs")
        else:
            return 0.0
        if await database.read(self._left, erasure):
            return context.timings.erasure_wait_seconds
        # Once more, for what the last jobs have left behind.
        await self._make_pseudonym(erasure)
        return await self._end(erasure)

    def _left(self, conn: Connection, erasure: Erasure) -> int:
        now = self._context.clock()
        return job_erasing.left_of(conn, erasure) + incident_erasing.open_of(conn, erasure, now)

    async def _cancel(self, erasure: Erasure) -> None:
        """Cancel what was not sent yet."""

        def write(conn: Connection) -> None:
            now = self._context.clock()
            for job in job_lists.cancellable(conn, erasure.guild_id, erasure.member_id):
                settle(conn, job, _CANCELLED, now, detail="cancelled", actor_id=erasure.member_id)

        try:
            await self._context.database.write(write)
        except jobs.StaleState:
            log.debug("a job was sent meanwhile", extra={"action": "erase"})
        self._context.wake_events.deliver.set()
        self._context.wake_events.cards.set()

    async def _make_pseudonym(self, erasure: Erasure) -> None:
        if erasure.delete_messages:
            await self._delete_films(erasure)
        try:
            await self._context.database.write(erasing.make_pseudonym, erasure, self._context.clock())
        except UnknownGuild:
            log.debug("guild %d has no ledger", erasure.guild_id, extra={"action": "erase"})
        await self._context.database.write(reel_erasing.make_pseudonym, erasure, self._context.clock())
        await self._context.database.write(gallery_erasing.make_pseudonym, erasure)

    async def _delete_films(self, erasure: Erasure) -> None:
        """Delete posted films that have the member's clips: afterwards nothing tells whose are in them."""
        database = self._context.database
        for render_id, channel_id, message_id in await database.read(reel_erasing.films_of, erasure):
            await self._remover.remove(channel_id, message_id)
            await database.write(reel_erasing.note_film_gone, render_id, self._context.clock())

    async def _end(self, erasure: Erasure) -> float | None:
        database = self._context.database
        # The erasure is forgotten last: a journal that still has the words is emptied after a kill, too.
        if not await database.empty_journal():
            return self._context.timings.erasure_wait_seconds
        failpoints.hit("erase.before_end")
        await database.write(erasures.end, erasure)
        log.info("a member's data is erased", extra={"action": "erase", "guild": erasure.guild_id})
        return None
