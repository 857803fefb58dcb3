"""The display names of models, kept so that a model that left the catalogue is still named as people know it."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from bot.storage.tables.provider import model_names_table
from bot.storage.upsert import upsert

_ALL = select(model_names_table.c.model_slug, model_names_table.c.name)
_SAVE = upsert(model_names_table, (model_names_table.c.name,))


def load(conn: Connection) -> dict[str, str]:
    """Return the last known name of every model: slug → name."""
    return {row.model_slug: row.name for row in conn.execute(_ALL)}


def save(conn: Connection, names: Mapping[str, str]) -> None:
    """Keep names, each in place of the model's name before."""
    if names:
        # In one order, so that two processes that save at once do not wait for each other.
        conn.execute(_SAVE, [{"model_slug": slug, "name": names[slug]} for slug in sorted(names)])
