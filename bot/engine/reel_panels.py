"""What Discord does for reels beside their films."""

from typing import Protocol


class ReelPanelKeeper(Protocol):
    """Keeps the panels of reels up to date; implemented over Discord."""

    async def refresh(self, guild_id: int, reel_id: int, *, part_id: int | None = None) -> None:
        """Draw a reel's latest panel anew, with the page on which a part is. Raises nothing that Discord raises."""
