"""The languages of members, kept for what is written to them when they are not there: direct messages."""

from bot.domain.clock import Clock
from bot.storage import member_locales
from bot.storage.database import Database

KNOWN_SECONDS = 3_600.0
"""Seconds for which a member's locale is taken for stored. An erasure may have removed it since."""
KNOWN_MAX = 10_000
"""Members who are remembered at once."""
LOCALE_MAX = 20
"""Characters of a locale. The longest that Discord has are of five."""


class MemberLocales:
    """Notes locales, each once, and tells them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[int, tuple[str, float]] = {}

    async def note(self, member_id: int, locale: str) -> None:
        """Remember the locale of a member. It is written only if it is another one than before."""
        now = self._clock()
        known, until = self._known.get(member_id, ("", 0.0))
        if (known == locale and now < until) or len(locale) > LOCALE_MAX:
            return
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[member_id] = (locale, now + KNOWN_SECONDS)
        if await self.of(member_id) != locale:
            await self._database.write(member_locales.save, member_id, locale)

    async def of(self, member_id: int) -> str | None:
        """Return the locale of a member's Discord; None for somebody who never used the bot."""
        return await self._database.read(member_locales.load, member_id)
