"""Lines of descent, as far as jobs are kept. A job that was erased, or dropped as too old, is told as gone."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from bot.domain.jobs import Job
from bot.domain.lineage import Lineage, Relative
from bot.domain.postings import DIRECT
from bot.storage.tables.jobs import jobs_table, outbox_table

ANCESTORS_MAX = 12
"""Ancestors that are looked up. A longer line is cut."""
CHILDREN_MAX = 6
"""Children that are looked up; all are counted."""
_RELATIVES = select(
    jobs_table.c.id,
    jobs_table.c.member_id,
    jobs_table.c.model_name,
    jobs_table.c.parent_id,
    outbox_table.c.message_channel_id,
    outbox_table.c.message_id,
    outbox_table.c.outcome,
    outbox_table.c.deleted_at,
).outerjoin(outbox_table, outbox_table.c.job_id == jobs_table.c.id)
_KEPT = jobs_table.c.erased_at.is_(None)
_ONE = _RELATIVES.where(jobs_table.c.id == bindparam("job"), _KEPT)
_IS_CHILD = (jobs_table.c.parent_id == bindparam("job")) & _KEPT
_CHILDREN = _RELATIVES.where(_IS_CHILD).order_by(jobs_table.c.created_at).limit(CHILDREN_MAX)
_CHILDREN_COUNT = select(func.count()).where(_IS_CHILD)


def parent_of(conn: Connection, job: Job) -> Relative | None:
    """Return the job whose clip a job continues; None where it continues none."""
    if job.parent_id is None:
        return None
    row = conn.execute(_ONE, {"job": job.parent_id}).one_or_none()
    return Relative(job.parent_id) if row is None else _relative(row)


def lineage_of(conn: Connection, job: Job) -> Lineage:
    """Return the ancestors and the children of a job."""
    ancestors: list[Relative] = []
    next_id = job.parent_id
    while next_id is not None and len(ancestors) < ANCESTORS_MAX:
        row = conn.execute(_ONE, {"job": next_id}).one_or_none()
        ancestors.append(Relative(next_id) if row is None else _relative(row))
        next_id = None if row is None else row.parent_id
    children = [_relative(row) for row in conn.execute(_CHILDREN, {"job": job.id})]
    count = conn.execute(_CHILDREN_COUNT, {"job": job.id}).scalar_one()
    return Lineage(tuple(ancestors), tuple(children), count, has_more_ancestors=next_id is not None)


def _relative(row: Row[*tuple[Any, ...]]) -> Relative:
    stands = row.message_id is not None and row.deleted_at is None and row.outcome != DIRECT
    place = (row.message_channel_id, row.message_id) if stands else None
    return Relative(row.id, row.member_id, row.model_name, place)
