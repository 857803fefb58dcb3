"""The engine's `Notifier` over Discord's REST interface: cards and closing messages.

Every call goes by channel and message id. So it works long after an interaction's token has died, and in a process
that has no gateway connection.
"""

import logging
import secrets
from dataclasses import replace
from functools import partial

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.choice import LocaleOf, SettingsOf, member_language, unknown_locale
from bot.discord_ui.language.speaking import speaking
from bot.discord_ui.posting.age import is_age_restricted
from bot.discord_ui.posting.closing import closing_arguments
from bot.discord_ui.posting.errors import CALL_ERRORS, FailureKind, failure_kind
from bot.discord_ui.posting.guild_languages import GuildLanguages
from bot.discord_ui.posting.placement import How, Placement
from bot.discord_ui.posting.results_channel import Post, ResultsChannel
from bot.discord_ui.posting.search import find_marked, is_marked
from bot.discord_ui.posting.stepping_down import post_stepping_down, refusal
from bot.discord_ui.views.card_files import card_files
from bot.discord_ui.views.closing_message import closing_card, forum_tags, forum_title
from bot.discord_ui.views.job_button import CARD_ACTIONS, CLOSING_ACTIONS
from bot.discord_ui.views.status_card import ended_view, moved_view, status_view
from bot.engine.notifier import (
    Closing,
    Delivered,
    StatusCard,
)

log = logging.getLogger(__name__)


