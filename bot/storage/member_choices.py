"""What each member last chose for each model: the defaults of the member's next request."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.storage.tables.discord import member_choices_table
from bot.storage.upsert import upsert

_READ = select(member_choices_table.c.choices).where(
    member_choices_table.c.member_id == bindparam("member_id"),
    member_choices_table.c.model_slug == bindparam("model_slug"),
)
_SAVE = upsert(member_choices_table, (member_choices_table.c.choices,))


def load(conn: Connection, member_id: int, model_slug: str) -> dict[str, Any]:
    """Return what the member last chose for a model: option name → value."""
    return dict(conn.execute(_READ, {"member_id": member_id, "model_slug": model_slug}).scalar() or {})


def save(conn: Connection, member_id: int, model_slug: str, choices: Mapping[str, Any]) -> None:
    """Remember a member's choices for a model."""
    conn.execute(_SAVE, {"member_id": member_id, "model_slug": model_slug, "choices": dict(choices)})
