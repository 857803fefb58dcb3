"""Read the ledger: pages for people, all of it for a file, and sums for charts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select

from bot.domain.ledger import Kind, Phase
from bot.domain.ledger_views import Entry, JobLine, LedgerFilter, Line, Page, Sums
from bot.domain.periods import days_of
from bot.domain.quota import BudgetScope
from bot.domain.spending import Spent
from bot.storage.counters import EVER
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.money import grants_table, ledger_entries_table, usage_table

EXPORT_ROWS_MAX = 50_000
"""Rows of one exported file; about 8 MB, which every guild's upload limit allows."""

_END = ledger_entries_table.alias("hold_end")
_COLUMNS = tuple(ledger_entries_table.c[name] for name in Entry.__dataclass_fields__)
_END_COLUMNS = tuple(_END.c[name].label(f"end_{name}") for name in Entry.__dataclass_fields__)
_SUMS = tuple(
    func.coalesce(func.sum(ledger_entries_table.c[name]), 0) for name in ("spent_delta", "held_delta", "granted_delta")
)
_COUNTED = select(usage_table.c.spent, usage_table.c.held).where(
    usage_table.c.guild_id == bindparam("guild_id"),
    usage_table.c.tally == BudgetScope.GUILD,
    usage_table.c.subject_id == 0,
    usage_table.c.period == EVER,
)
_BORNE_BY_GRANTS = select(
    func.coalesce(func.sum(grants_table.c.spent).filter(grants_table.c.scope == BudgetScope.GUILD), 0),
    func.coalesce(func.sum(grants_table.c.held).filter(grants_table.c.scope == BudgetScope.GUILD), 0),
    func.coalesce(func.sum(grants_table.c.amount), 0),
).where(grants_table.c.guild_id == bindparam("guild_id"))


def page(
    conn: Connection, wanted: LedgerFilter, size: int, *, before: int | None = None, after: int | None = None
) -> Page:
    """Return the newest `size` lines, or those just older than line `before`, or just newer than line `after`."""
    query, line = (_filtered(wanted, _COLUMNS), _entry) if wanted.every_entry else (_job_lines(wanted), _line)
    sums = _sums(conn, wanted)
    if after is not None:
        nearest_first = query.where(ledger_entries_table.c.id > after).order_by(ledger_entries_table.c.id)
        found = [line(row) for row in conn.execute(nearest_first.limit(size + 1))]
        return Page(tuple(reversed(found[:size])), has_newer=len(found) > size, has_older=True, sums=sums)
    if before is not None:
        query = query.where(ledger_entries_table.c.id < before)
    found = [line(row) for row in conn.execute(query.order_by(ledger_entries_table.c.id.desc()).limit(size + 1))]
    return Page(tuple(found[:size]), has_newer=before is not None, has_older=len(found) > size, sums=sums)


def export(conn: Connection, wanted: LedgerFilter) -> tuple[Entry, ...]:
    """Return the newest entries, at most EXPORT_ROWS_MAX of them, newest first."""
    newest = _filtered(wanted, _COLUMNS).order_by(ledger_entries_table.c.id.desc()).limit(EXPORT_ROWS_MAX)
    return tuple(map(_entry, conn.execute(newest)))


def spent_since(conn: Connection, guild_id: int, first_day: str, member_id: int | None = None) -> tuple[Spent, ...]:
    """Return what was spent since a day (its key), by day, model and member. Refunds are taken off."""
    columns = (ledger_entries_table.c.day_key, ledger_entries_table.c.model_slug, ledger_entries_table.c.member_id)
    spent = func.sum(ledger_entries_table.c.spent_delta)
    query = select(*columns, spent).where(
        ledger_entries_table.c.guild_id == guild_id,
        ledger_entries_table.c.day_key >= first_day,
        ledger_entries_table.c.job_id.is_not(None),
    )
    if member_id is not None:
        query = query.where(ledger_entries_table.c.member_id == member_id)
    rows = conn.execute(query.group_by(*columns).having(spent > 0).order_by(*columns))
    return tuple(Spent(day, model, member, int(total)) for day, model, member, total in rows)


def _filtered(wanted: LedgerFilter, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    guild_id: ColumnElement[int] = ledger_entries_table.c.guild_id
    if wanted.job_id is not None:
        # An expression instead of the column: SQLite then finds the job's few entries by the job, not by the guild.
        guild_id = ledger_entries_table.c.guild_id + 0
    query = select(*columns).where(guild_id == wanted.guild_id)
    if wanted.member_id is not None:
        query = query.where(ledger_entries_table.c.member_id == wanted.member_id)
    if wanted.job_id is not None:
        query = query.where(ledger_entries_table.c.job_id == wanted.job_id)
    if wanted.period is not None:
        # By days, whatever the period is: one index serves all of them.
        query = query.where(ledger_entries_table.c.day_key.between(*days_of(*wanted.period)))
    return query


def _sums(conn: Connection, wanted: LedgerFilter) -> Sums:
    """Return what the entries add up to. For a whole guild the counters know it, however long the ledger is."""
    if wanted.member_id is not None or wanted.job_id is not None or wanted.period is not None:
        return Sums(*map(int, conn.execute(_filtered(wanted, _SUMS)).one()))
    values = {"guild_id": wanted.guild_id}
    spent, held = conn.execute(_COUNTED, values).one_or_none() or (0, 0)
    granted_spent, granted_held, granted = conn.execute(_BORNE_BY_GRANTS, values).one()
    return Sums(int(spent + granted_spent), int(held + granted_held), int(granted))


def _job_lines(wanted: LedgerFilter) -> Select[Any]:
    """Return the entries that begin a line, each with the end of its hold and the state of its job where it has them.

    A hold and its end have the same guild, member, job and period, so that a filter has both or neither.
    """
    begins = ledger_entries_table.c.phase.is_(None) | (ledger_entries_table.c.phase == Phase.HOLD)
    is_its_end = (_END.c.job_id == ledger_entries_table.c.job_id) & (_END.c.phase == Phase.END)
    holds_and_others = ledger_entries_table.outerjoin(
        _END, is_its_end & (ledger_entries_table.c.phase == Phase.HOLD)
    ).outerjoin(jobs_table, jobs_table.c.id == ledger_entries_table.c.job_id)
    columns = (*_COLUMNS, *_END_COLUMNS, jobs_table.c.state, jobs_table.c.comparison_id)
    return _filtered(wanted, columns).select_from(holds_and_others).where(begins)


def _entry(row: Row[Any]) -> Entry:
    return Entry(**row._mapping)


def _line(row: Row[Any]) -> Line:
    values = list(row)
    entry, end = Entry(*values[: len(_COLUMNS)]), values[len(_COLUMNS) : -2]
    state, comparison_id = values[-2:]
    if entry.kind is not Kind.HOLD:
        return entry
    return JobLine(entry, None if end[0] is None else Entry(*end), state, compared=comparison_id is not None)
