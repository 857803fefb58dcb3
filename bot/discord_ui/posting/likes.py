"""Counting who liked a result, over Discord's REST interface. Who it was is forgotten with the answer."""

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind, retry_after
from bot.discord_ui.posting.rooms import Rooms
from bot.engine.gallery import ResultGone, ResultHidden
from bot.engine.notifier import DeliveryLater

LISTED_MAX = 1_000
"""People of a message who are listed, in pages of 100. Of more only Discord's own counts are known."""
DISLIKE = "👎"
"""The one emoji that is no like, whatever the colour of its hand."""

_UNKNOWN_MESSAGE, _UNKNOWN_CHANNEL, _UNKNOWN_EMOJI = 10008, 10003, 10014


class DiscordLikes:
    """The engine's `Likes`. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._rooms = Rooms(client)

    async def place_of(self, channel_id: int) -> int:
        """See `Likes.place_of`."""
        try:
            return await self._rooms.place_of(channel_id)
        except CALL_ERRORS as error:
            raise out_of_reach(error) from error

    async def count(self, channel_id: int, message_id: int, maker_id: int) -> int:
        """See `Likes.count`."""
        try:
            message = await self._client.get_partial_messageable(channel_id).fetch_message(message_id)
            return await _people(message, maker_id)
        except CALL_ERRORS as error:
            raise out_of_reach(error) from error


def out_of_reach(error: Exception) -> Exception:
    """Return what a failed look at a result means to the engine."""
    if failure_kind(error).passes:
        return DeliveryLater(f"{type(error).__name__}: {error}", retry_after(error))
    if isinstance(error, discord.NotFound) and error.code in (_UNKNOWN_MESSAGE, _UNKNOWN_CHANNEL):
        return ResultGone(channel=error.code == _UNKNOWN_CHANNEL)
    return ResultHidden(str(error))


async def _people(message: discord.Message, maker_id: int) -> int:
    """Return how many people reacted, each once.

    Discord counts each emoji alone, so people are told apart by their ids. Where they are too many to be listed, the
    largest count of an emoji is the least that is true.
    """
    liking = [one for one in message.reactions if not str(one.emoji).startswith(DISLIKE)]
    people: set[int] = set()
    for reaction in liking:
        for kind in (discord.ReactionType.normal, discord.ReactionType.burst):
            of_kind = reaction.burst_count if kind is discord.ReactionType.burst else reaction.normal_count
            if of_kind == 0:
                continue
            if len(people) + of_kind > LISTED_MAX:
                return max(len(people), *(one.count - one.me for one in liking))
            people |= await _listed(reaction, kind, of_kind, maker_id)
    return len(people)


async def _listed(reaction: discord.Reaction, kind: discord.ReactionType, count: int, maker_id: int) -> set[int]:
    try:
        users = [user async for user in reaction.users(limit=count, type=kind)]
    except discord.NotFound as error:
        if error.code == _UNKNOWN_EMOJI:
            return set()  # the last one took it back meanwhile
        raise
    return {user.id for user in users if not user.bot and user.id != maker_id}
