"""Make the reels of the week of servers that want one: once a week, of what people liked most.

The row of a week is written in the transaction that makes its reel, and its film is asked for in the transaction that
notes it. So a worker that dies, or several at once, make neither twice. `bot.workers.reel_renders` makes the film.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from bot.domain.audit import THE_BOT
from bot.domain.gallery import GalleryEntry
from bot.domain.guild_settings import GuildSetting, SettingsView
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import CARD_SECONDS, Actor
from bot.domain.reels import ReelAccess, ReelClip
from bot.domain.showcase import Room, may_be_shown
from bot.domain.weekly_reel import CLIPS_MAX, CLIPS_MIN, SPAN_SECONDS, Slot, is_due, latest_slot
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.gallery import ResultGone, ResultHidden, ShowcaseLost, ShowcasePoster, WeeklyWords
from bot.engine.guild_channels import lose_channel
from bot.engine.notifier import DeliveryLater
from bot.services.reel_films import ReelFilms
from bot.storage import (
    age_restricted,
    gallery,
    guild_settings,
    guilds,
    incidents,
    reel_parts,
    reels,
    weekly_reels,
)
from bot.storage.weekly_reels import WeeklyReel

log = logging.getLogger(__name__)

STEP_SECONDS = 60.0
"""Seconds between two looks at the clock."""
CANDIDATES = 40
"""The best-liked clips of a week among which those are chosen that everybody may see."""
FILES_SECONDS = 300.0
"""Seconds that the clips' files are waited for: how long a film will be is known once they were looked at."""
LATER_SECONDS = 60.0
"""Seconds to the next attempt where a film cannot be asked for yet."""
GIVEN_UP_SECONDS = 86_400.0
"""Seconds after which a film is given up that could not be asked for."""
THE_ACTOR = Actor(THE_BOT, moderates=True)
"""Who asks for the films."""
BATCH = 5
"""Films that one step asks for."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A guild whose reel is to be made."""

    guild_id: int
    channel_id: int
    slot: Slot


class WeeklyReels:
    """One step makes the reels whose moment has come, and asks for the films of those that were made."""

    def __init__(self, context: EngineContext, poster: ShowcasePoster, words: WeeklyWords, films: ReelFilms) -> None:
        self._context = context
        self._poster = poster
        self._words = words
        self._films = films

    async def step(self) -> float:
        """Do what is due, and return the seconds to the next look."""
        context = self._context
        for guild_id in await context.database.read(weekly_reels.guilds):
            await self._look(guild_id)
        until = context.clock() + context.timings.lease_seconds
        for weekly in await context.database.write(weekly_reels.claim, context.clock(), until, BATCH):
            await self._ask(weekly)
        due_at = await context.database.read(weekly_reels.next_due)
        wait = STEP_SECONDS * context.timings.scale
        return wait if due_at is None else min(wait, max(context.timings.idle_seconds, due_at - context.clock()))

    async def _look(self, guild_id: int) -> None:
        context = self._context
        due = await context.database.read(_due, guild_id, context.clock())
        if due is None:
            return
        fields = {"action": "weekly_reel", "guild": guild_id}
        try:
            chosen = await self._choose(due)
            title, card = await self._words.weekly(guild_id, due.slot.day - timedelta(days=7), due.slot.day)
        except ShowcaseLost as problem:
            log.warning("the showcase of guild %d is lost: %s", guild_id, problem, extra=fields)
            await context.database.write(_give_up, due, context.clock())
        except DeliveryLater as later:
            log.info("the reel of the week has to wait: %s", later, extra=fields)
        else:
            if await context.database.write(_make, due, chosen, title, card, context.clock()):
                failpoints.hit("weekly.after_reel")
                context.wake_events.reels.set()
                log.info("the reel of week %s has %d clips", due.slot.week, len(chosen), extra=fields)

    async def _choose(self, due: _Due) -> list[GalleryEntry]:
        """Return the best-liked clips of the week that everybody may see in the showcase, the best one first."""
        database = self._context.database
        showcase = await self._poster.showcase(due.guild_id, due.channel_id)
        since = due.slot.at - SPAN_SECONDS
        restricted = await database.read(age_restricted.models)
        chosen: list[GalleryEntry] = []
        rooms: dict[int, Room | None] = {}
        for entry in await database.read(gallery.best_videos, due.guild_id, since, CANDIDATES):
            place_id = entry.place_id or entry.channel_id
            if place_id not in rooms:
                rooms[place_id] = await self._room(due.guild_id, place_id)
            room = rooms[place_id]
            if room is None or not may_be_shown(room, showcase, restricted=entry.model_slug in restricted):
                continue
            if not await database.read(incidents.is_reported, entry.source_id):
                chosen.append(entry)
            if len(chosen) == CLIPS_MAX:
                break
        return chosen

    async def _room(self, guild_id: int, place_id: int) -> Room | None:
        """Return what a channel tells about its readers; None where the bot cannot see it."""
        try:
            return await self._poster.source(guild_id, place_id)
        except (ResultGone, ResultHidden):
            return None

    async def _ask(self, weekly: WeeklyReel) -> None:
        """Ask for the film of a reel, without its least liked clips where it is too long."""
        context = self._context
        fields = {"action": "weekly_reel", "guild": weekly.guild_id}
        try:
            asked = await context.database.write(self._film, weekly, context.clock())
        except ReelRefused as refused:
            log.info("the film of a week cannot be asked for: %s", refused.problem, extra=fields)
            over = refused.problem is not ReelProblem.TOO_MANY_RENDERS
            over = over or context.clock() - weekly.made_at > GIVEN_UP_SECONDS
            if over:
                await context.database.write(weekly_reels.ended, weekly, None)
            else:
                await context.database.write(weekly_reels.later, weekly, context.clock() + LATER_SECONDS)
            return
        if asked:
            failpoints.hit("weekly.after_ask")
            context.wake_events.films.set()

    def _film(self, conn: Connection, weekly: WeeklyReel, now: float) -> bool:
        """Ask for a film, and note it. Returns False where it is too early, or too late. Raises ReelRefused."""
        reel = reels.lock(conn, weekly.reel_id)
        if not weekly_reels.lock(conn, weekly):
            return False
        if reel is None:
            weekly_reels.ended(conn, weekly, None)
            return False
        clips = [part for part in reel_parts.of_reel(conn, reel.id) if isinstance(part, ReelClip)]
        if any(clip.facts is None for clip in clips) and now < weekly.made_at + FILES_SECONDS:
            weekly_reels.later(conn, weekly, now + self._context.timings.idle_seconds)
            return False
        while True:
            if len(clips) < CLIPS_MIN:
                weekly_reels.ended(conn, weekly, None)
                return False
            try:
                asked = self._films.ask_in(conn, weekly.guild_id, reel.id, weekly.channel_id, THE_ACTOR)
            except ReelRefused as refused:
                if refused.problem not in (ReelProblem.TOO_LONG, ReelProblem.TOO_LARGE):
                    raise
                reel_parts.remove(conn, reel.id, clips.pop().id)
            else:
                weekly_reels.ended(conn, weekly, asked.render_id)
                return True


