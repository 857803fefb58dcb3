"""Films that were posted: who may have one deleted, and that it was."""

from bot.domain.reel_renders import ReelRender
from bot.engine.context import EngineContext
from bot.storage import reel_renders


class Films:
    """Use cases of the buttons of a film's message."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def find(self, render_id: int) -> ReelRender | None:
        """Return the render of a film; None where it is not known any more."""
        return await self._context.database.read(reel_renders.find, render_id)

    async def note_deleted(self, render_id: int, actor_id: int) -> None:
        """Note that somebody had the film's message deleted."""
        values = {"deleted_at": self._context.clock(), "deleted_by": actor_id}
        await self._context.database.write(reel_renders.change, render_id, **values)
