"""Posting and closing the moderators' cards over Discord's REST interface."""

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.choice import SettingsOf
from bot.discord_ui.posting.errors import CALL_ERRORS, raise_if_passing
from bot.discord_ui.posting.guild_languages import GuildLanguages
from bot.discord_ui.views.approval_card import approval_view
from bot.engine.approval import Question


class DiscordApprovalCards:
    """The engine's `ApprovalCards` over Discord's REST interface."""

    def __init__(self, client: discord.Client, mentions: CommandMentions, settings_of: SettingsOf) -> None:
        self._client = client
        self._mentions = mentions
        self._languages = GuildLanguages(client, settings_of)

    async def post(self, question: Question) -> int | None:
        """Post the card; the nonce makes a second post soon after give back the first one."""
        approval = question.approval
        channel = self._client.get_partial_messageable(approval.channel_id, guild_id=approval.guild_id)
        with await self._languages.speaking_to(approval.guild_id):
            view = self._mentions.in_view(approval_view(question), approval.guild_id)
        quiet = discord.AllowedMentions.none()
        try:
            sent = await channel.send(view=view, nonce=f"{approval.job_id}-q", allowed_mentions=quiet)
        except CALL_ERRORS as error:
            raise_if_passing(error)
            return None
        return sent.id

    async def close(self, question: Question) -> None:
        """Edit the card, if it was ever posted."""
        approval = question.approval
        if approval.message_id is None:
            return
        channel = self._client.get_partial_messageable(approval.channel_id, guild_id=approval.guild_id)
        message = channel.get_partial_message(approval.message_id)
        with await self._languages.speaking_to(approval.guild_id):
            view = self._mentions.in_view(approval_view(question), approval.guild_id)
        try:
            await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        except CALL_ERRORS as error:
            raise_if_passing(error)
