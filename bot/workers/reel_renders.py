"""Render reels: one film at a time on a machine, begun again where a worker was stopped, posted exactly once.

A render is claimed with a lease that is renewed while its worker is at it. A worker that finds its lease gone stops: a
reel that changed, or whose people were erased, is rendered again as it is now. Before anything is posted the lease is
renewed, and a render that was begun before is first looked for in its channel.
"""

import asyncio
import logging

from sqlalchemy import Connection

from bot.domain.film_problems import FilmProblem
from bot.domain.reel_renders import ReelRender, ReelRenderState
from bot.domain.retry import backoff_seconds
from bot.engine import failpoints
from bot.engine.clips import ClipUnreachable
from bot.engine.context import EngineContext
from bot.engine.notifier import DeliveryImpossible, DeliveryLater
from bot.engine.reel_panels import ReelPanelKeeper
from bot.engine.reel_poster import FilmFailure, ReelPoster
from bot.media.machine_lock import machine_lock
from bot.storage import gallery, reel_render_claims, reel_renders, reels
from bot.workers.film_making import FilmFailed, FilmMaker
from bot.workers.film_progress import LeaseLost
from bot.workers.film_run import FilmRun

log = logging.getLogger(__name__)

ATTEMPTS_MAX = 8
"""Attempts at one film, also those that a restart ended. After the last one whoever asked is told why."""
LOCK = "film"
"""The name of the lock that one process of a machine holds while it makes films."""


