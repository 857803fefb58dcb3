"""What stands where the panels of reels would be drawn on Discord."""


class RecordingPanels:
    """Keeps which panels were drawn: guild, reel, and the part that is to be seen."""

    def __init__(self) -> None:
        self.drawn: list[tuple[int, int, int | None]] = []

    async def refresh(self, guild_id: int, reel_id: int, *, part_id: int | None = None) -> None:
        self.drawn.append((guild_id, reel_id, part_id))
