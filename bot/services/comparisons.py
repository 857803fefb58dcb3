"""What people do with comparisons besides asking for one: look at them, vote, cancel, delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from bot.domain.comparisons import Clip, Comparison, Standing, as_named
from bot.domain.jobs import CANCELLABLE, Job, JobState
from bot.domain.outcome import Outcome
from bot.domain.postings import Posting
from bot.engine.context import EngineContext
from bot.engine.settlement import settle
from bot.storage import comparison_cards, comparisons, jobs, postings


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A comparison as people see it."""

    comparison: Comparison
    clips: tuple[Clip, ...]
    """Those with a video in the message, by their letters."""
    jobs: Mapping[str, Job]
    """All its jobs, by id, in the order in which their models were named."""
    told: tuple[str, ...]
    """The jobs that its message tells of, by id: those that were too late have messages of their own."""
    posting: Posting | None
    """What became of its message; None while it is not owed."""

    @property
    def is_deleted(self) -> bool:
        """Whether somebody deleted the message."""
        return self.posting is not None and self.posting.deleted_at is not None

    def names_shown(self, voted: bool) -> bool:
        """Return whether somebody may read which model made which clip: everybody at the end, and who has voted."""
        return voted or not self.comparison.is_open


class Voted(StrEnum):
    """What came of a vote."""

    CAST = "cast"
    CHANGED = "changed"
    SAME = "same"
    """The member had voted for this clip before."""
    ENDED = "ended"
    """The time for votes is over."""
    DELETED = "deleted"
    """The message was deleted."""
    UNKNOWN = "unknown"
    """There is no such comparison or clip any more."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What came of a vote, and the comparison as it is then; None where there is none."""

    voted: Voted
    view: ComparisonView | None
    letter: str = ""
    """What the clip is called in the message."""


class ComparisonsService:
    """Use cases of `/compare` and of the buttons on its card and message."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def get(self, comparison_id: str) -> ComparisonView | None:
        """Return the comparison with this id; None if there is none, or if it was erased."""
        return await self._context.database.read(_view, comparison_id)

    async def has_voted(self, comparison_id: str, member_id: int) -> bool:
        """Return whether a member has voted, as long as votes can be cast."""
        return await self._context.database.read(comparisons.vote_of, comparison_id, member_id) is not None

    async def vote(self, comparison_id: str, member_id: int, place: int) -> Vote:
        """Vote for the clip at a place in the message, in place of an earlier vote."""
        now = self._context.clock()

        def write(conn: Connection) -> Vote:
            comparison = comparisons.locked(conn, comparison_id)
            view = _view(conn, comparison_id)
            clip = next((clip for clip in view.clips if clip.label == place), None) if view is not None else None
            if comparison is None or view is None or clip is None or clip.job_id is None:
                return Vote(Voted.UNKNOWN, view)
            if view.is_deleted:
                return Vote(Voted.DELETED, view)
            if comparison.voting_ends_at is None or not comparison.is_open or comparison.voting_ends_at <= now:
                return Vote(Voted.ENDED, view)
            before = comparisons.vote_of(conn, comparison_id, member_id)
            comparisons.vote(conn, comparison_id, member_id, clip.job_id, now)
            voted = Voted.CAST if before is None else Voted.SAME if before == clip.job_id else Voted.CHANGED
            return Vote(voted, view, clip.letter)

        return await self._context.database.write(write)

    async def cancel(self, comparison_id: str, actor_id: int) -> tuple[Job, ...]:
        """End every job that was not sent yet, and release its credits. Returns those that were cancelled."""

        def write(conn: Connection, job: Job) -> bool:
            outcome = Outcome(JobState.CANCELLED, 0, None)
            try:
                settle(conn, job, outcome, self._context.clock(), detail="cancelled", actor_id=actor_id)
            except jobs.StaleState:
                return False
            return True

        database = self._context.database
        found = await database.read(comparisons.jobs_of, comparison_id)
        # A transaction for each: whoever ends a job locks its row before the guild, and at most one of either.
        waiting = [job for job in found if job.state in CANCELLABLE]
        done = tuple([job for job in waiting if await database.write(write, job)])
        self._context.wake_events.after_decision()
        return done

    async def end(self, comparison_id: str) -> None:
        """Forget the votes of a comparison whose message is deleted: nobody can vote any more."""
        await self._context.database.write(comparisons.end_without_vote, comparison_id, self._context.clock())

    async def standings(self, guild_id: int) -> Mapping[str, Standing]:
        """Return how each model fared in the comparisons of a guild, by slug."""
        return await self._context.database.read(comparisons.standings, guild_id)

    async def note_card(self, comparison_id: str, message_id: int) -> bool:
        """Note that the answer to the interaction is the card. Returns False where there is another card already."""
        now = self._context.clock()
        noted = await self._context.database.write(comparison_cards.answered, comparison_id, message_id, now)
        self._context.wake_events.cards.set()
        return noted

    async def release_card(self, comparison_id: str) -> None:
        """Leave the card to a worker: the answer to the interaction could not be the card."""
        await self._context.database.write(comparison_cards.release, comparison_id, self._context.clock())
        self._context.wake_events.cards.set()


def _view(conn: Connection, comparison_id: str) -> ComparisonView | None:
    comparison = comparisons.find(conn, comparison_id)
    if comparison is None:
        return None
    of_jobs = as_named(comparisons.jobs_of(conn, comparison_id))
    if not of_jobs or all(job.erased_at is not None for job in of_jobs):
        return None
    clips = comparisons.clips_of(conn, comparison_id)
    return ComparisonView(
        comparison,
        tuple(sorted((clip for clip in clips if clip.letter), key=lambda clip: clip.letter)),
        {job.id: job for job in of_jobs},
        tuple(clip.job_id for clip in clips if clip.in_message and clip.job_id is not None),
        postings.posting_of(conn, comparison.lead_job_id or ""),
    )