class ReelRenders:
    """One step begins what is due, if nothing is under way on this machine."""

    def __init__(self, context: EngineContext, poster: ReelPoster, maker: FilmMaker, panels: ReelPanelKeeper) -> None:
        self._context = context
        self._poster = poster
        self._panels = panels
        self._maker = maker
        self.under_way: asyncio.Task[None] | None = None
        """What is being done; None between films."""

    async def step(self) -> float:
        """Begin what is due, and return the seconds to the next look."""
        context = self._context
        due_in = context.seconds_until(await context.database.read(reel_render_claims.next_due))
        if self.under_way is None and due_in <= 0:
            self.under_way = asyncio.create_task(self._work(), name="films")
            self.under_way.add_done_callback(self._ended)
        # Not at once even if something is due: a film may be under way.
        return max(context.timings.idle_seconds / 4, due_in)

    async def drain(self) -> None:
        """Stop what is under way, which begins again at the next start: a film takes longer than a stop may."""
        if (task := self.under_way) is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.under_way = None
        if not task.cancelled() and (error := task.exception()):
            # Its lease runs out, and then it is tried again.
            log.error("the end of a film could not be noted", exc_info=error, extra={"action": "film"})

    async def _work(self) -> None:
        """Carry out what is due, one film after the other, unless another process of this machine is at it."""
        context = self._context
        with machine_lock(LOCK) as own:
            while own:
                lease = context.timings.lease_seconds
                render = await context.database.write(
                    reel_render_claims.claim, context.worker_id, lease, context.clock()
                )
                if render is None:
                    return
                failpoints.hit("film.after_claim")
                await self._panels.refresh(render.guild_id, render.reel_id)
                await self._carry_out(render)
                await self._panels.refresh(render.guild_id, render.reel_id)

    async def _carry_out(self, render: ReelRender) -> None:
        try:
            await self._try(render)
        except asyncio.CancelledError:
            # Whoever starts next need not wait for the lease to run out.
            context, owner = self._context, self._context.worker_id
            await context.database.write(reel_render_claims.give_back, render.id, owner, context.clock())
            raise

    async def _try(self, render: ReelRender) -> None:
        fields = {"action": "film", "render": render.id}
        try:
            try:
                place = await FilmRun(self._context, self._poster, self._maker, render).carry_out()
            finally:
                await self._maker.discard(render.id)
        except LeaseLost:
            log.info("film %d begins again, or is made by another worker", render.id, extra=fields)
        except FilmFailed as failed:
            log.warning("film %d cannot be made: %s", render.id, failed, extra=fields)
            await self._fail(render, failed.problem)
        except ClipUnreachable as problem:
            await self._again(render, FilmProblem.UNREACHABLE, problem)
        except DeliveryLater as problem:
            await self._again(render, FilmProblem.UNDELIVERABLE, problem, problem.retry_after)
        except DeliveryImpossible as problem:
            log.warning("film %d cannot be posted: %s", render.id, problem, extra=fields)
            await self._fail(render, FilmProblem.UNDELIVERABLE)
        except Exception as error:
            # One film that breaks must not stop the others; it is tried again like any other failure.
            log.exception("film %d failed", render.id, extra=fields)
            await self._again(render, FilmProblem.BROKEN, error)
        else:
            # A stop that comes now must not undo what is posted.
            await asyncio.shield(self._done(render, place))

    async def _done(self, render: ReelRender, place: tuple[int, int]) -> None:
        context = self._context
        await self._remove_card(render)
        await context.database.write(_posted, render, context.worker_id, place, context.clock())
        failpoints.hit("film.after_note")
        log.info("film %d is posted", render.id, extra={"action": "film", "render": render.id})

    async def _again(
        self, render: ReelRender, problem: FilmProblem, error: Exception, retry_after: float | None = None
    ) -> None:
        """Let a render wait for another attempt; after the last one it has failed."""
        if render.attempts >= ATTEMPTS_MAX:
            log.warning("film %d is given up: %s", render.id, error, extra={"action": "film", "render": render.id})
            await self._fail(render, problem)
            return
        context, timings = self._context, self._context.timings
        wait = retry_after or backoff_seconds(
            render.attempts, timings.delivery_retry_seconds, timings.delivery_retry_seconds_max, context.jitter()
        )
        fields = {"action": "film", "render": render.id}
        log.info("film %d is tried again in %.0f s: %s", render.id, wait, error, extra=fields)
        due_at = context.clock() + wait
        await context.database.write(reel_render_claims.give_back, render.id, context.worker_id, due_at)

    async def _fail(self, render: ReelRender, problem: FilmProblem) -> None:
        """Tell who asked why there is no film, and note it. Told first: a crash between the two tells it once more."""
        context = self._context
        reel = await context.database.read(reels.find, render.reel_id)
        if reel is not None:
            told = FilmFailure(render.id, render.guild_id, render.channel_id, render.asked_by, reel.title, problem)
            try:
                await self._poster.tell_failure(told)
            except DeliveryLater as later:
                if render.attempts < ATTEMPTS_MAX:
                    await self._again(render, problem, later, later.retry_after)
                    return
                log.warning("film %d: nobody could be told", render.id, extra={"action": "film"})
        await self._remove_card(render)
        await context.database.write(
            reel_render_claims.end,
            render.id,
            context.worker_id,
            ReelRenderState.FAILED,
            context.clock(),
            problem=problem.value,
        )

    async def _remove_card(self, render: ReelRender) -> None:
        """Delete the card, whose place a message takes. That is best effort."""
        found = await self._context.database.read(reel_renders.find, render.id)
        if found is None or found.card_message_id is None:
            return
        try:
            await self._poster.remove_card(found.channel_id, found.card_message_id)
        except DeliveryLater as later:
            log.info("film %d: its card stays: %s", render.id, later, extra={"action": "film", "render": render.id})


def _posted(conn: Connection, render: ReelRender, owner: str, place: tuple[int, int], now: float) -> None:
    """Note that a film stands in a channel, and list it in the gallery."""
    where = {"message_channel_id": place[0], "message_id": place[1]}
    if not reel_render_claims.end(conn, render.id, owner, ReelRenderState.DONE, now, progress=100, **where):
        return
    reel = reels.find(conn, render.reel_id)
    if reel is not None:
        at = {"guild_id": render.guild_id, "channel_id": place[0], "message_id": place[1]}
        gallery.add_reel(conn, render.id, maker_id=reel.maker_id, now=now, **at)
