"""Prove that the counters agree with the ledger, or rebuild them from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, func, insert, select, update

from bot.domain.ledger import Phase
from bot.domain.periods import Period
from bot.domain.quota import BudgetScope
from bot.storage.counters import EVER
from bot.storage.guilds import lock_guild
from bot.storage.tables.money import grant_entries_table, grants_table, ledger_entries_table, usage_table

CounterKey = tuple[str, int, str, str]
"""BudgetScope, subject, period and its key."""

Borne = Mapping[tuple[int, str], tuple[int, int]]
"""An entry's id and the grants' scope → what the grants bore of it, held and spent."""

Sums = tuple[int, int, int]
"""Held, spent and open holds."""

_SUMS = ("held", "spent", "open_holds")
_ENTRY = ledger_entries_table.c
_OF_GUILD: BindParameter[int] = bindparam("guild")
_SUMS_OF_JOBS = (
    select(_ENTRY.job_id, func.sum(_ENTRY.held_delta), func.sum(_ENTRY.spent_delta))
    .where(_ENTRY.guild_id == _OF_GUILD, _ENTRY.job_id.is_not(None))
    .group_by(_ENTRY.job_id)
)
_ENDED_JOBS = select(_ENTRY.job_id).where(_ENTRY.phase == Phase.END, _ENTRY.guild_id == _OF_GUILD)
_ENTRIES_OF_JOBS = select(ledger_entries_table).where(_ENTRY.guild_id == _OF_GUILD, _ENTRY.job_id.is_not(None))
_COUNTERS = select(
    usage_table.c.tally,
    usage_table.c.subject_id,
    usage_table.c.period,
    usage_table.c.period_key,
    usage_table.c.held,
    usage_table.c.spent,
    usage_table.c.open_holds,
).where(usage_table.c.guild_id == _OF_GUILD)
_BORNE_BY_GRANTS = (
    select(
        grant_entries_table.c.entry_id,
        grants_table.c.scope,
        func.sum(grant_entries_table.c.held_delta),
        func.sum(grant_entries_table.c.spent_delta),
    )
    .join(grants_table, grants_table.c.id == grant_entries_table.c.grant_id)
    .where(grants_table.c.guild_id == _OF_GUILD)
    .group_by(grant_entries_table.c.entry_id, grants_table.c.scope)
)
_GRANTS = (
    select(
        grants_table.c.id,
        grants_table.c.held,
        grants_table.c.spent,
        func.coalesce(func.sum(grant_entries_table.c.held_delta), 0),
        func.coalesce(func.sum(grant_entries_table.c.spent_delta), 0),
    )
    .outerjoin(grant_entries_table, grant_entries_table.c.grant_id == grants_table.c.id)
    .where(grants_table.c.guild_id == _OF_GUILD)
    .group_by(grants_table.c.id, grants_table.c.held, grants_table.c.spent)
)
_OF_MEMBERS = _ENTRY.member_id.in_(bindparam("members", expanding=True))
_ENTRIES_OF_MEMBERS = _ENTRIES_OF_JOBS.where(_OF_MEMBERS)
_BORNE_FOR_MEMBERS = _BORNE_BY_GRANTS.join(
    ledger_entries_table, ledger_entries_table.c.id == grant_entries_table.c.entry_id
).where(_OF_MEMBERS)
_FORGET_COUNTERS_OF_MEMBERS = delete(usage_table).where(
    usage_table.c.guild_id == _OF_GUILD,
    usage_table.c.tally == BudgetScope.MEMBER,
    usage_table.c.subject_id.in_(bindparam("members", expanding=True)),
)
_FORGET_COUNTERS = delete(usage_table).where(usage_table.c.guild_id == _OF_GUILD)
_SET_GRANT = (
    update(grants_table)
    .where(grants_table.c.id == bindparam("grant"))
    .values(held=bindparam("now_held"), spent=bindparam("now_spent"))
)


def disagreements(conn: Connection, guild_id: int) -> list[str]:
    """Return every counter of a guild that differs from its ledger, and every job whose entries do not add up.

    An empty list is the proof that they agree. Read it in one transaction.
    """
    wanted, found = _sums_of_ledger(conn, guild_id), _counters(conn, guild_id)
    problems = [
        f"counter {key} is {found.get(key)}, the ledger says {wanted.get(key)}"
        for key in sorted(wanted.keys() | found.keys())
        if wanted.get(key, (0, 0, 0)) != found.get(key, (0, 0, 0))
    ]
    problems += [
        f"grant {grant_id} counts {counted}, the ledger says {entered}"
        for grant_id, counted, entered in _grants(conn, guild_id)
        if counted != entered
    ]
    ended_jobs = set(conn.execute(_ENDED_JOBS, {"guild": guild_id}).scalars())
    for job_id, held, spent in conn.execute(_SUMS_OF_JOBS, {"guild": guild_id}):
        if held < 0 or spent < 0 or (job_id in ended_jobs and held != 0):
            problems.append(f"job {job_id} holds {held} and spent {spent}")
    return problems


def rebuild(conn: Connection, guild_id: int) -> None:
    """Write a guild's counters anew from its ledger."""
    lock_guild(conn, guild_id)
    wanted = _sums_of_ledger(conn, guild_id)
    conn.execute(_FORGET_COUNTERS, {"guild": guild_id})
    _write(conn, guild_id, wanted)
    for grant_id, _counted, (held, spent) in _grants(conn, guild_id):
        conn.execute(_SET_GRANT, {"grant": grant_id, "now_held": held, "now_spent": spent})


