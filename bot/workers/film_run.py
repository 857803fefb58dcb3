"""One render of a reel, from its claim to its message."""

import logging

from sqlalchemy import Connection

from bot.domain.film_problems import FilmProblem
from bot.domain.reel_renders import ReelRender
from bot.domain.reels import ClipCondition, ReelClip
from bot.engine import failpoints
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryLater, UploadTooLarge
from bot.engine.reel_poster import Credits, FilmCard, FilmMessage, ReelPoster
from bot.media.joining import Joined
from bot.storage import reel_parts, reel_renders, reels, upload_limits
from bot.workers.film_making import Fetched, FilmFailed, FilmMaker, ReelContent
from bot.workers.film_progress import FilmProgress, LeaseLost

log = logging.getLogger(__name__)

UPLOAD_ATTEMPTS_MAX = 3
"""Uploads that may be refused as too large, each of which makes the film smaller."""


class FilmRun:
    """Makes the film of one render, and posts it."""

    def __init__(self, context: EngineContext, poster: ReelPoster, maker: FilmMaker, render: ReelRender) -> None:
        self._context = context
        self._poster = poster
        self._maker = maker
        self._render = render

    async def carry_out(self) -> tuple[int, int]:
        """Return channel and id of the message with the film.

        Raises FilmFailed, ClipUnreachable, DeliveryLater, DeliveryImpossible, and LeaseLost.
        """
        render, poster = self._render, self._poster
        if render.attempts > 1:
            found = await poster.find_posted(render.channel_id, render.id, render.asked_at)
            if found is not None:
                return found
        content = await self._context.database.read(_content, render)
        if content is None:
            raise LeaseLost
        card = FilmCard(
            render.id,
            render.guild_id,
            render.channel_id,
            render.asked_by,
            content.reel.title,
            percent=None,
            message_id=render.card_message_id,
        )
        async with FilmProgress(self._context, poster, card) as progress:
            return await self._make_and_post(content, progress)

    async def _make_and_post(self, content: ReelContent, progress: FilmProgress) -> tuple[int, int]:
        render, poster = self._render, self._poster
        restricted = await poster.is_age_restricted(render.channel_id)
        fetched = await self._maker.fetch(render.id, content, age_restricted_place=restricted)
        failpoints.hit("film.after_fetch")
        named = await poster.credits(render.guild_id, fetched.makers) if content.reel.credits else Credits("", {})
        database, now = self._context.database, self._context.clock
        for _ in range(UPLOAD_ATTEMPTS_MAX):
            limit = await database.read(upload_limits.of_guild, render.guild_id, now())
            joined, fetched = await self._maker.join(render.id, content, fetched, limit, named, progress.note)
            failpoints.hit("film.after_join")
            if restricted and not await poster.is_age_restricted(render.channel_id):
                raise DeliveryLater("the channel is not age-restricted any more")
            await progress.renew(duration_ms=joined.ms, size_bytes=joined.size, dropped=fetched.dropped)
            await database.write(reel_renders.note_makers, render.id, fetched.makers)
            try:
                place = await poster.post(self._message(content, fetched, joined))
            except UploadTooLarge as refused:
                log.info("film %d: %s", render.id, refused, extra={"action": "film", "render": render.id})
                await database.write(upload_limits.note_refused, render.guild_id, refused.size_bytes, now())
            else:
                failpoints.hit("film.after_post")
                return place
        raise FilmFailed(FilmProblem.TOO_LARGE, "Discord refuses every size")

    def _message(self, content: ReelContent, fetched: Fetched, joined: Joined) -> FilmMessage:
        render = self._render
        return FilmMessage(
            render.id,
            render.guild_id,
            render.channel_id,
            render.asked_by,
            render.asked_at,
            content.reel.title,
            makers=fetched.makers,
            clips=fetched.clips,
            ms=joined.ms,
            dropped=fetched.dropped,
            path=joined.path,
            size=joined.size,
            sound_missing=content.background is not None and not joined.background,
        )


def _content(conn: Connection, render: ReelRender) -> ReelContent | None:
    """Return what a render's film is made of; None where the reel is gone."""
    reel = reels.find(conn, render.reel_id)
    if reel is None:
        return None
    parts = tuple(
        part
        for part in reel_parts.of_reel(conn, reel.id)
        if not isinstance(part, ReelClip) or part.condition is not ClipCondition.COMING
    )
    return ReelContent(reel, parts, reels.sound_content(conn, reel.id))
