"""Tell moderators of incidents on cards in their log channel, keep the cards true, and tell reporters how it ended."""

import logging
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.guild_notices import GuildNoticeKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.moderation import Incident, IncidentKind
from bot.engine import failpoints
from bot.engine.approval import CardLater
from bot.engine.context import EngineContext
from bot.engine.guild_channels import lose_channel
from bot.engine.incidents import IncidentCard, IncidentCards, cancel_waiting, card_of
from bot.storage import guild_notices, guild_settings, guilds, incidents, member_blocks

log = logging.getLogger(__name__)

STEP_SECONDS = 5.0
"""Seconds between two steps that nothing woke."""
BATCH = 50
"""Cards, and answers to reporters, of one step."""
NO_CHANNEL_SECONDS = 600.0
"""Seconds after which it is looked again whether a guild has a log channel that takes the card."""
STALE_SECONDS = 86_400.0
"""Seconds after which a stopped request is not told any more. Reports and pauses wait until there is a channel."""
LATER_SECONDS = 30.0
"""Seconds to the next attempt where Discord could not be reached."""


class Incidents:
    """One step posts, edits and answers what is due."""

    def __init__(self, context: EngineContext, cards: IncidentCards) -> None:
        self._context = context
        self._cards = cards

    async def step(self) -> float:
        """Cancel what blocked members still wait for, bring cards up to date, tell reporters how it ended."""
        database, now = self._context.database, self._context.clock
        for guild_id, member_id in await database.read(member_blocks.overlooked, now()):
            await self._cancel(guild_id, member_id)
        for incident in await database.read(incidents.due, now(), BATCH):
            await self._show(incident)
        for incident_id, reporter_id in await database.read(incidents.answers_due, now(), BATCH):
            await self._answer(incident_id, reporter_id)
        return STEP_SECONDS

    async def _cancel(self, guild_id: int, member_id: int) -> None:
        def write(conn: Connection) -> int:
            guilds.lock_if_known(conn, guild_id)
            return cancel_waiting(conn, guild_id, member_id, self._context.clock())

        if await self._context.database.write(write):
            self._context.wake_events.after_decision()

    async def _show(self, incident: Incident) -> None:
        context = self._context
        database = context.database

        def read(conn: Connection) -> tuple[IncidentCard, float | None, int | None]:
            settings = guild_settings.settings_of(conn, incident.guild_id)
            seen = incidents.due_at(conn, incident.id)
            return card_of(conn, incident, context.clock()), seen, settings.log_channel

        card, seen, channel_id = await database.read(read)
        try:
            message_id = await self._message_of(card)
            if message_id is not None:
                await self._cards.edit(replace(card, incident=replace(incident, card_message_id=message_id)))
                failpoints.hit("incident.after_edit")
                await database.write(incidents.note_shown, incident.id, message_id, seen)
            elif incident.decision is not None:
                await database.write(incidents.set_due, incident.id, None)  # ended on the panel, before any card
            else:
                await self._post(card, channel_id, seen)
        except CardLater as problem:
            fields = {"action": "incident_card", "incident": incident.id}
            log.info("incident %d: its card comes later: %s", incident.id, problem, extra=fields)
            await database.write(incidents.set_due, incident.id, context.clock() + LATER_SECONDS)

    async def _message_of(self, card: IncidentCard) -> int | None:
        """Return the message that the card is; None where it was not posted.

        A process may have died between posting and noting it, and moderators may have decided on that card since.
        """
        incident = card.incident
        if incident.card_message_id is not None or incident.card_channel_id is None:
            return incident.card_message_id
        return await self._cards.find(card)

    async def _post(self, card: IncidentCard, channel_id: int | None, seen: float | None) -> None:
        database, now, incident = self._context.database, self._context.clock(), card.incident
        message_id = None
        if channel_id is not None:
            await database.write(incidents.note_place, incident.id, channel_id)
            message_id = await self._cards.post(card, channel_id)
            failpoints.hit("incident.after_post")
        if message_id is not None:
            await database.write(_posted, incident, message_id, seen)
            return
        if channel_id is not None:
            await database.write(lose_channel, incident.guild_id, GuildSetting.LOG_CHANNEL, channel_id, now)
        elif incident.kind is not IncidentKind.GUARD:
            await self._tell_owner(incident.guild_id, now)
        told_later = incident.kind is not IncidentKind.GUARD or now - incident.created_at < STALE_SECONDS
        await database.write(incidents.set_due, incident.id, now + NO_CHANNEL_SECONDS if told_later else None)

    async def _tell_owner(self, guild_id: int, now: float) -> None:
        """Tell a server's owner, once, that something waits and moderators can be told nowhere."""
        database = self._context.database
        if any(
            one.kind is GuildNoticeKind.REPORTS_WAIT for one in await database.read(guild_notices.of_guild, guild_id)
        ):
            return
        await self._cards.tell_owner(guild_id)
        await database.write(guild_notices.raise_notice, guild_id, GuildNoticeKind.REPORTS_WAIT, {}, now)

    async def _answer(self, incident_id: int, reporter_id: int) -> None:
        database, now = self._context.database, self._context.clock

        def read(conn: Connection) -> IncidentCard | None:
            incident = incidents.find(conn, incident_id)
            return None if incident is None else card_of(conn, incident, now())

        card = await database.read(read)
        due_at = None
        if card is not None:
            try:
                await self._cards.answer(card, reporter_id)
                failpoints.hit("report.after_answer")
            except CardLater as problem:
                fields = {"action": "report_answer", "incident": incident_id}
                log.info("incident %d: a reporter is told later: %s", incident_id, problem, extra=fields)
                due_at = now() + LATER_SECONDS
        await database.write(incidents.set_answer_due, incident_id, reporter_id, due_at)


def _posted(conn: Connection, incident: Incident, message_id: int, seen: float | None) -> None:
    incidents.note_shown(conn, incident.id, message_id, seen)
    guild_notices.over(conn, incident.guild_id, GuildNoticeKind.REPORTS_WAIT)