def _counters(conn: Connection, guild_id: int) -> dict[CounterKey, Sums]:
    return {
        (budget_scope, subject, period, key): (held, spent, open_holds)
        for budget_scope, subject, period, key, held, spent, open_holds in conn.execute(_COUNTERS, {"guild": guild_id})
    }


def recount_members(conn: Connection, guild_id: int, member_ids: Sequence[int]) -> dict[CounterKey, Sums]:
    """Write the counters of some members anew from a guild's ledger, and return them. Hold the guild's lock."""
    key = {"guild": guild_id, "members": list(member_ids)}
    entries, borne = conn.execute(_ENTRIES_OF_MEMBERS, key), _borne(conn.execute(_BORNE_FOR_MEMBERS, key))
    of_members = {key: sums for key, sums in _add_up(entries, borne).items() if key[0] == BudgetScope.MEMBER}
    conn.execute(_FORGET_COUNTERS_OF_MEMBERS, key)
    _write(conn, guild_id, of_members)
    return of_members


def _write(conn: Connection, guild_id: int, counters: Mapping[CounterKey, Sums]) -> None:
    names = ("tally", "subject_id", "period", "period_key", *_SUMS)
    rows = [dict(zip(names, (*key, *sums), strict=True)) | {"guild_id": guild_id} for key, sums in counters.items()]
    if rows:
        conn.execute(insert(usage_table), rows)


def _sums_of_ledger(conn: Connection, guild_id: int) -> dict[CounterKey, Sums]:
    entries = conn.execute(_ENTRIES_OF_JOBS, {"guild": guild_id})
    return _add_up(entries, _borne(conn.execute(_BORNE_BY_GRANTS, {"guild": guild_id})))


def _add_up(entries: Iterable[Row[Any]], borne: Borne) -> dict[CounterKey, Sums]:
    sums: dict[CounterKey, Sums] = defaultdict(lambda: (0, 0, 0))
    for row in entries:
        by_guild, by_member = borne[row.id, BudgetScope.GUILD], borne[row.id, BudgetScope.MEMBER]
        holds = {Phase.HOLD: 1, Phase.END: -1}.get(row.phase, 0)
        moved = {
            (BudgetScope.ACCOUNT, row.account_id): (row.held_delta, row.charged_delta, holds),
            (BudgetScope.GUILD, 0): (row.held_delta - by_guild[0], row.spent_delta - by_guild[1], holds),
            (BudgetScope.MEMBER, row.member_id): (
                row.held_delta - by_member[0],
                row.spent_delta - by_member[1],
                holds,
            ),
        }
        spans = ((Period.DAY, row.day_key), (Period.WEEK, row.week_key), (Period.MONTH, row.month_key), (EVER, ""))
        for (budget_scope, subject), (held, spent, open_holds) in moved.items():
            for period, key in spans:
                counter = (budget_scope, subject, str(period), key)
                before = sums[counter]
                sums[counter] = (before[0] + held, before[1] + spent, before[2] + open_holds)
    return sums


def _borne(rows: Iterable[Any]) -> Borne:
    """Return what grants bore of each entry, held and spent, by the entry's id and the grants' scope."""
    borne = {(entry, scope): (int(held), int(spent)) for entry, scope, held, spent in rows}
    return defaultdict(lambda: (0, 0), borne)


def _grants(conn: Connection, guild_id: int) -> list[tuple[int, tuple[int, int], tuple[int, int]]]:
    rows = conn.execute(_GRANTS, {"guild": guild_id})
    return [(id_, (held, spent), (int(h), int(s))) for id_, held, spent, h, s in rows]
