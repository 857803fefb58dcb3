"""Styles of guilds: listed for members, saved by moderators. Who may save is checked by whoever calls."""

from sqlalchemy import Connection

from bot.domain.audit import AuditAction
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.styles import STYLES_MAX, Style, StyleDraft
from bot.engine.context import EngineContext
from bot.storage import audit, styles
from bot.storage.guilds import lock_if_known


class Styles:
    """Reads and changes the styles of guilds. Each change is noted in the audit log."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def of_guild(self, guild_id: int) -> tuple[Style, ...]:
        """Return a guild's styles, by name."""
        return await self._context.database.read(styles.of_guild, guild_id)

    async def named(self, guild_id: int, name: str) -> Style | None:
        """Return the style that members choose by this name; None if there is none."""
        return await self._context.database.read(styles.named, guild_id, name)

    async def find(self, guild_id: int, style_id: int) -> Style | None:
        """Return a style of a guild; None if it was removed."""
        return await self._context.database.read(styles.find, guild_id, style_id)

    async def add(self, guild_id: int, actor_id: int, draft: StyleDraft) -> None:
        """Save a new style. Raises NotPossible."""
        await self._require_usable(guild_id, draft)

        def write(conn: Connection) -> None:
            lock_if_known(conn, guild_id)
            if styles.count(conn, guild_id) >= STYLES_MAX:
                raise NotPossible(Impossible.TOO_MANY_STYLES, maximum=STYLES_MAX)
            if not styles.add(conn, guild_id, draft, actor_id, self._context.clock()):
                raise NotPossible(Impossible.STYLE_EXISTS)
            self._note(conn, guild_id, actor_id, draft.name, "added")

        await self._context.database.write(write)

    async def change(self, guild_id: int, actor_id: int, style_id: int, draft: StyleDraft, *, seen: str) -> None:
        """Replace a style. `seen` is the fingerprint of the style that the moderator saw. Raises NotPossible."""
        await self._require_usable(guild_id, draft)

        def write(conn: Connection) -> None:
            lock_if_known(conn, guild_id)
            _require_seen(styles.find(conn, guild_id, style_id, lock=True), seen)
            other = styles.named(conn, guild_id, draft.name)
            if other is not None and other.id != style_id:
                raise NotPossible(Impossible.STYLE_EXISTS)
            styles.change(conn, guild_id, style_id, draft, actor_id, self._context.clock())
            self._note(conn, guild_id, actor_id, draft.name, "changed")

        await self._context.database.write(write)

    async def remove(self, guild_id: int, actor_id: int, style_id: int, *, seen: str) -> Style:
        """Remove a style and return it. `seen` is as in `change`. Raises NotPossible."""

        def write(conn: Connection) -> Style:
            style = _require_seen(styles.find(conn, guild_id, style_id, lock=True), seen)
            styles.remove(conn, guild_id, style_id)
            self._note(conn, guild_id, actor_id, style.name, "removed")
            return style

        return await self._context.database.write(write)

    async def _require_usable(self, guild_id: int, draft: StyleDraft) -> None:
        """Require that no word list would stop every request with the style. Raises NotPossible."""
        if await self._context.guards.check(guild_id, [draft.name, draft.template]) is not None:
            raise NotPossible(Impossible.WORDS_ARE_STOPPED)

    def _note(self, conn: Connection, guild_id: int, actor_id: int, name: str, change: str) -> None:
        data = {"style": name, "change": change}
        audit.record(conn, guild_id, actor_id, AuditAction.CHANGE_STYLE, dict(data), self._context.clock())


def _require_seen(style: Style | None, seen: str) -> Style:
    if style is None:
        raise NotPossible(Impossible.NO_SUCH_STYLE)
    if style.draft.seen != seen:
        raise NotPossible(Impossible.CHANGED_MEANWHILE)
    return style
