"""Every statement about credits, once on each kind of database."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.domain.approvals import Decision
from bot.domain.ledger import Kind
from bot.domain.ledger_views import LedgerFilter, Spent
from bot.domain.periods import Period
from bot.domain.quota import Limit, Rules, Scope
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
    page = await guild_database.read(ledger_pages.page, LedgerFilter(GUILD, MEMBER, "job1"), 10)
    assert [(entry.kind, entry.held_delta, entry.spent_delta, entry.overrun) for entry in page.entries] == [
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


async def test_pages_lead_from_the_newest_to_the_oldest_entry_and_back(guild_database: Database) -> None:
    await guild_database.write(history)
    wanted = LedgerFilter(GUILD, period=(Period.DAY, "2026-11-02"))
    everything = await guild_database.read(ledger_pages.export, wanted)
    assert len(everything) == 13
    page = await guild_database.read(ledger_pages.page, wanted, 5)
    assert not page.has_newer
    seen = list(page.entries)
    while page.has_older:
        page = await guild_database.read(ledger_pages.page, wanted, 5, before=seen[-1].id)
        seen += page.entries
    assert tuple(seen) == everything
    back = await guild_database.read(ledger_pages.page, wanted, 5, after=page.entries[0].id)
    assert back.entries == everything[5:10]
    assert back.has_newer


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
