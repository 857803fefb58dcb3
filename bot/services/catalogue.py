"""The catalogue service: it keeps the current catalogue of models, and stores the last good answer."""

import logging
from collections.abc import Awaitable, Callable

from bot.domain.capabilities import Catalogue
from bot.domain.clock import Clock
from bot.storage import stored_catalogue
from bot.storage.database import Database
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.errors import BadAnswer
from bot.studio.protocol import Provider
from bot.studio.reading.catalogue import read_catalogue

log = logging.getLogger(__name__)

Subscriber = Callable[[Catalogue], Awaitable[None]]


class CatalogueService:
    """The catalogue of the provider's models, shared by all who need it."""

    def __init__(self, provider: Provider, database: Database, clock: Clock) -> None:
        """Keep the collaborators; nothing is read before `load_stored` or `refresh`."""
        self._provider = provider
        self._database = database
        self._clock = clock
        self._current: Catalogue | None = None
        self._subscribers: list[Subscriber] = []

    @property
    def current(self) -> Catalogue | None:
        """The catalogue that is in use; None until a catalogue was read for the first time."""
        return self._current

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call `subscriber` with each catalogue that differs from the one before."""
        self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop calling `subscriber`, for example because its gateway client was replaced."""
        if subscriber in self._subscribers:
            self._subscribers.remove(subscriber)

    async def load_stored(self) -> None:
        """Use the stored answer. It is read again, because a newer version of this program may understand more."""
        stored = await self._database.read(stored_catalogue.load, OWNER_ACCOUNT)
        if stored is not None:
            self._current = read_catalogue(stored[0])

    async def refresh(self) -> Catalogue:
        """Ask the provider and use its answer.

        Raises StudioError if the provider does not answer or no model is understood; `current` is kept then.
        """
        answer = await self._provider.models()
        catalogue = read_catalogue(answer)
        if not catalogue.models:
            raise BadAnswer(f"no model in the catalogue is understood ({len(catalogue.skipped)} were skipped)")
        if self._current is None or catalogue.version != self._current.version:
            await self._replace(catalogue, answer)
        return catalogue

    async def _replace(self, catalogue: Catalogue, answer: object) -> None:
        now = self._clock()
        await self._database.write(stored_catalogue.save, OWNER_ACCOUNT, catalogue.version, answer, now)
        self._current = catalogue
        log.info(
            "catalogue %s: %d models, %d skipped",
            catalogue.version,
            len(catalogue.models),
            len(catalogue.skipped),
            extra={"action": "refresh_catalogue", "version": catalogue.version},
        )
        for skipped in catalogue.skipped:
            log.warning(
                "model %s is skipped: %s",
                skipped.name,
                skipped.reason,
                extra={"action": "refresh_catalogue", "model": skipped.name},
            )
        for subscriber in tuple(self._subscribers):
            try:
                await subscriber(catalogue)
            except Exception:
                # The catalogue is in use already, and the other subscribers must be called too.
                log.exception("a catalogue subscriber failed", extra={"action": "refresh_catalogue"})
