"""What the engine needs of Discord to tell moderators of incidents, and the cancellation of blocked members' jobs."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.moderation import Incident, MemberBlock, Report
from bot.domain.outcome import Outcome
from bot.domain.postings import Posting
from bot.engine.settlement import settle
from bot.storage import incidents, jobs, member_blocks, postings


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """What a card for moderators shows."""

    incident: Incident
    reports: tuple[Report, ...]
    job: Job | None
    posting: Posting | None
    """Where the job's result stands."""
    block: MemberBlock | None
    """What keeps the member from asking now."""


class IncidentCards(Protocol):
    """The cards in the moderators' log channel, and what follows from their decisions.

    Each method may be called again after a crash. Each raises CardLater where Discord cannot be reached at the moment.
    """

    async def post(self, card: IncidentCard, channel_id: int) -> int | None:
        """Post the card and return its message's id; None: the channel does not take it."""

    async def find(self, card: IncidentCard) -> int | None:
        """Return the message of a card that may have been posted without being noted; None where there is none.

        It is looked for in `incident.card_channel_id`.
        """

    async def edit(self, card: IncidentCard) -> None:
        """Make the card show what the incident is now; a card that is gone stays gone."""

    async def tell_owner(self, guild_id: int) -> None:
        """Tell a server's owner by direct message that a report waits and moderators can be told nowhere."""

    async def answer(self, card: IncidentCard, reporter_id: int) -> None:
        """Tell a reporter by direct message how the matter ended; one who takes none is not told."""


def card_of(conn: Connection, incident: Incident, now: float) -> IncidentCard:
    """Return what the card of an incident shows."""
    job = None if incident.job_id is None else jobs.find(conn, incident.job_id)
    return IncidentCard(
        incident,
        incidents.reports(conn, incident.id),
        job,
        None if job is None else postings.posting_of(conn, job.id),
        member_blocks.of_member(conn, incident.guild_id, incident.member_id, now),
    )


def cancel_waiting(conn: Connection, guild_id: int, member_id: int, now: float) -> int:
    """Cancel every job of a blocked member that was not sent yet, and release its credits. Returns their number."""
    waiting = member_blocks.waiting_jobs(conn, guild_id, member_id)
    for job in waiting:
        settle(
            conn, job, Outcome(JobState.CANCELLED, 0, "a moderator cancelled it"), now, detail="its member is blocked"
        )
    return len(waiting)
