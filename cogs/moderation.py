"""Reports of results, and what moderators decide on the cards about incidents."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import acknowledge, answer
from bot.discord_ui.interactions.clip_choice import with_video_of
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.incident_action import IncidentAction
from bot.discord_ui.interactions.permissions import may_block, may_moderate
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.reporting import ask_why
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.moderation_dialogs import TIMES, block_dialog
from bot.discord_ui.views.moderation_words import DECIDED, blocked_note, moderators_only
from bot.discord_ui.views.report_words import NOT_A_RESULT, reported
from bot.domain.moderation import REASON_MAX, Incident, IncidentDecision
from bot.domain.refusals import Impossible, NotPossible

_DECISIONS = {
    IncidentAction.DELETE: IncidentDecision.DELETED,
    IncidentAction.LIFT: IncidentDecision.LIFTED,
    IncidentAction.DISMISS: IncidentDecision.DISMISSED,
}


class Moderation(commands.Cog):
    """Takes reports, and carries out what the buttons of incidents ask for."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._services = bot.services
        self._menu = app_commands.guild_only()(
            app_commands.ContextMenu(name=mark_on("menu", "Report video"), callback=self._report)
        )
        bot.handlers.result_reported = self.report
        bot.handlers.incident_button = self.press
        bot.handlers.member_blocked = self.block

    async def cog_load(self) -> None:
        """Add the menu to the tree. discord.py does not let a class declare it."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu out of the tree."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def _report(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        if not await with_video_of(interaction, message, self._services, self._ask_why):
            raise Declined(say(NOT_A_RESULT))

    async def _ask_why(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        await ask_why(interaction, self._services, job_id)

    async def report(self, interaction: discord.Interaction[Any], job_id: str, reason: str) -> None:
        """Take a report from the dialog."""
        if not await acknowledge(interaction):
            return
        await require_standing(interaction, self._services)
        outcome = await self._services.reports.report(job_id, interaction.user.id, reason[:REASON_MAX])
        await answer(interaction, reported(outcome))

    async def press(self, interaction: discord.Interaction[Any], action: IncidentAction, incident_id: int) -> None:
        """Carry out a moderator's choice. What the moderator may do is checked now, not when the card was posted."""
        incident = await self._incident(interaction, incident_id)
        if action is IncidentAction.BLOCK:
            _require(may_block(interaction), action)
            await interaction.response.send_modal(block_dialog(incident_id))
            return
        _require(may_moderate(interaction, incident.channel_id), action)
        if await acknowledge(interaction):
            decision = _DECISIONS[action]
            await self._services.moderation.decide(incident.guild_id, incident_id, decision, interaction.user.id)
            await answer(interaction, say(DECIDED[decision]))

    async def block(self, interaction: discord.Interaction[Any], incident_id: int, time: str, reason: str) -> None:
        """Block the member of an incident, as entered in the dialog."""
        incident = await self._incident(interaction, incident_id)
        _require(may_block(interaction), IncidentAction.BLOCK)
        if time not in TIMES:
            raise NotPossible(Impossible.NO_SUCH_INCIDENT)
        if await acknowledge(interaction):
            done = await self._services.moderation.block(
                incident.guild_id,
                incident.member_id,
                interaction.user.id,
                reason[:REASON_MAX],
                TIMES[time][1],
                incident_id=incident_id,
            )
            await answer(interaction, blocked_note(done))

    async def _incident(self, interaction: discord.Interaction[Any], incident_id: int) -> Incident:
        incident = await self._services.moderation.incident(incident_id)
        if incident is None or incident.guild_id != guild_id_of(interaction):
            raise NotPossible(Impossible.NO_SUCH_INCIDENT)
        return incident


def _require(allowed: bool, action: IncidentAction) -> None:
    if not allowed:
        raise Declined(moderators_only(action))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Moderation(bot))
