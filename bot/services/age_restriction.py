"""Models that the owner keeps to age-restricted channels. Only owners may change them, which whoever calls checks."""

from sqlalchemy import Connection

from bot.domain.audit import AuditAction
from bot.domain.json_value import JsonObject
from bot.domain.moderation import ALL_GUILDS
from bot.engine.context import EngineContext
from bot.storage import age_restricted, audit


class AgeRestriction:
    """Reads and changes which models are kept to age-restricted channels."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def models(self) -> frozenset[str]:
        """Return the slugs of the models that are kept to age-restricted channels."""
        return await self._context.database.read(age_restricted.models)

    async def change(self, model_slug: str, actor_id: int, *, on: bool) -> bool:
        """Keep a model to age-restricted channels, or let it be used anywhere. Returns False where it was so before."""

        def write(conn: Connection) -> bool:
            now = self._context.clock()
            changed = (
                age_restricted.mark(conn, model_slug, actor_id, now) if on else age_restricted.unmark(conn, model_slug)
            )
            if changed:
                data: JsonObject = {"model": model_slug, "on": on}
                audit.record(conn, ALL_GUILDS, actor_id, AuditAction.MARK_MODEL, data, now)
            return changed

        return await self._context.database.write(write)
