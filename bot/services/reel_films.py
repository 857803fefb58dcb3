"""Films of reels: who may ask for one, how long it may be, and how many may wait."""

from sqlalchemy import Connection

from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import Actor
from bot.engine.context import EngineContext
from bot.services.reel_reading import found, require_editor, view_of
from bot.services.reel_views import ReelBounds, ReelView, RenderAsked
from bot.storage import reel_renders, reels


class ReelFilms:
    """Takes what the worker of renders carries out. Everything raises ReelRefused where it cannot be done."""

    def __init__(self, context: EngineContext, bounds: ReelBounds) -> None:
        self._context = context
        self._bounds = bounds

    async def check(self, guild_id: int, reel_id: int, actor: Actor, version: int | None = None) -> ReelView:
        """Return a reel that a member may have rendered now. `version` is that of the panel; None: any."""

        def read(conn: Connection) -> ReelView:
            view = view_of(conn, guild_id, reel_id, self._context.clock())
            require_editor(view.reel, version, actor)
            self._require_renderable(conn, view)
            return view

        return await self._context.database.read(read)

    async def ask(
        self, guild_id: int, reel_id: int, channel_id: int, actor: Actor, version: int | None = None
    ) -> RenderAsked:
        """Have a reel rendered, and its film posted in a channel."""
        asked = await self._context.database.write(self.ask_in, guild_id, reel_id, channel_id, actor, version)
        self._context.wake_events.films.set()
        return asked

    def ask_in(
        self, conn: Connection, guild_id: int, reel_id: int, channel_id: int, actor: Actor, version: int | None = None
    ) -> RenderAsked:
        """Do the same in a transaction of the caller's, who wakes the worker afterwards."""
        require_editor(found(reels.lock(conn, reel_id), guild_id), version, actor)
        now = self._context.clock()
        self._require_renderable(conn, view_of(conn, guild_id, reel_id, now))
        render_id = reel_renders.ask(conn, reel_id, guild_id, channel_id, actor.id, now)
        return RenderAsked(render_id, reel_renders.ahead_of(conn, render_id))

    def _require_renderable(self, conn: Connection, view: ReelView) -> None:
        sums, bounds = view.measure, self._bounds
        if view.render is not None:
            raise ReelRefused(ReelProblem.RENDERING)
        if sums.clips == 0:
            raise ReelRefused(ReelProblem.EMPTY)
        if not bounds.available:
            raise ReelRefused(ReelProblem.CANNOT_RENDER)
        seconds = -(-sums.ms // 1000)
        if seconds > bounds.seconds_max:
            raise ReelRefused(ReelProblem.TOO_LONG, seconds=seconds, maximum=bounds.seconds_max)
        if seconds > sums.seconds_that_fit:
            fit = {"seconds": seconds, "maximum": sums.seconds_that_fit, "bytes": sums.size_max}
            raise ReelRefused(ReelProblem.TOO_LARGE, **fit)
        if reel_renders.count_open(conn) >= bounds.waiting_max:
            raise ReelRefused(ReelProblem.TOO_MANY_RENDERS, maximum=bounds.waiting_max)
