"""Films that were posted: who may have one deleted, and that it was."""

from sqlalchemy import Connection

from bot.domain.gallery import GalleryKind
from bot.domain.reel_renders import ReelRender
from bot.engine.context import EngineContext
from bot.storage import gallery, reel_renders


class Films:
    """Use cases of the buttons of a film's message."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def find(self, render_id: int) -> ReelRender | None:
        """Return the render of a film; None where it is not known any more."""
        return await self._context.database.read(reel_renders.find, render_id)

    async def note_deleted(self, render_id: int, actor_id: int) -> None:
        """Note that somebody had the film's message deleted. The film leaves the gallery and the showcase."""

        def write(conn: Connection) -> None:
            reel_renders.change(conn, render_id, deleted_at=self._context.clock(), deleted_by=actor_id)
            gallery.remove(conn, GalleryKind.REEL, [str(render_id)])

        await self._context.database.write(write)
        self._context.wake_events.showcase.set()