class DiscordNotifier:
    """A `Notifier` whose client has logged in; it needs no gateway connection."""

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
        self._results = ResultsChannel(client)

    async def show_status(self, card: StatusCard) -> int | None:
        """Post or edit a job's public card and return the message's id.

        Returns None where the card cannot be shown, or is gone and should stay so. Raises DeliveryLater.
        """
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        with await self._languages.speaking_to(card.guild_id):
            view = self._mentions.in_view(status_view(card), card.guild_id)
        quiet = discord.AllowedMentions.none()
        try:
            if card.message_id is not None:
                await channel.get_partial_message(card.message_id).edit(view=view, allowed_mentions=quiet)
                return card.message_id
            files = card_files(card)
            return (await channel.send(view=view, files=files, nonce=_card_nonce(card), allowed_mentions=quiet)).id
        except CALL_ERRORS as error:
            log.info("job %s: its card cannot be shown: %s", card.job_id, refusal(error), extra=_fields(card.job_id))
            return None

    async def find_card(self, card: StatusCard, since: float) -> int | None:
        """Return the id of the job's card if the channel has one that was posted after `since`; else None.

        Returns None also where the channel's history cannot be read. Raises DeliveryLater.
        """
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        try:
            message = await find_marked(channel, card.job_id, since, CARD_ACTIONS)
        except CALL_ERRORS as error:
            refusal(error)
            return None
        return message.id if message is not None else None

    async def remove_card(self, card: StatusCard) -> int | None:
        """Delete the card of a job whose closing message stands, or shrink it to one line. Raises DeliveryLater.

        Where the closing message stands in another channel, a line with the link to it stays. Returns the id of the
        message that stays; None where none does.
        """
        if card.message_id is None:
            return None
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        message = channel.get_partial_message(card.message_id)
        quiet = discord.AllowedMentions.none()
        try:
            if card.moved_to is not None:
                with await self._languages.speaking_to(card.guild_id):
                    moved = self._mentions.in_view(moved_view(card, card.moved_to), card.guild_id)
                await message.edit(view=moved, attachments=[], allowed_mentions=quiet)
                return message.id
            await message.delete()
        except CALL_ERRORS as error:
            refused = refusal(error)
            if failure_kind(refused) is FailureKind.GONE:
                return None
            log.info("job %s: its card cannot be deleted: %s", card.job_id, refused, extra=_fields(card.job_id))
            try:
                with await self._languages.speaking_to(card.guild_id):
                    ended = self._mentions.in_view(ended_view(card), card.guild_id)
                await message.edit(view=ended, attachments=[], allowed_mentions=quiet)
            except CALL_ERRORS as second:
                refusal(second)
            return message.id
        return None

    async def turn_card(self, closing: Closing) -> Delivered | None:
        """Turn the job's card into its closing message, which then mentions nobody.

        Returns None where the card is gone. Raises DeliveryLater.
        """
        if closing.status_message_id is None:
            return None
        channel = self._client.get_partial_messageable(closing.channel_id, guild_id=closing.guild_id)
        with await self._languages.speaking_to(closing.guild_id):
            view = self._mentions.in_view(closing_card(closing), closing.guild_id)
        try:
            await channel.get_partial_message(closing.status_message_id).edit(
                view=view, attachments=[], allowed_mentions=discord.AllowedMentions.none()
            )
        except CALL_ERRORS as error:
            log.info("job %s: its card is gone: %s", closing.job_id, refusal(error), extra=_fields(closing.job_id))
            return None
        return Delivered(closing.channel_id, closing.status_message_id, "card")

    async def post_closing(self, closing: Closing, upload_limit: int) -> Delivered:
        """Post a job's closing message where Discord takes it: in the results channel, in the job's, or to the member.

        Files of more than `upload_limit` bytes are linked. Raises DeliveryLater, DeliveryImpossible and UploadTooLarge.
        """

        async def post(placement: Placement) -> discord.Message:
            with await self._languages.speaking_to(closing.guild_id):
                return await self._post(closing, placement)

        first: How = "results" if closing.results_channel_id else "channel"
        fields = {"action": "deliver", "job": closing.job_id}
        return await post_stepping_down(post, closing.results, upload_limit, first, fields)

    async def is_age_restricted(self, channel_id: int) -> bool:
        """Ask Discord whether a channel, or the one that it is a thread of, is age-restricted. Raises DeliveryLater."""
        try:
            return await is_age_restricted(self._client, channel_id)
        except CALL_ERRORS as error:
            log.info("channel %d cannot be looked at: %s", channel_id, refusal(error), extra={"action": "deliver"})
            return False

    async def find_posted(self, channel_id: int, job_id: str, since: float) -> tuple[int, int] | None:
        """Return channel and id of this job's closing message if it is among what was posted there after `since`.

        Returns None also where the channel's history cannot be read. Raises DeliveryLater.
        """
        try:
            message = await self._results.find(
                channel_id, partial(is_marked, job_id=job_id, actions=CLOSING_ACTIONS), since
            )
        except CALL_ERRORS as error:
            refusal(error)
            return None
        return (message.channel.id, message.id) if message is not None else None

    async def _post(self, closing: Closing, placement: Placement) -> discord.Message:
        nonce = closing.job_id if closing.copy == 1 else f"{closing.job_id}-{closing.copy}"
        results = placement.how == "results" and closing.results_channel_id is not None
        channel_id = None if placement.how == "dm" else closing.results_channel_id if results else closing.channel_id
        shown = closing.shown(channel_id)
        if shown is not closing:
            closing, placement = shown, replace(placement, attached=())
        if placement.how == "results" and closing.results_channel_id is not None:
            return await self._results.post(closing.results_channel_id, self._in_results(closing, placement, nonce))
        if placement.how == "dm":
            return await self._write_to_member(closing, placement, nonce)
        channel = self._client.get_partial_messageable(closing.channel_id, guild_id=closing.guild_id)
        fallback = placement.how == "channel"
        message = closing_arguments(closing, placement.attached, self._mentions, fallback=fallback)
        return await channel.send(**message, nonce=nonce)

    def _in_results(self, closing: Closing, placement: Placement, nonce: str) -> Post:
        return Post(
            guild_id=closing.guild_id,
            arguments=partial(closing_arguments, closing, placement.attached, self._mentions),
            nonce=nonce,
            is_it=partial(is_marked, job_id=closing.job_id, actions=CLOSING_ACTIONS),
            owed_at=closing.owed_at,
            title=forum_title(closing),
            tags=forum_tags(closing),
            is_first=closing.copy == 1,
        )

    async def _write_to_member(self, closing: Closing, placement: Placement, nonce: str) -> discord.Message:
        channel_id = int((await self._client.http.start_private_message(closing.member_id))["id"])
        channel = self._client.get_partial_messageable(channel_id)
        # `find_posted` was asked about the guild's channels only; nobody is written to twice.
        if closing.copy == 1:
            posted = await find_marked(channel, closing.job_id, closing.owed_at, CLOSING_ACTIONS)
            if posted is not None:
                return posted
        with speaking(await member_language(self._locale_of, closing.member_id)):
            message = closing_arguments(closing, placement.attached, self._mentions, direct=True)
        return await channel.send(**message, nonce=nonce)


def _fields(job_id: str) -> dict[str, str]:
    return {"action": "card", "job": job_id}


def _card_nonce(card: StatusCard) -> str:
    """Return the nonce that makes a second post of a card give back the first one.

    A card with files is posted again where it was deleted, and the same nonce would give back the deleted one. It is
    looked for in the channel before (`find_card`).
    """
    return f"{card.job_id}-s{secrets.token_hex(4)}" if card.files else f"{card.job_id}-s"