def _due(conn: Connection, guild_id: int, now: float) -> _Due | None:
    """Return what is to be made in a guild now; None where nothing is."""
    view = guild_settings.view(conn, guild_id)
    settings = view.settings
    if settings.weekly_reel_day is None or settings.showcase_channel is None:
        return None
    zone = guilds.time_zone_of(conn, guild_id)
    slot = latest_slot(now, settings.weekly_reel_day, settings.weekly_reel_hour, zone)
    if not is_due(slot, now, _chosen_at(view)) or weekly_reels.is_known(conn, guild_id, slot.week):
        return None
    return _Due(guild_id, settings.showcase_channel, slot)


def _chosen_at(view: SettingsView) -> float:
    """Return when it was last chosen that, and when, reels of the week are made."""
    of_week = (GuildSetting.WEEKLY_REEL_DAY, GuildSetting.WEEKLY_REEL_HOUR)
    return max(view.chosen[one].changed_at for one in of_week if one in view.chosen)


def _make(conn: Connection, due: _Due, chosen: Sequence[GalleryEntry], title: str, card: str, now: float) -> bool:
    """Make the reel of a week of these videos, the best one first. Returns False where another worker was quicker."""
    guild_id, week, channel_id = due.guild_id, due.slot.week, due.channel_id
    if not weekly_reels.add(conn, guild_id, week, channel_id, now):
        return False
    if len(chosen) < CLIPS_MIN:
        return True
    reel_id = reels.add(conn, guild_id, channel_id, THE_BOT, title, now)
    reels.change(conn, reel_id, now, access=ReelAccess.CLOSED)
    reel_parts.add_title(conn, reel_id, card, CARD_SECONDS, THE_BOT, now)
    for entry in chosen:
        reel_parts.add_clip(conn, reel_id, entry.source_id, 0, THE_BOT, now)
    weekly_reels.set_reel(conn, guild_id, week, reel_id, now)
    return True


def _give_up(conn: Connection, due: _Due, now: float) -> None:
    lose_channel(conn, due.guild_id, GuildSetting.SHOWCASE_CHANNEL, due.channel_id, now)
