"""Keep the public cards true: show what changed, and remove the cards of jobs whose closing message stands."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.domain.attachments import CardFile
from bot.domain.jobs import Job
from bot.domain.lineage import Relative
from bot.domain.postings import PostedKind, PostedMessage
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import Notifier, StatusCard, status_card
from bot.storage import job_cards, job_files, lineage, posted_messages
from bot.storage.job_cards import StaleCard
from bot.workers.card_loop import CardLoop, Shown


class Cards(CardLoop[StaleCard]):
    """The cards of single jobs."""

    def __init__(self, context: EngineContext, notifier: Notifier) -> None:
        super().__init__(context)
        self._notifier = notifier

    def _claim(self, conn: Connection, now: float, /, **rules: Any) -> list[StaleCard]:
        return job_cards.claim_stale(conn, now, **rules)

    def _named(self, stale: StaleCard) -> tuple[str, str]:
        return "job", stale.job.id

    def _set_due(self, conn: Connection, key: str, due_at: float) -> None:
        job_cards.set_due(conn, key, due_at)

    async def _show(self, stale: StaleCard) -> Shown:
        card = await self._card(stale)
        return Shown(card.message_id, await self._shown(stale, card))

    async def _note(self, stale: StaleCard, shown: Shown) -> None:
        job = stale.job
        if shown.now is None and job.ended_at is not None:
            await self._context.database.write(job_cards.forget_seen, job.id, shown.before)
        elif shown.now is not None and shown.now != shown.before:
            await self._set_message(job, shown.now)

    async def _card(self, stale: StaleCard) -> StatusCard:
        """Return what the card says now. Its message is looked for in the channel if nobody noted it."""
        job = stale.job
        forecast = await self._context.forecasts.of(job)
        parent, files = await self._context.database.read(_beside, job)
        card = status_card(job, forecast, parent, files)
        if not stale.may_stand:
            return card
        found_id = await self._notifier.find_card(card, job.created_at)
        if found_id is not None:
            # Noted before it is edited: the card of a job that has ended has no buttons, so nobody finds it again.
            await self._set_message(job, found_id)
        return replace(card, message_id=found_id)

    async def _set_message(self, job: Job, message_id: int) -> None:
        await self._context.database.write(job_cards.set_message, job.id, message_id)
        self._context.wake_events.submit.set()

    async def _shown(self, stale: StaleCard, card: StatusCard) -> int | None:
        """Show, or remove, the card. Returns the message that it is afterwards."""
        job, forecast = stale.job, card.forecast
        if stale.closed:
            left_id = await self._notifier.remove_card(replace(card, moved_to=stale.moved_to))
            failpoints.hit("card.after_removal")
            if left_id is not None:
                left = PostedMessage(job.id, job.channel_id, left_id)
                await self._context.database.write(posted_messages.note, PostedKind.CARD, left, self._context.clock())
            return None
        if job.ended_at is not None:
            if card.message_id is None:
                return None
            posted_by = job.ended_at + self._context.timings.card_seconds_min
            if self._context.clock() < posted_by:
                # The closing message is on its way, and the card goes with it.
                await self._context.database.write(job_cards.set_due, job.id, posted_by)
                return card.message_id
        message_id = await self._notifier.show_status(card)
        failpoints.hit("card.after_post")
        if forecast.stands_until is not None:
            await self._context.database.write(job_cards.correct, job, forecast.stands_until)
        # A card that could not be edited this time is still the card.
        return card.message_id if message_id is None else message_id


def _beside(conn: Connection, job: Job) -> tuple[Relative | None, tuple[CardFile, ...]]:
    """Return the job whose clip a job continues, and the files that its card is posted with."""
    files = job_files.of_job(conn, job.id) if job.status_message_id is None else ()
    return lineage.parent_of(conn, job), files
