"""Models that the owner keeps to age-restricted channels."""

from sqlalchemy import Connection, bindparam, delete, select

from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.moderation import age_restricted_models_table
from bot.storage.upsert import insert_if_new

_MARK = insert_if_new(age_restricted_models_table)
_UNMARK = delete(age_restricted_models_table).where(age_restricted_models_table.c.model_slug == bindparam("slug"))
_ALL = select(age_restricted_models_table.c.model_slug)
_ONE = _ALL.where(age_restricted_models_table.c.model_slug == bindparam("slug"))
_line = (
    select(jobs_table.c.parent_id, jobs_table.c.model_slug)
    .where(jobs_table.c.id == bindparam("job"))
    .cte("line", recursive=True)
)
_LINE = _line.union(
    select(jobs_table.c.parent_id, jobs_table.c.model_slug).join(_line, jobs_table.c.id == _line.c.parent_id)
)
_IN_LINE = (
    select(_LINE.c.model_slug)
    .join(age_restricted_models_table, age_restricted_models_table.c.model_slug == _LINE.c.model_slug)
    .limit(1)
)
"""The marked models among those of a job and of the clips that led to it, as far as their jobs are kept."""


def mark(conn: Connection, model_slug: str, actor_id: int, now: float) -> bool:
    """Keep a model to age-restricted channels. Returns False where it was marked before."""
    row = {"model_slug": model_slug, "marked_at": now, "actor_id": actor_id}
    return conn.execute(_MARK, row).rowcount == 1


def unmark(conn: Connection, model_slug: str) -> bool:
    """Let a model be used anywhere. Returns False where it was not marked."""
    return conn.execute(_UNMARK, {"slug": model_slug}).rowcount == 1


def models(conn: Connection) -> frozenset[str]:
    """Return the slugs of all marked models."""
    return frozenset(conn.execute(_ALL).scalars())


def is_marked(conn: Connection, model_slug: str) -> bool:
    """Tell whether a model is marked."""
    return conn.execute(_ONE, {"slug": model_slug}).first() is not None


def is_restricted(conn: Connection, job_id: str) -> bool:
    """Tell whether a job's video is kept to age-restricted channels.

    It is if the job's model is marked, or that of a clip that it continues: it begins with a picture of that.
    """
    return conn.execute(_IN_LINE, {"job": job_id}).first() is not None
