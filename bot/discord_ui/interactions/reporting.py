"""A member reports a result, by its button or by the menu of its message."""

from typing import Any

import discord

from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.moderation_dialogs import report_dialog
from bot.discord_ui.views.report_words import NOT_A_RESULT, OWN_RESULT, reported
from bot.services.services import Services


async def ask_why(interaction: discord.Interaction[Any], services: Services, job_id: str) -> None:
    """Open the dialog for the reason, or say why a report is not taken.

    Raises Declined for a job of another server, of the member's own, or that is not known, and for a blocked member.
    Raises NotPossible where the job has no result.
    """
    view = await services.jobs.get(job_id)
    if view is None or interaction.guild_id not in (None, view.job.guild_id):
        raise Declined(say(NOT_A_RESULT))
    if interaction.user.id == view.job.member_id:
        raise Declined(say(OWN_RESULT))
    await require_standing(interaction, services)
    known = await services.reports.state(job_id, interaction.user.id)
    if known is not None:
        await answer(interaction, reported(known))
    else:
        await interaction.response.send_modal(report_dialog(job_id))
