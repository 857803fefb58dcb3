"""Reports of results by members. Who reported is told to nobody."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.moderation import IncidentDecision, IncidentKind, Report
from bot.domain.refusals import Impossible, NotPossible
from bot.engine.context import EngineContext
from bot.storage import guild_settings, incidents, jobs, postings

REPORTS_MAX = 10
"""Results that a member may report within REPORTS_SECONDS."""
REPORTS_SECONDS = 3600.0


class Reported(StrEnum):
    """What became of a report."""

    SENT = "sent"
    """Moderators are told in their log channel."""
    KEPT = "kept"
    """It is kept, but moderators chose no channel in which they are told."""
    REPEATED = "repeated"
    """The member reported this result before, and moderators have not ended it."""
    ENDED = "ended"
    """Moderators have ended reports of this result: `decision`."""
    GONE = "gone"
    """The result was deleted."""


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """What became of a report. `decision` is None unless moderators have ended the matter."""

    reported: Reported
    decision: IncidentDecision | None = None


class Reports:
    """Takes reports."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def state(self, job_id: str, reporter_id: int) -> ReportOutcome | None:
        """Return what a report of this result would come to without a reason; None where it would be taken.

        Raises NotPossible where there is no such result.
        """
        return await self._context.database.read(self._state, job_id, reporter_id)

    async def report(self, job_id: str, reporter_id: int, reason: str) -> ReportOutcome:
        """Take a report. Further reports of a result join the first one.

        Raises NotPossible where there is no such result, or where the member reported very many.
        """
        outcome = await self._context.database.write(self._report, job_id, reporter_id, reason)
        self._context.wake_events.incidents.set()
        return outcome

    def _report(self, conn: Connection, job_id: str, reporter_id: int, reason: str) -> ReportOutcome:
        now = self._context.clock()
        jobs.lock(conn, job_id)
        if (known := self._state(conn, job_id, reporter_id)) is not None:
            return known
        if incidents.reported_since(conn, reporter_id, now - REPORTS_SECONDS) >= REPORTS_MAX:
            raise NotPossible(Impossible.TOO_MANY_REPORTS)
        job = jobs.find(conn, job_id)
        if job is None:
            raise NotPossible(Impossible.NO_SUCH_RESULT)
        key = _key(job_id)
        incidents.add(
            conn, key, job.guild_id, IncidentKind.REPORT, job.member_id, job.channel_id, {}, now, job_id=job.id
        )
        incident = incidents.find_by_key(conn, key)
        if incident is None:
            raise LookupError(f"the incident {key} was just written")
        incidents.add_report(conn, incident.id, Report(reporter_id, reason, now))
        incidents.set_due(conn, incident.id, now)
        told = guild_settings.settings_of(conn, job.guild_id).log_channel is not None
        return ReportOutcome(Reported.SENT if told else Reported.KEPT)

    @staticmethod
    def _state(conn: Connection, job_id: str, reporter_id: int) -> ReportOutcome | None:
        job, posting = jobs.find(conn, job_id), postings.posting_of(conn, job_id)
        if job is None or posting is None or job.state is not JobState.SUCCEEDED:
            raise NotPossible(Impossible.NO_SUCH_RESULT)
        incident = incidents.find_by_key(conn, _key(job_id))
        if incident is not None and incident.decision is not None:
            return ReportOutcome(Reported.ENDED, incident.decision)
        if posting.deleted_at is not None:
            return ReportOutcome(Reported.GONE)
        if incident is not None and reporter_id in {one.reporter_id for one in incidents.reports(conn, incident.id)}:
            return ReportOutcome(Reported.REPEATED)
        return None


def _key(job_id: str) -> str:
    return f"report:{job_id}"
