"""How long models usually take, as learned from the jobs that have ended."""

from bot.domain.durations import FIRST_LOOKS, Durations, learned
from bot.storage import model_durations
from bot.storage.database import Database


class ModelDurations:
    """The durations of each model, kept in memory. `load()` reads them again after something was learned."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learned: dict[str, Durations] = {}

    async def load(self) -> None:
        """Read what this process or another has learned."""
        latest = await self._database.read(model_durations.load)
        self._learned = {slug: learned(seconds) for slug, seconds in latest.items()}

    def of(self, model_slug: str) -> Durations:
        """Return the distribution of a model's durations, the prior's while none was seen."""
        return self._learned.get(model_slug, Durations())

    def looked_at_by(self, model_slug: str) -> Durations:
        """Return the distribution that says when a model's renders are looked at."""
        return self._learned.get(model_slug, FIRST_LOOKS)
