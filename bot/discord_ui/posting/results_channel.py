"""A guild's results channel: a text channel, or a forum in which each video is a post of its own.

Discord takes no nonce for a post in a forum. What keeps a video from being posted twice there is the search for the
job's mark: before any further attempt, and after a post, since discord.py repeats a call whose answer was lost.
"""

import logging
from collections.abc import Iterable, Sequence

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.closing import closing_arguments
from bot.discord_ui.posting.errors import CALL_ERRORS, FailureKind, failure_kind
from bot.discord_ui.posting.search import find_marked, is_marked, oldest_id
from bot.discord_ui.views.closing_message import forum_tags, forum_title
from bot.discord_ui.views.job_button import CLOSING_ACTIONS
from bot.engine.notifier import Closing

log = logging.getLogger(__name__)

TAGS_MAX = 20
"""Tags that a forum can have."""
TAGS_APPLIED_MAX = 5
"""Tags that a post can have."""
SEARCHED_POSTS_MAX = 50
"""Posts of the bot in a forum that are looked at for a job's mark, and archived posts that are asked for."""


class ResultsChannel:
    """Posts closing messages in results channels, and finds them again."""

    def __init__(self, client: discord.Client, mentions: CommandMentions) -> None:
        self._client = client
        self._mentions = mentions
        self._untagged: set[int] = set()
        """Forums in which the bot may not make tags. They are tried again after a restart."""

    async def post(self, channel_id: int, closing: Closing, attached: Sequence[int], nonce: str) -> discord.Message:
        """Post a closing message with some of its files. Raises what discord.py raises for a refusal."""
        channel = await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.ForumChannel):
            return await self._post_in_forum(channel, closing, attached)
        # A channel of another type, which a moderator may have made of it, is refused by Discord itself.
        place = self._client.get_partial_messageable(channel_id, guild_id=closing.guild_id)
        return await place.send(**closing_arguments(closing, attached, self._mentions), nonce=nonce)

    async def find(self, channel_id: int, job_id: str, since: float) -> discord.Message | None:
        """Return a job's closing message posted after `since`, in seconds since the epoch; None where there is none."""
        channel = await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.ForumChannel):
            return await self._find_in_forum(channel, job_id, oldest_id(since))
        return await find_marked(self._client.get_partial_messageable(channel_id), job_id, since, CLOSING_ACTIONS)

    async def _post_in_forum(
        self, forum: discord.ForumChannel, closing: Closing, attached: Sequence[int]
    ) -> discord.Message:
        tags = await self._tags(forum, closing)
        message = closing_arguments(closing, attached, self._mentions)
        made = await forum.create_thread(name=forum_title(closing), applied_tags=tags, **message)
        first = await self._earlier(forum, closing, made.message.id) if closing.copy == 1 else None
        if first is None:
            return made.message
        await _withdraw(made)
        return first

    async def _earlier(self, forum: discord.ForumChannel, closing: Closing, made_id: int) -> discord.Message | None:
        """Return a post that was made before this one by the same call. A failed search must not lose this one."""
        try:
            first = await self._find_in_forum(forum, closing.job_id, oldest_id(closing.owed_at))
        except CALL_ERRORS as error:
            log.info("forum %d cannot be searched: %s", forum.id, error, extra={"action": "deliver"})
            return None
        return first if first is not None and first.id != made_id else None

    async def _find_in_forum(self, forum: discord.ForumChannel, job_id: str, oldest: int) -> discord.Message | None:
        """Return the earliest marked post. Those without a word for a while are archived, and looked at, too."""
        posts = [post for post in await forum.guild.active_threads() if post.parent_id == forum.id]
        posts += [post async for post in forum.archived_threads(limit=SEARCHED_POSTS_MAX)]
        own = self._client.user
        mine = [post for post in posts if post.id >= oldest and own is not None and post.owner_id == own.id]
        for post in sorted(mine, key=lambda post: post.id)[-SEARCHED_POSTS_MAX:]:
            try:
                message = await post.fetch_message(post.id)
            except discord.NotFound:
                continue
            if is_marked(message, job_id, CLOSING_ACTIONS):
                return message
        return None

    async def _tags(self, forum: discord.ForumChannel, closing: Closing) -> list[discord.ForumTag]:
        """Return the tags for model and ratio. Those that the forum lacks are made, where the bot may."""
        known = {tag.name.casefold(): tag for tag in forum.available_tags}
        wanted = forum_tags(closing)
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
