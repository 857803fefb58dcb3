"""Every statement about credits, once on each kind of database."""

from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.domain.approvals import Decision
from bot.domain.ledger import Kind
from bot.domain.ledger_views import Entry, JobLine, LedgerFilter, Line, Sums
from bot.domain.periods import Period
from bot.domain.quota import Limit, Rules, Scope
from bot.domain.spending import Spent
from bot.storage import adjustments, approvals, holds, ledger_pages, quotas
from bot.storage.database import Database
from bot.storage.guilds import set_rules
from bot.storage.holds import Captured
from bot.storage.ledger import Note
from bot.storage.ledger_check import disagreements, rebuild
from bot.storage.owner_view import guilds_on_owners_account, owners_balance
from bot.storage.tables.money import INSERT_ONLY
from tests.support.credits_world import BUDGET, GUILD, MEMBER, MODERATOR, NOON, hold

NOTE = Note(NOON, "prize", MODERATOR)
DAY = 86_400.0


def history(conn: Connection) -> None:
    """Six jobs of a member with 100 credits a day, a role's 150, and two grants."""
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, 100))
    quotas.set_limit(conn, GUILD, Limit(Scope.ROLE, 11, Period.DAY, 120))
    quotas.set_limit(conn, GUILD, Limit(Scope.ROLE, 11, Period.DAY, 150))
    quotas.set_limit(conn, GUILD, Limit(Scope.MEMBER, 99, Period.WEEK, None))
    quotas.clear_limit(conn, GUILD, Limit(Scope.MEMBER, 99, Period.WEEK, None))
    adjustments.grant(conn, GUILD, MEMBER, 50, None, NOTE)
    adjustments.grant(conn, GUILD, MEMBER, 30, NOON + DAY, NOTE)
    set_rules(conn, GUILD, Rules(approval_above=90, approval_channel_id=5))
    for number, price in enumerate([100, 60, 40, 0, 10, 95]):
        moment = NOON if number < 5 else NOON + 2 * DAY
        hold(conn, f"job{number}", price, moment, role_ids=(11,))
    holds.capture(conn, "job0", 90, NOON)
    holds.capture(conn, "job1", 70, NOON, kept=True)
    holds.release(conn, "job2", NOON, "refused")
    holds.capture(conn, "job3", 0, NOON)
    adjustments.refund(conn, GUILD, "job1", 25, NOTE)
    adjustments.correct(conn, GUILD, "job0", 80, NOTE)


async def test_one_history_reads_the_same_on_both(guild_database: Database) -> None:
    await guild_database.write(history)
    assert await guild_database.read(disagreements, GUILD) == []
    page = await guild_database.read(ledger_pages.page, LedgerFilter(GUILD, MEMBER, "job1", every_entry=True), 10)
    entries = [line for line in page.lines if isinstance(line, Entry)]
    assert [(entry.kind, entry.held_delta, entry.spent_delta, entry.overrun) for entry in entries] == [
        (Kind.REFUND, 0, -25, 0),
        (Kind.KEPT, -60, 70, 10),
        (Kind.HOLD, 60, 0, 0),
    ]
    spent = await guild_database.read(ledger_pages.spent_since, GUILD, "2026-11-01")
    assert spent == (Spent("2026-11-02", "veo", MEMBER, 80 + 45),)
    quota_status = await guild_database.read(holds.quota_status, GUILD, MEMBER, (11,), NOON)
    assert [(item.limit.scope, item.held, item.spent, item.left) for item in quota_status.allowances] == [
        (Scope.ROLE, 0, 125, 25),
        (Scope.CEILING, 105, 150, BUDGET - 255),
    ]
    assert (quota_status.member_jobs, quota_status.guild_jobs, quota_status.member_grants) == (2, 2, 70)
    (use,) = await guild_database.read(guilds_on_owners_account, NOON)
    assert (use.held, use.charged_this_month, use.charged_ever) == (105, 150, 150)
    balance = await guild_database.read(owners_balance, NOON, 5000)
    assert (balance.remaining, balance.held, balance.charged_ever, balance.guilds) == (None, 105, 150, 1)


