"""Count who liked posted results: soon after somebody reacted, and now and then what was missed while offline.

A claim is the entry's `due_at`: it lies in the future while a worker is at it, and whoever dies gives it up by time. A
reaction meanwhile makes the entry due anew.
"""

import asyncio
import logging

from sqlalchemy import Connection

from bot.domain.gallery import GalleryEntry, GalleryKind, next_look
from bot.engine.context import EngineContext
from bot.engine.gallery import Likes, ResultGone, ResultHidden
from bot.engine.missing import note_missing
from bot.engine.notifier import DeliveryLater
from bot.storage import gallery, guild_settings, reel_erasing, showcase

log = logging.getLogger(__name__)

BATCH = 5
"""Results that one step looks at. Each costs two calls or a few more, of fifty a second for the whole bot."""
LATER_SECONDS = 60.0
"""Seconds to the next attempt where Discord could not be reached."""
HIDDEN_SECONDS = 86_400.0
"""Seconds after which a result is looked at again that the bot may not see."""


class LikesWorker:
    """One step looks at the results that are due."""

    def __init__(self, context: EngineContext, likes: Likes) -> None:
        self._context = context
        self._likes = likes

    async def step(self) -> float:
        """Look at what is due, and return the seconds until more may be."""
        context = self._context
        until = context.clock() + context.timings.lease_seconds
        due = await context.database.write(gallery.claim, context.clock(), until, BATCH)
        await asyncio.gather(*(self._look(entry, until) for entry in due))
        # Not at once even if more is due: a backlog must not take all the calls that Discord allows.
        due_in = context.seconds_until(await context.database.read(gallery.next_due))
        return max(context.timings.idle_seconds, due_in) if due else due_in

    async def _look(self, entry: GalleryEntry, until: float) -> None:
        context, fields = self._context, {"action": "count_likes", "kind": entry.kind, "source": entry.source_id}
        try:
            place_id = entry.place_id or await self._likes.place_of(entry.channel_id)
            likes = await self._likes.count(entry.channel_id, entry.message_id, entry.member_id)
        except ResultGone as gone:
            await context.database.write(self._gone, entry, gone.channel)
            context.wake_events.removals.set()
            context.wake_events.showcase.set()
        except ResultHidden as hidden:
            log.info("a result is out of sight: %s", hidden, extra=fields)
            over = next_look(entry.posted_at, context.clock()) is None
            at = None if over else context.clock() + HIDDEN_SECONDS
            await context.database.write(gallery.look_later, entry, until, at)
        except DeliveryLater as later:
            at = context.clock() + (later.retry_after or LATER_SECONDS)
            await context.database.write(gallery.look_later, entry, until, at)
        else:
            if await context.database.write(self._counted, entry, place_id, likes, until):
                context.wake_events.showcase.set()
            log.debug("%d people like a result", likes, extra=fields)

    def _gone(self, conn: Connection, entry: GalleryEntry, channel: bool) -> None:
        now = self._context.clock()
        if entry.kind is GalleryKind.VIDEO:
            note_missing(conn, entry.source_id, entry.message_id, now, channel_is_gone=channel)
        else:
            reel_erasing.note_film_gone(conn, int(entry.source_id), now)

    def _counted(self, conn: Connection, entry: GalleryEntry, place_id: int, likes: int, until: float) -> bool:
        """Note a count. Returns True where the result has come into the showcase by it."""
        now = self._context.clock()
        following = next_look(entry.posted_at, now)
        if not gallery.looked_at(
            conn, entry, place_id=place_id, likes=likes, claimed_until=until, next_at=following, now=now
        ):
            return False
        settings = guild_settings.settings_of(conn, entry.guild_id)
        if settings.showcase_channel is None or likes < settings.showcase_likes:
            return False
        return showcase.want(conn, entry.kind, entry.source_id, entry.guild_id, now)
