"""What moderators do about members and incidents. Who may do it is checked by whoever calls."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.audit import AuditAction
from bot.domain.jobs import JobState
from bot.domain.json_value import JsonObject
from bot.domain.moderation import DECISIONS, BlockKind, Incident, IncidentDecision, IncidentKind, MemberBlock
from bot.domain.quota import GuildDefaults
from bot.domain.refusals import Impossible, NotPossible
from bot.engine.context import EngineContext
from bot.engine.guilds import open_guild
from bot.engine.incidents import IncidentCard, cancel_waiting, card_of
from bot.storage import audit, comparisons, incidents, jobs, member_blocks, posted_messages, postings

INCIDENTS_SHOWN = 10
"""Open incidents that are listed at once."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A member is blocked from now on."""

    block: MemberBlock
    cancelled: int
    """Waiting jobs that were cancelled; their credits are released."""


class Moderation:
    """Blocks, and decisions about incidents."""

    def __init__(self, context: EngineContext, defaults: GuildDefaults) -> None:
        self._context = context
        self._defaults = defaults

    async def block_of(self, guild_id: int, member_id: int) -> MemberBlock | None:
        """Return what keeps a member from asking for videos; None where nothing does."""
        context = self._context
        return await context.database.read(member_blocks.of_member, guild_id, member_id, context.clock())

    async def blocks(self, guild_id: int) -> tuple[MemberBlock, ...]:
        """Return a guild's blocked and paused members, the newest first."""
        return await self._context.database.read(member_blocks.of_guild, guild_id, self._context.clock())

    async def block(
        self,
        guild_id: int,
        member_id: int,
        actor_id: int,
        reason: str,
        seconds: float | None,
        *,
        incident_id: int | None = None,
    ) -> Blocked:
        """Block a member for a time, or until it is lifted, and cancel what the member waits for.

        All of it is one transaction, with the end of the incident that it decides. Raises NotPossible where that
        incident was ended before.
        """
        context = self._context

        def write(conn: Connection) -> Blocked:
            now = context.clock()
            # Under the guild's lock no request is admitted: none passes between the block and the cancellations. A
            # guild that nobody used yet has no row to lock, so it is made known first.
            open_guild(conn, guild_id, self._defaults, now)
            ends_at = None if seconds is None else now + seconds
            block = MemberBlock(member_id, BlockKind.BLOCK, reason, ends_at, actor_id, now)
            member_blocks.put(conn, guild_id, block)
            if incident_id is not None:
                self._note_block(conn, guild_id, incident_id, actor_id, now)
            data: JsonObject = {"member_id": member_id, "reason": reason, "ends_at": ends_at}
            audit.record(conn, guild_id, actor_id, AuditAction.BLOCK_MEMBER, data, now)
            return Blocked(block, cancel_waiting(conn, guild_id, member_id, now))

        blocked = await context.database.write(write)
        context.wake_events.after_decision()
        context.wake_events.incidents.set()
        return blocked

    async def lift(self, guild_id: int, member_id: int, actor_id: int) -> bool:
        """End a member's block or pause, and the question about it. Returns False where there is none."""
        context = self._context

        def write(conn: Connection) -> bool:
            now = context.clock()
            lifted = self._lift(conn, guild_id, member_id, actor_id, now)
            for incident in incidents.open_about(conn, guild_id, member_id, IncidentKind.REFUSALS):
                incidents.decide(conn, incident.id, IncidentDecision.LIFTED, actor_id, now)
            return lifted

        lifted = await context.database.write(write)
        context.wake_events.incidents.set()
        return lifted

    async def incident(self, incident_id: int) -> Incident | None:
        """Return an incident, or None."""
        return await self._context.database.read(incidents.find, incident_id)

    async def card(self, guild_id: int, incident_id: int) -> IncidentCard:
        """Return what the card of an incident shows. Raises NotPossible for one of another guild."""
        now = self._context.clock()

        def read(conn: Connection) -> IncidentCard | None:
            incident = incidents.find(conn, incident_id)
            return None if incident is None or incident.guild_id != guild_id else card_of(conn, incident, now)

        card = await self._context.database.read(read)
        if card is None:
            raise NotPossible(Impossible.NO_SUCH_INCIDENT)
        return card

    async def open_incidents(self, guild_id: int) -> tuple[Incident, ...]:
        """Return the newest incidents that wait for moderators, at most INCIDENTS_SHOWN."""
        return await self._context.database.read(incidents.newest, guild_id, INCIDENTS_SHOWN, waiting_only=True)

    async def decide(self, guild_id: int, incident_id: int, decision: IncidentDecision, actor_id: int) -> Incident:
        """End an incident by deleting the result for good, lifting the pause, or doing nothing.

        All messages of the result are deleted by a worker, which cannot be cut off halfway. Raises NotPossible where
        the incident was ended before.
        """
        context = self._context

        def write(conn: Connection) -> Incident:
            now = context.clock()
            about = incidents.find(conn, incident_id)
            if about is not None and about.job_id is not None:
                jobs.lock(conn, about.job_id)  # before the incident's row, as a report does
            incident = self._end(conn, guild_id, incident_id, decision, actor_id, now)
            if decision is IncidentDecision.DELETED and incident.job_id is not None:
                job = jobs.find(conn, incident.job_id)
                if job is not None and postings.posting_of(conn, job.id) is not None:
                    # Nobody's name: the deletion is final also where the moderator is the video's own member.
                    postings.note_deleted(conn, job.id, None if actor_id == job.member_id else actor_id, now)
                    posted_messages.delete_all(conn, job.id, now)
                    jobs.add_event(
                        conn, job.id, job.state, "the result was deleted by a moderator", now, actor_id=actor_id
                    )
                    for other_id in comparisons.forget_message_of(conn, job.id, now):
                        detail = "it was in a message with a video that a moderator deleted"
                        jobs.add_event(conn, other_id, JobState.SUCCEEDED, detail, now)
                data: JsonObject = {"job_id": incident.job_id, "member_id": incident.member_id}
                audit.record(conn, guild_id, actor_id, AuditAction.DELETE_RESULT, data, now)
            elif decision is IncidentDecision.LIFTED:
                self._lift(conn, guild_id, incident.member_id, actor_id, now)
            return incident

        incident = await context.database.write(write)
        context.wake_events.incidents.set()
        context.wake_events.removals.set()
        return incident

    def _note_block(self, conn: Connection, guild_id: int, incident_id: int, actor_id: int, now: float) -> None:
        incident = incidents.find(conn, incident_id)
        if incident is not None and IncidentDecision.BLOCKED in DECISIONS[incident.kind]:
            self._end(conn, guild_id, incident_id, IncidentDecision.BLOCKED, actor_id, now)
        elif incident is not None:
            incidents.set_due(conn, incident_id, now)

    @staticmethod
    def _lift(conn: Connection, guild_id: int, member_id: int, actor_id: int, now: float) -> bool:
        lifted = member_blocks.lift(conn, guild_id, member_id)
        if lifted:
            audit.record(conn, guild_id, actor_id, AuditAction.LIFT_BLOCK, {"member_id": member_id}, now)
        return lifted

    @staticmethod
    def _end(
        conn: Connection, guild_id: int, incident_id: int, decision: IncidentDecision, actor_id: int, now: float
    ) -> Incident:
        incident = incidents.find(conn, incident_id, lock=True)
        if incident is None or incident.guild_id != guild_id or decision not in DECISIONS[incident.kind]:
            raise NotPossible(Impossible.NO_SUCH_INCIDENT)
        if not incidents.decide(conn, incident_id, decision, actor_id, now):
            raise NotPossible(Impossible.INCIDENT_ENDED)
        return incident
