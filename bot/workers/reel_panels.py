"""Draw panels of reels anew that have lost a video or a person: what was deleted or erased must not stay on them."""

from bot.engine.context import EngineContext
from bot.engine.reel_panels import ReelPanelKeeper
from bot.storage import reel_panels

LEASE_SECONDS = 60.0
"""Seconds for which a panel belongs to the worker that took it."""


class DuePanels:
    """One step draws one panel."""

    def __init__(self, context: EngineContext, panels: ReelPanelKeeper) -> None:
        self._context = context
        self._panels = panels

    async def step(self) -> float:
        """Draw the next panel that is due, and return the seconds to the one after it."""
        context, database = self._context, self._context.database
        panel = await database.write(reel_panels.claim, context.clock(), LEASE_SECONDS)
        if panel is None:
            return context.seconds_until(await database.read(reel_panels.next_due))
        await self._panels.refresh(panel.guild_id, panel.reel_id)
        await database.write(reel_panels.drawn, panel)
        return 0.0