@pytest.mark.parametrize("every_entry", [False, True])
@pytest.mark.parametrize(
    ("narrowed", "entries", "lines"),
    [
        ({}, 15, 11),
        ({"member_id": MEMBER}, 14, 10),
        ({"period": (Period.DAY, "2026-11-02")}, 13, 9),
        ({"period": (Period.WEEK, "2026-W45")}, 15, 11),
        ({"member_id": MEMBER, "period": (Period.MONTH, "2026-11")}, 14, 10),
        ({"job_id": "job1"}, 3, 2),
        ({"member_id": 99}, 0, 0),
    ],
)
async def test_pages_lead_from_the_newest_line_to_the_oldest_and_back_and_add_up(
    guild_database: Database, narrowed: dict[str, Any], entries: int, lines: int, every_entry: bool
) -> None:
    await guild_database.write(history)
    await guild_database.write(adjustments.grant, GUILD, None, 7, None, Note(NOON + 2 * DAY, "for all", MODERATOR))
    wanted = LedgerFilter(GUILD, **narrowed, every_entry=every_entry)
    pages = [await guild_database.read(ledger_pages.page, wanted, 4)]
    assert not pages[0].has_newer
    while pages[-1].has_older:
        pages.append(await guild_database.read(ledger_pages.page, wanted, 4, before=pages[-1].lines[-1].id))
    seen = [line for page in pages for line in page.lines]
    assert len(seen) == (entries if every_entry else lines)
    written = [entry for line in seen for entry in entries_of(line)]
    exported = await guild_database.read(ledger_pages.export, wanted)
    assert sorted(written, key=lambda entry: -entry.id) == list(exported)

    shown = Sums(
        sum(entry.spent_delta for entry in written),
        sum(entry.held_delta for entry in written),
        sum(entry.granted_delta for entry in written),
    )
    assert {page.sums for page in pages} == {shown}
    for newer, older in pairwise(pages):
        back = await guild_database.read(ledger_pages.page, wanted, 4, after=older.lines[0].id)
        assert back.lines == newer.lines
        assert back.has_newer is newer.has_newer


def entries_of(line: Line) -> list[Entry]:
    return [line] if isinstance(line, Entry) else [line.hold, *([line.end] if line.end else [])]


async def test_the_line_of_a_job_keeps_its_place_when_the_job_ends(guild_database: Database) -> None:
    await guild_database.write(history)
    wanted = LedgerFilter(GUILD)
    before = await guild_database.read(ledger_pages.page, wanted, 20)
    await guild_database.write(holds.capture, "job4", 10, NOON + 3 * DAY)
    after = await guild_database.read(ledger_pages.page, wanted, 20)
    assert [line.id for line in after.lines] == [line.id for line in before.lines]
    [running] = [line for line in before.lines if isinstance(line, JobLine) and line.hold.job_id == "job4"]
    [ended] = [line for line in after.lines if line.id == running.id and isinstance(line, JobLine)]
    assert running.end is None
    assert ended.end is not None
    assert ended.end.spent_delta == 10


async def test_counters_are_rebuilt_on_both(guild_database: Database) -> None:
    await guild_database.write(history)
    await guild_database.write(lambda conn: conn.execute(text("UPDATE usage SET spent = spent + 1")))
    await guild_database.write(lambda conn: conn.execute(text("UPDATE grants SET spent = spent + 1")))
    assert await guild_database.read(disagreements, GUILD)
    await guild_database.write(rebuild, GUILD)
    assert await guild_database.read(disagreements, GUILD) == []


async def test_a_question_to_the_moderators_is_decided_once(guild_database: Database) -> None:
    await guild_database.write(history)
    assert [item.job_id for item in await guild_database.read(approvals.unposted)] == ["job5"]
    await guild_database.write(approvals.note_posted, "job5", 77)
    assert await guild_database.read(approvals.unposted) == ()
    assert await guild_database.read(approvals.overdue, NOON + 2.9 * DAY) == ()
    assert len(await guild_database.read(approvals.overdue, NOON + 3 * DAY)) == 1
    assert await guild_database.write(approvals.decide, "job5", Decision.APPROVED, MODERATOR, NOON)
    assert not await guild_database.write(approvals.decide, "job5", Decision.DENIED, MODERATOR, NOON)
    closing = {item.job_id: item for item in await guild_database.read(approvals.unclosed)}
    assert closing.keys() == {"job0", "job5"}
    assert closing["job0"].decision is Decision.WITHDRAWN
    assert (closing["job5"].decision, closing["job5"].message_id) == (Decision.APPROVED, 77)
    await guild_database.write(approvals.note_closed, "job5", NOON)
    assert [item.job_id for item in await guild_database.read(approvals.unclosed)] == ["job0"]


async def test_a_second_end_is_told_so(guild_database: Database) -> None:
    await guild_database.write(history)
    assert await guild_database.write(holds.capture, "job0", 1, NOON) == Captured(0, changed=False)


def execute(conn: Connection, statement: str) -> None:
    conn.execute(text(statement))


@pytest.mark.parametrize("table", [table.name for table in INSERT_ONLY])
async def test_the_database_refuses_to_change_what_was_entered(guild_database: Database, table: str) -> None:
    await guild_database.write(history)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {'entry_id = 0' if 'grant' in table else 'id = 0'}"):
        with pytest.raises(DBAPIError, match="insert-only"):
            await guild_database.write(execute, statement)


async def test_a_process_that_is_suspended_within_a_transaction_keeps_nobody_waiting(database: Database) -> None:
    if database.dialect == "sqlite":
        pytest.skip("one process has the file: nobody else could wait")
    limit = await database.read(lambda conn: conn.execute(text("SHOW idle_in_transaction_session_timeout")).scalar())
    assert limit == "10s"
