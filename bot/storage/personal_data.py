"""What the database has about one person: counted, and read in whole.

Every column that names a person has the type PersonId, so a table that is added later is found as well.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, bindparam, func, or_, select
from sqlalchemy.types import TypeEngine

from bot.domain.jobs import ACTIVE
from bot.domain.json_value import JsonObject
from bot.domain.privacy import Kept
from bot.domain.quota import BudgetScope, Scope
from bot.storage.tables import metadata
from bot.storage.tables.base import Flag, Instant, PersonId
from bot.storage.tables.cast import cast_pictures_table
from bot.storage.tables.discord import member_choices_table
from bot.storage.tables.jobs import (
    job_events_table,
    jobs_table,
    outbox_table,
    owner_cases_table,
    posted_messages_table,
    renders_table,
)
from bot.storage.tables.moderation import incidents_table
from bot.storage.tables.money import approvals_table, grants_table, ledger_entries_table, limits_table, usage_table
from bot.storage.tables.privacy import erasures_table

JOBS_A_PAGE = 500
"""Jobs that one transaction reads for an export."""
_PERSON: ColumnElement[int] = bindparam("person", type_=PersonId())
_OF_JOBS = (
    renders_table,
    job_events_table,
    outbox_table,
    posted_messages_table,
    owner_cases_table,
    approvals_table,
)
"""Tables whose rows belong to jobs."""


def person_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that name a person."""
    return [column for column in table.columns if isinstance(column.type, PersonId)]


def _of_person(table: Table) -> ColumnElement[bool] | None:
    """Return what picks the rows of a table that name the person; None for a table that names nobody."""
    if table is limits_table:
        return (limits_table.c.scope == Scope.MEMBER) & (limits_table.c.subject_id == _PERSON)
    if table is grants_table:
        return (grants_table.c.scope == BudgetScope.MEMBER) & (grants_table.c.subject_id == _PERSON)
    if table is usage_table:
        return (usage_table.c.tally == BudgetScope.MEMBER) & (usage_table.c.subject_id == _PERSON)
    if table is incidents_table:
        return incidents_table.c.member_id == _PERSON  # for whoever decided it, it is about somebody else
    columns = person_columns(table)
    return or_(*(column == _PERSON for column in columns)) if columns else None


_ROWS: dict[str, Select[Any]] = {
    table.name: select(table).where(mine)
    for table in metadata.sorted_tables
    if table not in (jobs_table, erasures_table) and (mine := _of_person(table)) is not None
}
"""For each table beside the jobs that names people: the rows that name one of them."""
_OWN_JOBS = (
    select(jobs_table)
    .where(jobs_table.c.member_id == _PERSON, jobs_table.c.id > bindparam("after"))
    .order_by(jobs_table.c.id)
    .limit(JOBS_A_PAGE)
)
_PARTS_OF_JOBS = {
    table.name: select(table).where(table.c.job_id.in_(bindparam("job_ids", expanding=True))) for table in _OF_JOBS
}
_COUNTS = select(
    select(func.count()).where(jobs_table.c.member_id == _PERSON).scalar_subquery(),
    select(func.count()).where(jobs_table.c.member_id == _PERSON, jobs_table.c.state.in_(ACTIVE)).scalar_subquery(),
    select(func.count()).where(ledger_entries_table.c.member_id == _PERSON).scalar_subquery(),
    select(func.count()).where(member_choices_table.c.member_id == _PERSON).scalar_subquery(),
    select(func.count(jobs_table.c.guild_id.distinct())).where(jobs_table.c.member_id == _PERSON).scalar_subquery(),
    select(func.count()).where(cast_pictures_table.c.member_id == _PERSON).scalar_subquery(),
)


def count(conn: Connection, person_id: int) -> Kept:
    """Return how much is kept about a person."""
    return Kept(*conn.execute(_COUNTS, {"person": person_id}).one(), erasures=0)


def rows_about(conn: Connection, person_id: int) -> Iterator[tuple[str, list[JsonObject]]]:
    """Yield the name of each table beside the jobs that names the person, and its rows about them."""
    for name, query in _ROWS.items():
        if rows := [_readable(row, metadata.tables[name]) for row in conn.execute(query, {"person": person_id})]:
            yield name, rows


def jobs_page(conn: Connection, person_id: int, after: str) -> tuple[list[JsonObject], str | None]:
    """Return the next jobs of a person, each with all that belongs to it, and the id to go on after.

    `after` is an empty string at first. The id is None after the last page.
    """
    found = [_readable(row, jobs_table) for row in conn.execute(_OWN_JOBS, {"person": person_id, "after": after})]
    by_id = {str(job["id"]): job for job in found}
    for name, query in _PARTS_OF_JOBS.items():
        parts: dict[str, list[JsonObject]] = {}
        for row in conn.execute(query, {"job_ids": list(by_id)}):
            parts.setdefault(row.job_id, []).append(_readable(row, metadata.tables[name]))
        for job_id, of_job in parts.items():
            by_id[job_id][name] = list(of_job)
    return found, str(found[-1]["id"]) if len(found) == JOBS_A_PAGE else None


def _readable(row: Row[Any], table: Table) -> JsonObject:
    """Return a row as people can read it: moments by the calendar, ids as text, and nothing that is empty."""
    values: dict[str, Any] = {}
    for column in table.columns:
        value = row._mapping[column]
        if isinstance(value, bytes):
            # Pictures and sounds are no text. A saved picture is the person's own, and nowhere else.
            if table is cast_pictures_table:
                values[f"{column.name}_base64"] = b64encode(value).decode()
        elif value is not None:
            values[column.name] = _value(column.name, column.type, value)
    if table is incidents_table:
        # Which entry of a word list stopped a request is told to moderators only.
        values["data"] = {key: value for key, value in values["data"].items() if key != "entry"}
    return values


def _value(name: str, kind: TypeEngine[Any], value: Any) -> Any:
    if isinstance(kind, Instant) and (name == "at" or name.endswith(("_at", "_until", "since"))):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    # JavaScript cannot hold an id of Discord's as a number.
    is_id = name.endswith("_id") or name == "deleted_by"
    return str(value) if is_id and isinstance(value, int) and not isinstance(kind, Flag) else value
