"""Whether a member may take up somebody's result: repeat its request, change it, or continue its video."""

from typing import Any

import discord

from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.permissions import may_act, may_moderate
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.job_answers import GONE, MODERATORS_ONLY, NOT_YOURS
from bot.domain.guild_settings import ReuseRight
from bot.domain.jobs import Job
from bot.services.services import Services


async def require_reuse(interaction: discord.Interaction[Any], services: Services, job: Job) -> None:
    """Require that a member may take up a job, by the setting of its server. Raises Declined."""
    if not _here(interaction, job):
        raise Declined(say(GONE))
    right = (await services.guild_settings.of(job.guild_id)).again_and_edit
    if right is ReuseRight.REQUESTER and not may_act(interaction, job):
        raise Declined(say(NOT_YOURS))
    if right is ReuseRight.MODERATORS and not may_moderate(interaction, job.channel_id):
        raise Declined(say(MODERATORS_ONLY))


def _here(interaction: discord.Interaction[Any], job: Job) -> bool:
    """Tell whether the interaction came from the job's server, or from a direct message with its member."""
    if interaction.guild_id is None:
        return interaction.user.id == job.member_id
    return interaction.guild_id == job.guild_id
