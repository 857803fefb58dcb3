"""How long models usually take, as learned from the jobs that have ended."""

from bot.domain.polling import typical_seconds
from bot.storage import model_durations
from bot.storage.database import Database


class ModelDurations:
    """The usual seconds of each model, kept in memory. `load()` reads them again after something was learned."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._typical: dict[str, float] = {}

    async def load(self) -> None:
        """Read what this process or another has learned."""
        latest = await self._database.read(model_durations.load)
        self._typical = {slug: typical for slug, times in latest.items() if (typical := typical_seconds(times))}

    def typical(self, model_slug: str) -> float | None:
        """Return a model's usual seconds from acceptance to the video. None means not yet known."""
        return self._typical.get(model_slug)
