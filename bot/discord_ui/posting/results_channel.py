"""A guild's results channel: a text channel, or a forum in which each video is a post of its own.

Discord takes no nonce for a post in a forum. What keeps a video from being posted twice there is the search for the
job's mark: before any further attempt, and after a post, since discord.py repeats a call whose answer was lost.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS, FailureKind, failure_kind
from bot.discord_ui.posting.search import Recognises, find_message, oldest_id

log = logging.getLogger(__name__)

TAGS_MAX = 20
"""Tags that a forum can have."""
TAGS_APPLIED_MAX = 5
"""Tags that a post can have."""
SEARCHED_POSTS_MAX = 50
"""Posts of the bot in a forum that are looked at for a job's mark, and archived posts that are asked for."""


@dataclass(frozen=True, slots=True)
class Post:
    """A closing message that is to be posted."""

    guild_id: int
    arguments: Callable[[], dict[str, Any]]
    """Makes the arguments of `send`, with opened files, which the call closes."""
    nonce: str
    is_it: Recognises
    """Recognises the message, where an earlier attempt got through."""
    owed_at: float
    """Since when it may have been posted, in seconds since the epoch."""
    title: str
    """The title of its post in a forum."""
    tags: Sequence[str]
    """The names of the tags of its post in a forum."""
    is_first: bool = True
    """Whether no other message may be like it: it is no copy that a member asked for."""


class ResultsChannel:
    """Posts closing messages in results channels, and finds them again."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._untagged: set[int] = set()
        """Forums in which the bot may not make tags. They are tried again after a restart."""

    async def post(self, channel_id: int, post: Post) -> discord.Message:
        """Post a closing message. Raises what discord.py raises for a refusal."""
        channel = await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.ForumChannel):
            return await self._post_in_forum(channel, post)
        # A channel of another type, which a moderator may have made of it, is refused by Discord itself.
        place = self._client.get_partial_messageable(channel_id, guild_id=post.guild_id)
        return await place.send(**post.arguments(), nonce=post.nonce)

    async def find(self, channel_id: int, is_it: Recognises, since: float) -> discord.Message | None:
        """Return the message that `is_it` recognises, posted after `since` in seconds since the epoch; else None."""
        channel = await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.ForumChannel):
            return await self._find_in_forum(channel, is_it, oldest_id(since))
        return await find_message(self._client.get_partial_messageable(channel_id), is_it, since)

    async def _post_in_forum(self, forum: discord.ForumChannel, post: Post) -> discord.Message:
        tags = await self._tags(forum, post)
        made = await forum.create_thread(name=post.title, applied_tags=tags, **post.arguments())
        first = await self._earlier(forum, post, made.message.id) if post.is_first else None
        if first is None:
            return made.message
        await _withdraw(made)
        return first

    async def _earlier(self, forum: discord.ForumChannel, post: Post, made_id: int) -> discord.Message | None:
        """Return a post that was made before this one by the same call. A failed search must not lose this one."""
        try:
            first = await self._find_in_forum(forum, post.is_it, oldest_id(post.owed_at))
        except CALL_ERRORS as error:
            log.info("forum %d cannot be searched: %s", forum.id, error, extra={"action": "deliver"})
            return None
        return first if first is not None and first.id != made_id else None

    async def _find_in_forum(
        self, forum: discord.ForumChannel, is_it: Recognises, oldest: int
    ) -> discord.Message | None:
        """Return the earliest post that is recognised, also among those that are archived."""
        posts = [post for post in await forum.guild.active_threads() if post.parent_id == forum.id]
        posts += [post async for post in forum.archived_threads(limit=SEARCHED_POSTS_MAX)]
        own = self._client.user
        mine = [post for post in posts if post.id >= oldest and own is not None and post.owner_id == own.id]
        for post in sorted(mine, key=lambda post: post.id)[-SEARCHED_POSTS_MAX:]:
            try:
                message = await post.fetch_message(post.id)
            except discord.NotFound:
                continue
            if is_it(message):
                return message
        return None

    async def _tags(self, forum: discord.ForumChannel, post: Post) -> list[discord.ForumTag]:
        """Return the tags for model and ratio. Those that the forum lacks are made, where the bot may."""
        known = {tag.name.casefold(): tag for tag in forum.available_tags}
        wanted = post.tags
        for name in wanted:
            if name.casefold() not in known and len(known) < TAGS_MAX and forum.id not in self._untagged:
                try:
                    known[name.casefold()] = await forum.create_tag(name=name)
                except CALL_ERRORS as error:
                    # A video without a tag is better than none; a failure that passes is met at the post itself.
                    log.info("a tag cannot be made in forum %d: %s", forum.id, error, extra={"action": "deliver"})
                    if failure_kind(error) is FailureKind.REFUSED:
                        self._untagged.add(forum.id)
                    break
        found = [known[name.casefold()] for name in wanted if name.casefold() in known]
        if not found and forum.flags.require_tag:
            found = _any_tag(forum.available_tags)
        return found[:TAGS_APPLIED_MAX]


async def _withdraw(made: discord.channel.ThreadWithMessage) -> None:
    """Delete a post, or its message where the bot may not delete posts."""
    for deleting in (made.thread.delete, made.message.delete):
        try:
            await deleting()
        except CALL_ERRORS as error:
            log.info("post %d cannot be deleted: %s", made.thread.id, error, extra={"action": "deliver"})
        else:
            return


def _any_tag(tags: Iterable[discord.ForumTag]) -> list[discord.ForumTag]:
    return [tag for tag in tags if not tag.moderated][:1]
