"""What decides which models a member is offered for a video: habits, the guild's settings and its rules."""

from sqlalchemy import Connection

from bot.domain.model_choice import Circumstances
from bot.storage import age_restricted, guild_settings, member_choices
from bot.storage.database import Database
from bot.storage.guilds import UnknownGuild, rules_of

RECENT_REQUESTS = 20
"""The latest requests of a member in a guild that favourites are counted in."""


class ModelChoice:
    """Reads what `bot.domain.model_choice` decides by."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def circumstances(
        self, guild_id: int, member_id: int, *, age_restricted_channel: bool = False
    ) -> Circumstances:
        """Return what holds for a member in a guild's channel now: one quick read."""
        return await self._database.read(_circumstances, guild_id, member_id, age_restricted_channel)


def _circumstances(conn: Connection, guild_id: int, member_id: int, age_restricted_channel: bool) -> Circumstances:
    try:
        price_max = rules_of(conn, guild_id).price_max
    except UnknownGuild:
        price_max = None  # its first use is still to come
    recent = member_choices.recent_models(conn, guild_id, member_id, RECENT_REQUESTS)
    kept_away = frozenset[str]() if age_restricted_channel else age_restricted.models(conn)
    return Circumstances(recent, guild_settings.settings_of(conn, guild_id), price_max, kept_away)
