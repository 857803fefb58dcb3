"""Forward results to the showcases of their servers, each once, and delete the forwards of what is not to be shown.

Three things keep a result from being forwarded twice: its row, which stays for ever; its nonce; and a search of the
showcase before any further attempt.
"""

import asyncio
import logging
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.domain.gallery import GalleryEntry, GalleryKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.showcase import ShowcaseEntry, ShowcaseState, may_be_shown
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.gallery import ForwardRefused, ResultGone, ResultHidden, ShowcaseLost, ShowcasePoster
from bot.engine.guild_channels import lose_channel
from bot.engine.notifier import DeliveryLater
from bot.engine.removal import MessageRemover
from bot.storage import age_restricted, gallery, guild_settings, incidents, showcase

log = logging.getLogger(__name__)

BATCH = 5
"""Results that one step forwards or withdraws."""
LATER_SECONDS = 30.0
"""Seconds to the next attempt where Discord could not be reached."""
REPORTED_SECONDS = 600.0
"""Seconds after which it is looked again whether moderators have decided about a reported result."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A result that is to be shown, with what decides about it. `channel_id` is the showcase; None: there is none."""

    entry: GalleryEntry
    channel_id: int | None
    restricted: bool
    reported: bool


class Showcase:
    """One step forwards and withdraws what is due."""

    def __init__(self, context: EngineContext, poster: ShowcasePoster, remover: MessageRemover) -> None:
        self._context = context
        self._poster = poster
        self._remover = remover

    async def step(self) -> float:
        """Forward and withdraw what is due, and return the seconds until more may be."""
        context = self._context
        until = context.clock() + context.timings.lease_seconds
        due = await context.database.write(showcase.claim, context.clock(), until, BATCH)
        if due:
            failpoints.hit("showcase.after_claim")
        await asyncio.gather(*(self._go_on(entry) for entry in due))
        return context.seconds_until(await context.database.read(showcase.next_due))

    async def _go_on(self, entry: ShowcaseEntry) -> None:
        database, clock = self._context.database, self._context.clock
        try:
            if entry.state is ShowcaseState.LEAVING:
                await self._withdraw(entry)
            else:
                await self._show(entry)
        except DeliveryLater as later:
            log.info("a showcase has to wait: %s", later, extra=_fields(entry))
            await database.write(showcase.later, entry, clock() + (later.retry_after or LATER_SECONDS))
        except (ResultGone, ResultHidden, ForwardRefused) as problem:
            log.info("a result is not shown: %s", problem, extra=_fields(entry))
            await database.write(showcase.drop, entry)
            if isinstance(problem, ResultGone):
                # Whoever counts its likes finds the same, and takes it out of the gallery.
                await database.write(self._look_again, entry)
                self._context.wake_events.likes.set()
        except Exception:
            # One result that breaks must not stop the others; its claim runs out, and it is tried again.
            log.exception("a showcase failed", extra=_fields(entry))

    async def _show(self, entry: ShowcaseEntry) -> None:
        database, clock, lease = self._context.database, self._context.clock, self._context.timings.lease_seconds
        wanted = await database.read(_wanted, entry)
        if wanted is None:
            await database.write(showcase.drop, entry)
            return
        if wanted.reported:
            await database.write(showcase.later, entry, clock() + REPORTED_SECONDS)
            return
        if entry.channel_id is not None and await self._found(entry, wanted.entry.message_id, entry.channel_id):
            return
        channel_id = wanted.channel_id
        if channel_id is None or not await self._may_show(wanted, channel_id):
            await database.write(showcase.drop, entry)
            return
        source = (wanted.entry.channel_id, wanted.entry.message_id)
        if not await database.write(showcase.begin, entry, channel_id, source[1], clock() + lease):
            return  # withdrawn meanwhile, or another worker is at it
        try:
            forward = await self._poster.forward(entry.guild_id, source, channel_id, _nonce(entry))
        except ShowcaseLost as problem:
            await self._lose(entry, channel_id, problem)
            return
        failpoints.hit("showcase.after_forward")
        await self._note(entry, channel_id, forward)
        failpoints.hit("showcase.after_note")

    async def _may_show(self, wanted: _Wanted, channel_id: int) -> bool:
        """Tell whether everybody who reads the showcase could read the result before. Asked of Discord each time."""
        guild_id = wanted.entry.guild_id
        try:
            target = await self._poster.showcase(guild_id, channel_id)
        except ShowcaseLost as problem:
            await self._context.database.write(self._give_up, guild_id, channel_id)
            log.warning("the showcase of guild %d is lost: %s", guild_id, problem, extra={"action": "showcase"})
            return False
        source = await self._poster.source(guild_id, wanted.entry.channel_id)
        return source.place_id != channel_id and may_be_shown(source, target, restricted=wanted.restricted)

    async def _found(self, entry: ShowcaseEntry, message_id: int, channel_id: int) -> bool:
        """Note the forward of an earlier attempt whose answer was lost. Returns False where there is none."""
        forward = await self._poster.find(channel_id, message_id, entry.created_at)
        if forward is None:
            return False
        await self._note(entry, channel_id, forward)
        return True

    async def _note(self, entry: ShowcaseEntry, channel_id: int, message_id: int) -> None:
        if not await self._context.database.write(showcase.shown, entry, channel_id, message_id):
            log.info("a result was withdrawn while it was forwarded", extra=_fields(entry))
            self._context.wake_events.showcase.set()

    async def _withdraw(self, entry: ShowcaseEntry) -> None:
        if entry.message_id is None and entry.channel_id is not None and entry.source_message_id is not None:
            found = await self._poster.find(entry.channel_id, entry.source_message_id, entry.created_at)
            entry = replace(entry, message_id=found)
        if entry.message_id is not None and entry.channel_id is not None:
            await self._remover.remove(entry.channel_id, entry.message_id)
            failpoints.hit("showcase.after_withdrawal")
        await self._context.database.write(showcase.gone, entry)

    async def _lose(self, entry: ShowcaseEntry, channel_id: int, problem: ShowcaseLost) -> None:
        log.warning("the showcase of guild %d is lost: %s", entry.guild_id, problem, extra=_fields(entry))
        await self._context.database.write(showcase.drop, entry)
        await self._context.database.write(self._give_up, entry.guild_id, channel_id)

    def _give_up(self, conn: Connection, guild_id: int, channel_id: int) -> None:
        lose_channel(conn, guild_id, GuildSetting.SHOWCASE_CHANNEL, channel_id, self._context.clock())

    def _look_again(self, conn: Connection, entry: ShowcaseEntry) -> None:
        listed = gallery.find(conn, entry.kind, entry.source_id)
        if listed is not None:
            gallery.make_due(conn, [listed.message_id], self._context.clock())


def _wanted(conn: Connection, entry: ShowcaseEntry) -> _Wanted | None:
    """Return what is to be shown; None where it left the gallery, or its maker keeps out."""
    listed = gallery.find(conn, entry.kind, entry.source_id)
    if listed is None:
        return None
    restricted = entry.kind is GalleryKind.VIDEO and age_restricted.is_restricted(conn, entry.source_id)
    reported = entry.kind is GalleryKind.VIDEO and incidents.is_reported(conn, entry.source_id)
    channel_id = guild_settings.settings_of(conn, entry.guild_id).showcase_channel
    return _Wanted(listed, channel_id, restricted, reported)


def _nonce(entry: ShowcaseEntry) -> str:
    """Return the nonce of a forward, in Discord's 25 characters."""
    return f"show-{entry.kind[0]}-{entry.source_id}"


def _fields(entry: ShowcaseEntry) -> dict[str, object]:
    return {"action": "showcase", "guild": entry.guild_id, "kind": entry.kind, "source": entry.source_id}
