"""Read the ledger: pages for people, all of it for a file, and sums for charts."""

from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.domain.ledger_views import Entry, LedgerFilter, Page, Spent
from bot.domain.periods import Period
from bot.storage.tables.money import ledger_entries_table

EXPORT_ROWS_MAX = 50_000
"""Rows of one exported file; about 8 MB, which every guild's upload limit allows."""


_COLUMNS = tuple(ledger_entries_table.c[name] for name in Entry.__dataclass_fields__)
_PERIOD_COLUMN = {
    Period.DAY: ledger_entries_table.c.day_key,
    Period.WEEK: ledger_entries_table.c.week_key,
    Period.MONTH: ledger_entries_table.c.month_key,
}


def page(
    conn: Connection, wanted: LedgerFilter, size: int, *, before: int | None = None, after: int | None = None
) -> Page:
    """Return the newest `size` entries, or those just older than entry `before`, or just newer than entry `after`."""
    query = _filtered(wanted)
    if after is not None:
        nearest_first = query.where(ledger_entries_table.c.id > after).order_by(ledger_entries_table.c.id)
        found = [Entry(*row) for row in conn.execute(nearest_first.limit(size + 1))]
        return Page(tuple(reversed(found[:size])), has_newer=len(found) > size, has_older=True)
    if before is not None:
        query = query.where(ledger_entries_table.c.id < before)
    found = [Entry(*row) for row in conn.execute(query.order_by(ledger_entries_table.c.id.desc()).limit(size + 1))]
    return Page(tuple(found[:size]), has_newer=before is not None, has_older=len(found) > size)


def export(conn: Connection, wanted: LedgerFilter) -> tuple[Entry, ...]:
    """Return the newest entries, at most EXPORT_ROWS_MAX of them, newest first."""
    newest = _filtered(wanted).order_by(ledger_entries_table.c.id.desc()).limit(EXPORT_ROWS_MAX)
    return tuple(Entry(*row) for row in conn.execute(newest))


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


def _filtered(wanted: LedgerFilter) -> Select[Any]:
    query = select(*_COLUMNS).where(ledger_entries_table.c.guild_id == wanted.guild_id)
    if wanted.member_id is not None:
        query = query.where(ledger_entries_table.c.member_id == wanted.member_id)
    if wanted.job_id is not None:
        query = query.where(ledger_entries_table.c.job_id == wanted.job_id)
    if wanted.period is not None:
        period, key = wanted.period
        query = query.where(_PERIOD_COLUMN[period] == key)
    return query
