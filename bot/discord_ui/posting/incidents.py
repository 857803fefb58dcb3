"""Cards about incidents, and answers to reporters, over Discord's REST interface."""

from contextlib import AbstractContextManager

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.choice import LocaleOf, SettingsOf, member_language, unknown_locale
from bot.discord_ui.language.speaking import speaking
from bot.discord_ui.posting.errors import CALL_ERRORS, raise_if_passing
from bot.discord_ui.posting.guild_languages import GuildLanguages
from bot.discord_ui.posting.search import find_message
from bot.discord_ui.views.incident_card import incident_view, is_about
from bot.discord_ui.views.report_words import answer_to_reporter, reports_wait
from bot.engine.incidents import IncidentCard

_QUIET = discord.AllowedMentions.none()


class DiscordIncidentCards:
    """The engine's `IncidentCards` over Discord's REST interface."""

    def __init__(
        self,
        client: discord.Client,
        mentions: CommandMentions,
        settings_of: SettingsOf,
        locale_of: LocaleOf = unknown_locale,
    ) -> None:
        self._client = client
        self._mentions = mentions
        self._languages = GuildLanguages(client, settings_of)
        self._locale_of = locale_of

    async def post(self, card: IncidentCard, channel_id: int) -> int | None:
        """Post the card; the nonce makes a second post soon after give back the first one."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=card.incident.guild_id)
        with await self._languages.speaking_to(card.incident.guild_id):
            view = self._mentions.in_view(incident_view(card), card.incident.guild_id)
        try:
            sent = await channel.send(view=view, nonce=f"incident-{card.incident.id}", allowed_mentions=_QUIET)
        except CALL_ERRORS as error:
            raise_if_passing(error)
            return None
        return sent.id

    async def find(self, card: IncidentCard) -> int | None:
        """Search the channel in which the card was begun to be posted, by the card's buttons."""
        incident = card.incident
        if incident.card_channel_id is None:
            return None
        channel = self._client.get_partial_messageable(incident.card_channel_id, guild_id=incident.guild_id)
        try:
            message = await find_message(
                channel, lambda message: is_about(message.components, incident.id), incident.created_at
            )
        except CALL_ERRORS as error:
            raise_if_passing(error)
            return None
        return None if message is None else message.id

    async def edit(self, card: IncidentCard) -> None:
        """Edit the card, if it was ever posted."""
        incident = card.incident
        if incident.card_channel_id is None or incident.card_message_id is None:
            return
        channel = self._client.get_partial_messageable(incident.card_channel_id, guild_id=incident.guild_id)
        with await self._languages.speaking_to(incident.guild_id):
            view = self._mentions.in_view(incident_view(card), incident.guild_id)
        try:
            await channel.get_partial_message(incident.card_message_id).edit(view=view, allowed_mentions=_QUIET)
        except CALL_ERRORS as error:
            raise_if_passing(error)

    async def tell_owner(self, guild_id: int) -> None:
        """Write to the server's owner."""
        try:
            guild = await self._client.fetch_guild(guild_id, with_counts=False)
            if guild.owner_id is not None:
                channel = await self._client.create_dm(discord.Object(guild.owner_id))
                with await self._languages.speaking_to(guild_id), await self._to_member(guild.owner_id):
                    words = self._mentions.in_text(reports_wait(guild.name))
                await channel.send(words, nonce=f"waits-{guild_id}", allowed_mentions=_QUIET)
        except CALL_ERRORS as error:
            raise_if_passing(error)

    async def answer(self, card: IncidentCard, reporter_id: int) -> None:
        """Write to the reporter."""
        with await self._languages.speaking_to(card.incident.guild_id), await self._to_member(reporter_id):
            words = self._mentions.in_text(answer_to_reporter(card.incident, card.job))
        try:
            channel = await self._client.create_dm(discord.Object(reporter_id))
            await channel.send(words, nonce=f"answer-{card.incident.id}", allowed_mentions=_QUIET)
        except CALL_ERRORS as error:
            raise_if_passing(error)

    async def _to_member(self, member_id: int) -> AbstractContextManager[None]:
        """Return the context in which a member's language is spoken, or the one in force where theirs is unknown."""
        return speaking(await member_language(self._locale_of, member_id))
