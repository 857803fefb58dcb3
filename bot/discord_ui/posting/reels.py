"""The engine's `ReelPoster` over Discord's REST interface. It needs no gateway connection."""

import logging
from collections.abc import Sequence

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.choice import SettingsOf
from bot.discord_ui.language.speaking import say
from bot.discord_ui.posting.age import is_age_restricted
from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind, retry_after
from bot.discord_ui.posting.guild_languages import GuildLanguages
from bot.discord_ui.posting.placement import too_large
from bot.discord_ui.posting.search import SEARCHED_MESSAGES_MAX, oldest_id
from bot.discord_ui.views.film_message import film_card, film_in, film_view
from bot.discord_ui.views.film_words import MAKERS_MENTIONED, alternative_words, failure_words, message_words
from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX, CONTENT_MAX, cut, cut_lines
from bot.domain.audit import THE_BOT
from bot.engine.notifier import DeliveryImpossible, DeliveryLater, UploadTooLarge
from bot.engine.reel_poster import Credits, FilmCard, FilmFailure, FilmMessage

log = logging.getLogger(__name__)

NAME_SHOWN = 60
"""Characters of a member's name in the credits."""
_QUIET = discord.AllowedMentions.none()


class DiscordReelPoster:
    """A `ReelPoster` whose client has logged in."""

    def __init__(self, client: discord.Client, mentions: CommandMentions, settings_of: SettingsOf) -> None:
        self._client = client
        self._mentions = mentions
        self._languages = GuildLanguages(client, settings_of)

    async def show_card(self, card: FilmCard) -> int | None:
        """See `ReelPoster.show_card`."""
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        with await self._languages.speaking_to(card.guild_id):
            view = self._mentions.in_view(film_card(card), card.guild_id)
        try:
            if card.message_id is not None:
                await channel.get_partial_message(card.message_id).edit(view=view, allowed_mentions=_QUIET)
                return card.message_id
            # The nonce makes a second post after a crash give back the first one.
            return (await channel.send(view=view, nonce=f"film-{card.render_id}-s", allowed_mentions=_QUIET)).id
        except CALL_ERRORS as error:
            log.info("film %d: its card cannot be shown: %s", card.render_id, _refusal(error), extra=_fields(card))
            return None

    async def remove_card(self, channel_id: int, message_id: int) -> None:
        """See `ReelPoster.remove_card`."""
        try:
            await self._client.get_partial_messageable(channel_id).get_partial_message(message_id).delete()
        except CALL_ERRORS as error:
            log.info("a film's card is gone: %s", _refusal(error), extra={"action": "film"})

    async def credits(self, guild_id: int, maker_ids: Sequence[int]) -> Credits:
        """See `ReelPoster.credits`."""
        with await self._languages.speaking_to(guild_id):
            heading = say("Clips by")
        names: dict[int, str] = {}
        for maker_id in maker_ids:
            name = await self._name_of(guild_id, maker_id)
            if name is not None:
                names[maker_id] = cut(name, NAME_SHOWN)
        return Credits(heading, names)

    async def is_age_restricted(self, channel_id: int) -> bool:
        """See `ReelPoster.is_age_restricted`."""
        try:
            return await is_age_restricted(self._client, channel_id)
        except CALL_ERRORS as error:
            log.info("channel %d cannot be looked at: %s", channel_id, _refusal(error), extra={"action": "film"})
            return False

    async def find_posted(self, channel_id: int, render_id: int, since: float) -> tuple[int, int] | None:
        """See `ReelPoster.find_posted`. Also None where the channel's history cannot be read."""
        oldest = oldest_id(since)
        try:
            async for message in self._client.get_partial_messageable(channel_id).history(limit=SEARCHED_MESSAGES_MAX):
                if message.id < oldest:
                    return None
                if film_in(message.components) == render_id:
                    return channel_id, message.id
        except CALL_ERRORS as error:
            _refusal(error)
        return None

    async def post(self, film: FilmMessage) -> tuple[int, int]:
        """See `ReelPoster.post`. It mentions who asked for the film and its makers, and nobody else."""
        channel = self._client.get_partial_messageable(film.channel_id, guild_id=film.guild_id)
        with await self._languages.speaking_to(film.guild_id):
            words = self._mentions.in_text(message_words(film), film.guild_id)
            described = cut(alternative_words(film), ALTERNATIVE_TEXT_MAX)
            view = film_view(film.render_id)
        mentioned = dict.fromkeys(one for one in (film.asked_by, *film.makers) if one != THE_BOT)
        users = [discord.Object(member_id) for member_id in list(mentioned)[: MAKERS_MENTIONED + 1]]
        try:
            message = await channel.send(
                cut_lines(words, CONTENT_MAX),
                file=discord.File(film.path, f"reel-{film.render_id}.mp4", description=described),
                view=view,
                nonce=f"film-{film.render_id}",
                allowed_mentions=discord.AllowedMentions(everyone=False, roles=False, users=users),
            )
        except CALL_ERRORS as error:
            refusal = _refusal(error)
            if too_large(refusal.status, refusal.code):
                raise UploadTooLarge(film.size) from error
            raise DeliveryImpossible(f"{refusal.status} {refusal.code}: {refusal.text or 'refused'}") from error
        return film.channel_id, message.id

    async def tell_failure(self, failure: FilmFailure) -> None:
        """See `ReelPoster.tell_failure`."""
        with await self._languages.speaking_to(failure.guild_id):
            words = cut_lines(self._mentions.in_text(failure_words(failure), failure.guild_id), CONTENT_MAX)
        allowed = discord.AllowedMentions.none()
        if failure.asked_by != THE_BOT:
            allowed.users = [discord.Object(failure.asked_by)]
        nonce = f"film-{failure.render_id}-f"
        channel: discord.abc.Messageable = self._client.get_partial_messageable(
            failure.channel_id, guild_id=failure.guild_id
        )
        try:
            await channel.send(words, nonce=nonce, allowed_mentions=allowed)
        except CALL_ERRORS as error:
            log.info("film %d: its channel is out of reach: %s", failure.render_id, _refusal(error))
            if failure.asked_by != THE_BOT:
                await self._tell_directly(failure.asked_by, words, nonce)

    async def _tell_directly(self, member_id: int, words: str, nonce: str) -> None:
        try:
            channel = await self._client.create_dm(discord.Object(member_id))
            await channel.send(words, nonce=nonce, allowed_mentions=_QUIET)
        except CALL_ERRORS as error:
            log.info("who asked for a film takes no direct messages: %s", _refusal(error), extra={"action": "film"})

    async def _name_of(self, guild_id: int, member_id: int) -> str | None:
        """Return how a member is called in a server, or as a user where they left; None where nobody knows."""
        try:
            member = await self._client.http.get_member(guild_id, member_id)
        except CALL_ERRORS as error:
            _refusal(error)
        else:
            user = member["user"]
            return member.get("nick") or user.get("global_name") or user["username"]
        try:
            return (await self._client.fetch_user(member_id)).display_name
        except CALL_ERRORS as error:
            _refusal(error)
            return None


def _fields(card: FilmCard) -> dict[str, int | str]:
    return {"action": "film", "render": card.render_id}


def _refusal(error: Exception) -> discord.HTTPException:
    """Return the error if asking again changes nothing. Raises DeliveryLater for a failure that may pass."""
    if isinstance(error, discord.HTTPException) and not failure_kind(error).passes:
        return error
    raise DeliveryLater(f"{type(error).__name__}: {error}", retry_after(error)) from error
