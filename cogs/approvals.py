"""The buttons of the card on which moderators decide about an expensive request."""

from typing import Any

import discord
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show, tell_beside
from bot.discord_ui.interactions.permissions import may_manage_guild
from bot.discord_ui.interactions.reader import public_language
from bot.discord_ui.language.speaking import speaking
from bot.discord_ui.views.approval_card import approval_view, stopped_words
from bot.discord_ui.views.refusal_words import words_of
from bot.domain.refusals import Impossible, NotPossible


class ApprovalButtons(commands.Cog):
    """Decides for a moderator, and redraws the card in the answer to the press."""

    def __init__(self, bot: ReelBot) -> None:
        self._approvals = bot.services.approvals
        self._clock = bot.services.clock
        self._settings_of = bot.services.guild_settings.of
        bot.handlers.approval_button = self.decide

    async def decide(self, interaction: discord.Interaction[Any], job_id: str, approved: bool) -> None:
        """Approve or deny an expensive request for a moderator.

        Where that is not possible, the moderator reads why, and so does everybody who sees the card.
        """
        question = await self._approvals.find(job_id)
        if question is None or question.approval.guild_id != interaction.guild_id:
            raise NotPossible(Impossible.NO_SUCH_QUESTION)
        if not may_manage_guild(interaction):
            raise NotPossible(Impossible.NOT_A_MODERATOR)
        await interaction.response.defer()
        refusal = None
        try:
            question = await self._approvals.decide(job_id, approved=approved, actor_id=interaction.user.id)
        except NotPossible as error:
            refusal = error
            await tell_beside(interaction, words_of(refusal))
            question = await self._approvals.find(job_id) or question
        with speaking(await public_language(interaction, self._settings_of)):
            is_open = question.approval.decision is None
            stopped = stopped_words(refusal, interaction.user.id, self._clock()) if refusal and is_open else None
            card = approval_view(question, stopped)
        await show(interaction, card)
        if question.approval.decision is not None:
            await self._approvals.note_closed(job_id)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(ApprovalButtons(bot))
