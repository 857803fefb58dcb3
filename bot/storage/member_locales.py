"""The language of each member's Discord, as their latest interaction told it."""

from sqlalchemy import Connection, bindparam, select

from bot.storage.tables.discord import member_locales_table
from bot.storage.upsert import upsert

_READ = select(member_locales_table.c.locale).where(member_locales_table.c.member_id == bindparam("member_id"))
_SAVE = upsert(member_locales_table, (member_locales_table.c.locale,))


def load(conn: Connection, member_id: int) -> str | None:
    """Return a locale of Discord's, "pt-BR" for example; None for somebody who never used the bot."""
    return conn.execute(_READ, {"member_id": member_id}).scalar()


def save(conn: Connection, member_id: int, locale: str) -> None:
    """Remember a member's locale."""
    conn.execute(_SAVE, {"member_id": member_id, "locale": locale})
