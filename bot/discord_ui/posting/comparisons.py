"""The engine's `ComparisonNotifier` over Discord's REST interface, in the way of that for single jobs."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.interactions.comparison_action import ComparisonAction
from bot.discord_ui.language.choice import LocaleOf, SettingsOf, member_language, unknown_locale
from bot.discord_ui.language.speaking import speaking
from bot.discord_ui.posting.age import is_age_restricted
from bot.discord_ui.posting.closing import file_stem
from bot.discord_ui.posting.errors import CALL_ERRORS, FailureKind, failure_kind
from bot.discord_ui.posting.guild_languages import GuildLanguages
from bot.discord_ui.posting.message_files import files_of
from bot.discord_ui.posting.placement import THREAD_ARCHIVED, How, Placement
from bot.discord_ui.posting.results_channel import Post, ResultsChannel
from bot.discord_ui.posting.search import find_message
from bot.discord_ui.posting.stepping_down import post_stepping_down, refusal
from bot.discord_ui.views.comparison_button import CARD_ACTIONS, CLOSING_ACTIONS, comparison_in
from bot.discord_ui.views.comparison_card import comparison_view, ended_comparison_view
from bot.discord_ui.views.comparison_message import (
    clip_description,
    clip_files,
    comparison_closing_view,
    comparison_title,
    results_of,
)
from bot.engine.comparison_notifier import ComparisonCard, ComparisonClosing
from bot.engine.notifier import Delivered

log = logging.getLogger(__name__)

_QUIET = discord.AllowedMentions.none()


class DiscordComparisonNotifier:
    """A `ComparisonNotifier` whose client has logged in; it needs no gateway connection."""

    def __init__(
        self,
        client: discord.Client,
        mentions: CommandMentions,
        settings_of: SettingsOf,
        locale_of: LocaleOf = unknown_locale,
    ) -> None:
        self._client = client
        self._mentions = mentions
        self._locale_of = locale_of
        self._languages = GuildLanguages(client, settings_of)
        self._results = ResultsChannel(client)

    async def show_card(self, card: ComparisonCard) -> int | None:
        """See `ComparisonNotifier.show_card`."""
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        with await self._languages.speaking_to(card.guild_id):
            view = self._mentions.in_view(comparison_view(card), card.guild_id)
        try:
            if card.message_id is not None:
                await channel.get_partial_message(card.message_id).edit(view=view, allowed_mentions=_QUIET)
                return card.message_id
            # The nonce makes a second post after a crash give back the first one.
            return (await channel.send(view=view, nonce=f"{card.comparison_id}-s", allowed_mentions=_QUIET)).id
        except CALL_ERRORS as error:
            log.info(
                "comparison %s: its card cannot be shown: %s", card.comparison_id, refusal(error), extra=_fields(card)
            )
            return None

    async def find_card(self, card: ComparisonCard, since: float) -> int | None:
        """See `ComparisonNotifier.find_card`. Returns None also where the channel's history cannot be read."""
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        try:
            message = await find_message(channel, partial(_is_about, card.comparison_id, CARD_ACTIONS), since)
        except CALL_ERRORS as error:
            refusal(error)
            return None
        return message.id if message is not None else None

    async def remove_card(self, card: ComparisonCard) -> int | None:
        """See `ComparisonNotifier.remove_card`."""
        if card.message_id is None:
            return None
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        message = channel.get_partial_message(card.message_id)
        with await self._languages.speaking_to(card.guild_id):
            left = self._mentions.in_view(ended_comparison_view(card), card.guild_id)
        try:
            if card.moved_to is not None:
                await message.edit(view=left, allowed_mentions=_QUIET)
                return message.id
            await message.delete()
        except CALL_ERRORS as error:
            refused = refusal(error)
            if failure_kind(refused) is FailureKind.GONE:
                return None
            log.info("comparison %s: its card cannot be deleted: %s", card.comparison_id, refused, extra=_fields(card))
            try:
                await message.edit(view=left, allowed_mentions=_QUIET)
            except CALL_ERRORS as second:
                refusal(second)
            return message.id
        return None

    async def turn_card(self, closing: ComparisonClosing) -> Delivered | None:
        """See `ComparisonNotifier.turn_card`."""
        if closing.status_message_id is None:
            return None
        channel = self._client.get_partial_messageable(closing.channel_id, guild_id=closing.guild_id)
        with await self._languages.speaking_to(closing.guild_id):
            view = self._mentions.in_view(comparison_closing_view(closing, ()), closing.guild_id)
        try:
            await channel.get_partial_message(closing.status_message_id).edit(view=view, allowed_mentions=_QUIET)
        except CALL_ERRORS as error:
            log.info(
                "comparison %s: its card is gone: %s", closing.comparison_id, refusal(error), extra=_fields(closing)
            )
            return None
        return Delivered(closing.channel_id, closing.status_message_id, "card")

    async def post(self, closing: ComparisonClosing, upload_limit: int) -> Delivered:
        """See `ComparisonNotifier.post`: in the results channel, where it was asked for, or to the member."""

        async def post(placement: Placement) -> discord.Message:
            with await self._languages.speaking_to(closing.guild_id):
                return await self._post(closing, placement)

        first: How = "results" if closing.results_channel_id else "channel"
        fields = {"action": "deliver", "comparison": closing.comparison_id}
        return await post_stepping_down(post, results_of(closing), upload_limit, first, fields)

    async def find_posted(self, channel_id: int, comparison_id: str, since: float) -> tuple[int, int] | None:
        """See `ComparisonNotifier.find_posted`. Returns None also where the channel's history cannot be read."""
        try:
            message = await self._results.find(channel_id, partial(_is_about, comparison_id, CLOSING_ACTIONS), since)
        except CALL_ERRORS as error:
            refusal(error)
            return None
        return (message.channel.id, message.id) if message is not None else None

    async def reveal(self, closing: ComparisonClosing, channel_id: int, message_id: int) -> None:
        """See `ComparisonNotifier.reveal`. The attachments of the message stay."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=closing.guild_id)
        try:
            message = await channel.fetch_message(message_id)
            attached = _attached_to(message, closing)
            with await self._languages.speaking_to(closing.guild_id):
                view = comparison_closing_view(closing.shown(channel_id), attached)
                view = self._mentions.in_view(view, closing.guild_id)
            await self._edit(channel.get_partial_message(message_id), view)
        except CALL_ERRORS as error:
            log.info(
                "comparison %s: its message cannot be edited: %s",
                closing.comparison_id,
                refusal(error),
                extra=_fields(closing),
            )

    async def _edit(self, message: discord.PartialMessage, view: discord.ui.LayoutView) -> None:
        """Edit a message; one in a post that Discord has archived meanwhile, after the post was opened again."""
        try:
            await message.edit(view=view, allowed_mentions=_QUIET)
        except discord.HTTPException as error:
            if error.code != THREAD_ARCHIVED:
                raise
            await self._client.http.edit_channel(message.channel.id, archived=False)
            await message.edit(view=view, allowed_mentions=_QUIET)

    async def is_age_restricted(self, channel_id: int) -> bool:
        """See `ComparisonNotifier.is_age_restricted`."""
        try:
            return await is_age_restricted(self._client, channel_id)
        except CALL_ERRORS as error:
            log.info("channel %d cannot be looked at: %s", channel_id, refusal(error), extra={"action": "deliver"})
            return False

    async def _post(self, closing: ComparisonClosing, placement: Placement) -> discord.Message:
        results_channel_id = closing.results_channel_id if placement.how == "results" else None
        if placement.how == "dm":
            return await self._write_to_member(closing.shown(None), closing, placement)
        shown = closing.shown(results_channel_id or closing.channel_id)
        arguments = partial(self._arguments, shown, _still(placement.attached, closing, shown))
        if results_channel_id is not None:
            post = Post(
                guild_id=closing.guild_id,
                arguments=arguments,
                nonce=closing.comparison_id,
                is_it=partial(_is_about, closing.comparison_id, CLOSING_ACTIONS),
                owed_at=closing.owed_at,
                title=comparison_title(closing),
                tags=(),
            )
            return await self._results.post(results_channel_id, post)
        channel = self._client.get_partial_messageable(closing.channel_id, guild_id=closing.guild_id)
        return await channel.send(**arguments(fallback=True), nonce=closing.comparison_id)

    async def _write_to_member(
        self, shown: ComparisonClosing, closing: ComparisonClosing, placement: Placement
    ) -> discord.Message:
        channel_id = int((await self._client.http.start_private_message(closing.member_id))["id"])
        channel = self._client.get_partial_messageable(channel_id)
        # `find_posted` was asked about the guild's channels only; nobody is written to twice.
        is_it = partial(_is_about, closing.comparison_id, CLOSING_ACTIONS)
        posted = await find_message(channel, is_it, closing.owed_at)
        if posted is not None:
            return posted
        with speaking(await member_language(self._locale_of, closing.member_id)):
            arguments = self._arguments(shown, _still(placement.attached, closing, shown))
        return await channel.send(**arguments, nonce=closing.comparison_id)

    def _arguments(
        self, closing: ComparisonClosing, attached: Sequence[int], *, fallback: bool = False
    ) -> dict[str, Any]:
        """Return the arguments of `send`, with opened files, which the call closes. It mentions the member only."""
        files = clip_files(closing)
        names: list[tuple[int, str]] = []
        opened: list[discord.File] = []
        for place in attached:
            clip, position = files[place]
            path = clip.results[position].path
            if path is None:
                raise ValueError(f"result {place} has no file")
            name = f"{file_stem(clip.job_id, position)}{path.suffix}"
            names.append((place, name))
            opened.append(discord.File(path, name, description=clip_description(closing, clip, position)))
        view = comparison_closing_view(closing, names, fallback=fallback)
        return {
            "view": self._mentions.in_view(view, closing.guild_id),
            "files": opened,
            "allowed_mentions": discord.AllowedMentions(
                everyone=False, roles=False, users=[discord.Object(closing.member_id)]
            ),
        }


def _is_about(comparison_id: str, actions: frozenset[ComparisonAction], message: discord.Message) -> bool:
    return comparison_in(message.components, actions) == comparison_id


def _still(attached: Sequence[int], closing: ComparisonClosing, shown: ComparisonClosing) -> list[int]:
    """Return those files that are shown in this place, too."""
    before, now = results_of(closing), results_of(shown)
    return [place for place in attached if now[place] is before[place]]


def _attached_to(message: discord.Message, closing: ComparisonClosing) -> list[tuple[int, str]]:
    """Return which files of a comparison a message has: by position in `clip_files`, and by name."""
    names = {name.rpartition(".")[0]: name for name in files_of(message)}
    stems = [file_stem(clip.job_id, position) for clip, position in clip_files(closing)]
    return [(place, names[stem]) for place, stem in enumerate(stems) if stem in names]


def _fields(about: ComparisonCard | ComparisonClosing) -> dict[str, str]:
    return {"action": "card", "comparison": about.comparison_id}
