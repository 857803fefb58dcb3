"""The catalogue service: it keeps the current catalogue of models, and stores the last good answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy import Connection

from bot.domain.blocking import BlockedReason
from bot.domain.capabilities import Catalogue
from bot.domain.clock import Clock
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.notices import Notice, NoticeKind
from bot.engine import account_health
from bot.storage import model_names, notices, stored_catalogue
from bot.storage.database import Database
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.errors import BadAnswer, Unauthorized
from bot.studio.protocol import Provider
from bot.studio.reading.catalogue import built_in_catalogue, read_catalogue
from bot.studio.reading.lenient import storable

log = logging.getLogger(__name__)

NOTICE_KEY = "catalogue"
"""The key of the owners' notice that no model is understood."""

KEY_RETRY_SECONDS = 900.0
"""Seconds from a refusal of the key to the next try of it."""

Subscriber = Callable[[Catalogue], Awaitable[None]]


class CatalogueService:
    """The catalogue of the provider's models, shared by all who need it."""

    def __init__(
        self, provider: Provider, database: Database, clock: Clock, cards: Mapping[str, JsonObject] | None = None
    ) -> None:
        """Keep the collaborators. Nothing is read before `load_stored` or `refresh`.

        `cards` are the owner's statements about models by slug (`bot.studio.models_file`).
        """
        self._cards = cards or {}
        self._provider = provider
        self._database = database
        self._clock = clock
        self._current: Catalogue | None = None
        self._key_refused = False
        self._names: dict[str, str] = {}
        self._notice_may_stand = True
        self._subscribers: list[Subscriber] = []

    @property
    def current(self) -> Catalogue | None:
        """The catalogue that is in use; None until a catalogue was read for the first time."""
        return self._current

    @property
    def key_refused(self) -> bool:
        """Whether the provider refused the API key when it was last asked for its models: only an owner can help."""
        return self._key_refused

    def name_of(self, slug: str) -> str:
        """Return the display name of a model, also of one that left the catalogue. From memory.

        A model that was never in the catalogue is named by the words of its slug.
        """
        words = slug.replace("_", " ").strip()
        return self._names.get(slug) or words[:1].upper() + words[1:]

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call `subscriber` with each catalogue that differs from the one before."""
        self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop calling `subscriber`, for example because its gateway client was replaced."""
        if subscriber in self._subscribers:
            self._subscribers.remove(subscriber)

    async def load_stored(self) -> None:
        """Use the stored answer. It is read again, because a newer version of this program may understand more."""
        self._names = await self._database.read(model_names.load)
        stored = await self._database.read(stored_catalogue.load, OWNER_ACCOUNT)
        if stored is not None and (catalogue := await self._read(stored[0])).understood:
            await self._keep_names(catalogue)
            self._current = catalogue

    async def refresh(self) -> Catalogue:
        """Ask the provider and use its answer.

        Raises StudioError if the provider does not answer or no model is understood. `current` is kept then. If an
        answer came and there is no `current`, the models of the provider's documentation are used.
        """
        try:
            answer = await self._provider.models()
            self._key_refused = False
        except Unauthorized:
            self._key_refused = True
            # The first sign of a wrong key: at a first start nobody can make a request that would show it.
            await self._database.write(self._note_wrong_key, self._clock())
            raise
        catalogue = await self._read(answer)
        now = self._clock()
        if not catalogue.understood:
            self._notice_may_stand = True
            await self._database.write(
                notices.raise_notice, Notice(NOTICE_KEY, NoticeKind.CATALOGUE_NOT_UNDERSTOOD), now
            )
            if self._current is None:
                log.warning(
                    "no model of the provider is understood: those of its documentation are offered",
                    extra={"action": "refresh_catalogue"},
                )
                await self._use(built_in_catalogue(self._cards))
            raise BadAnswer(f"no model in the catalogue is understood ({len(catalogue.skipped)} were skipped)")
        if self._current is None or catalogue.version != self._current.version:
            await self._database.write(stored_catalogue.save, OWNER_ACCOUNT, catalogue.version, storable(answer), now)
            await self._use(catalogue)
        if self._notice_may_stand:
            await self._database.write(notices.over, NOTICE_KEY)
            self._notice_may_stand = False
        return catalogue

    @staticmethod
    def _note_wrong_key(conn: Connection, now: float) -> None:
        account_health.blocked(conn, OWNER_ACCOUNT, BlockedReason.UNAUTHORIZED, now + KEY_RETRY_SECONDS, now)

    async def _read(self, answer: JsonValue) -> Catalogue:
        # An answer with many models takes a while, and must not hold up the event loop.
        return await asyncio.to_thread(read_catalogue, answer, self._cards)

    async def _keep_names(self, catalogue: Catalogue) -> None:
        new = {model.slug: model.name for model in catalogue.models if self._names.get(model.slug) != model.name}
        if new:
            await self._database.write(model_names.save, new)
            self._names |= new

    async def _use(self, catalogue: Catalogue) -> None:
        await self._keep_names(catalogue)
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
        for slug, keys in catalogue.unused.items():
            log.debug(
                "model %s: not used: %s", slug, ", ".join(keys), extra={"action": "refresh_catalogue", "model": slug}
            )
        for subscriber in tuple(self._subscribers):
            try:
                await subscriber(catalogue)
            except Exception:
                # The catalogue is in use already, and the other subscribers must be called too.
                log.exception("a catalogue subscriber failed", extra={"action": "refresh_catalogue"})
