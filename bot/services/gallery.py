"""The gallery of a server: what is in it, whose results stay out, and which results people react to."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.gallery import LOOKED_AT_SECONDS_MAX, GalleryEntry, GalleryFilter, GalleryKind, model_key
from bot.domain.jobs import Job
from bot.domain.weekly_reel import next_slot
from bot.engine.context import EngineContext
from bot.engine.missing import note_missing
from bot.storage import age_restricted, gallery, guild_settings, guilds, jobs, reel_erasing, reel_renders, reels

ENTRIES_SHOWN = 6
"""Entries on a page."""
REACTION_SECONDS = 5.0
"""Seconds from a reaction to the count: many people often react within a moment."""
STALE_SECONDS = 60.0
"""Seconds after which a count is too old for somebody who looks."""


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """An entry with what it is called: the model and prompt of a job, or the title of a reel."""

    entry: GalleryEntry
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """A page of a gallery. `models` are the slugs to filter by; `kept_out` says whether the reader keeps out."""

    wanted: GalleryFilter
    items: tuple[GalleryItem, ...]
    has_more: bool
    models: tuple[str, ...]
    kept_out: bool


class GalleryService:
    """Use cases of `/gallery`, and of reactions."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._reacted: set[int] = set()

    async def page(
        self,
        guild_id: int,
        wanted: GalleryFilter,
        reader_id: int,
        places: Collection[int],
        *,
        age_restricted_here: bool,
    ) -> GalleryPage:
        """Return a page of what a reader may see: what was posted in `places`.

        Results of age-restricted models are only shown in age-restricted channels.
        """

        def read(conn: Connection) -> GalleryPage:
            hidden = frozenset[str]() if age_restricted_here else age_restricted.models(conn)
            slugs = tuple(slug for slug in gallery.models(conn, guild_id) if slug not in hidden)
            found = gallery.page(
                conn,
                guild_id,
                wanted,
                next((slug for slug in slugs if model_key(slug) == wanted.model), None),
                places=places,
                hidden_models=hidden,
                now=self._context.clock(),
                skipped=wanted.page * ENTRIES_SHOWN,
                count=ENTRIES_SHOWN + 1,
            )
            items = tuple(_item(conn, entry) for entry in found[:ENTRIES_SHOWN])
            out = gallery.is_out(conn, guild_id, reader_id)
            return GalleryPage(wanted, items, len(found) > ENTRIES_SHOWN, slugs, out)

        page = await self._context.database.read(read)
        await self._look_again(page)
        return page

    async def _look_again(self, page: GalleryPage) -> None:
        """Have counts brought up to date that are too old for a reader."""
        now = self._context.clock()
        before = now - STALE_SECONDS * self._context.timings.scale
        stale = [
            item.entry.message_id
            for item in page.items
            if item.entry.counted_at is None or item.entry.counted_at < before
        ]
        if stale:
            await self._context.database.write(gallery.make_due, stale, now)
            self._context.wake_events.likes.set()

    async def note_missing(self, entry: GalleryEntry, *, channel_is_gone: bool) -> None:
        """Note that the message of an entry was not found. It leaves the gallery and the showcase."""

        def write(conn: Connection) -> None:
            now = self._context.clock()
            if entry.kind is GalleryKind.VIDEO:
                note_missing(conn, entry.source_id, entry.message_id, now, channel_is_gone=channel_is_gone)
            else:
                reel_erasing.note_film_gone(conn, int(entry.source_id), now)

        await self._context.database.write(write)
        self._context.wake_events.removals.set()
        self._context.wake_events.showcase.set()

    async def keep_out(self, guild_id: int, member_id: int, *, out: bool) -> None:
        """Keep a member's results out of a guild's gallery and showcase, or let them in again."""
        if out:
            await self._context.database.write(gallery.opt_out, guild_id, member_id, self._context.clock())
            self._context.wake_events.showcase.set()
        else:
            await self._context.database.write(gallery.opt_in, guild_id, member_id)

    async def look_for_showcase(self, guild_id: int) -> None:
        """Have the results counted anew that may come into a showcase that was chosen just now."""

        def write(conn: Connection) -> int:
            settings, now = guild_settings.settings_of(conn, guild_id), self._context.clock()
            if settings.showcase_channel is None:
                return 0
            return gallery.make_liked_due(conn, guild_id, settings.showcase_likes, now - LOOKED_AT_SECONDS_MAX, now)

        if await self._context.database.write(write):
            self._context.wake_events.likes.set()

    async def next_weekly_reel(self, guild_id: int) -> float | None:
        """Return when a guild's next reel of the week is made; None where it wants none."""

        def read(conn: Connection) -> float | None:
            settings = guild_settings.settings_of(conn, guild_id)
            if settings.weekly_reel_day is None or settings.showcase_channel is None:
                return None
            day, hour = settings.weekly_reel_day, settings.weekly_reel_hour
            return next_slot(self._context.clock(), day, hour, guilds.time_zone_of(conn, guild_id)).at

        return await self._context.database.read(read)

    def reacted(self, message_id: int) -> None:
        """Note that somebody reacted to a message, or took that back. It may be any message."""
        self._reacted.add(message_id)
        self._context.wake_events.reactions.set()

    async def note_reactions(self) -> float:
        """Have the results counted to which somebody reacted, and return the seconds to the next call.

        What a process that dies here did not write is counted when a result is looked at next.
        """
        message_ids, self._reacted = self._reacted, set()
        if message_ids:
            database = self._context.database
            known = await database.read(gallery.known_messages, message_ids)
            if known:
                wait = REACTION_SECONDS * self._context.timings.scale
                await database.write(gallery.make_due, known, self._context.clock() + wait)
                self._context.wake_events.likes.set()
        return self._context.timings.idle_seconds


def _item(conn: Connection, entry: GalleryEntry) -> GalleryItem:
    if entry.kind is GalleryKind.REEL:
        render = reel_renders.find(conn, int(entry.source_id))
        reel = None if render is None else reels.find(conn, render.reel_id)
        return GalleryItem(entry, "", "" if reel is None else reel.title)
    job: Job | None = jobs.find(conn, entry.source_id)
    return GalleryItem(entry, "" if job is None else job.model_name, "" if job is None else job.own_words)
