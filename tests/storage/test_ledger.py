"""Holds, their ends, and what people change afterwards, over a real SQLite file."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.domain.approvals import Decision
from bot.domain.ledger import Kind
from bot.domain.ledger_views import Entry, LedgerFilter
from bot.domain.periods import Period
from bot.domain.quota import GuildDefaults, Limit, QuotaStatus, RefusalReason, Rules, Scope
from bot.domain.refusals import NotPossible
from bot.storage import accounts, adjustments, approvals, holds, quotas
from bot.storage.guilds import UnknownGuild, ensure_guild, set_rules
from bot.storage.holds import Captured, Held
from bot.storage.ledger import Note
from bot.storage.ledger_check import disagreements, rebuild
from bot.storage.ledger_pages import export, page
from bot.storage.tables.money import ledger_entries_table, usage_table
from tests.support.credits_world import GUILD, MEMBER, MODERATOR, NOON, OTHER_GUILD, hold

DAY = 86_400.0
NOTE = Note(NOON, "contest prize", MODERATOR)


def entries(conn: Connection, job_id: str | None = None) -> list[Entry]:
    """Oldest first."""
    return list(reversed(export(conn, LedgerFilter(GUILD, job_id=job_id))))


def quota_status(conn: Connection, now: float = NOON) -> QuotaStatus:
    return holds.quota_status(conn, GUILD, MEMBER, (), now)


def left(conn: Connection, scope: Scope, now: float = NOON) -> int | None:
    return next(item.left for item in quota_status(conn, now).allowances if item.limit.scope is scope)


def used(conn: Connection, scope: Scope) -> int:
    return next(item.held + item.spent for item in quota_status(conn).allowances if item.limit.scope is scope)


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as conn:
        yield conn
        assert disagreements(conn, GUILD) == []


def test_a_hold_is_captured_at_the_true_charge(conn: Connection) -> None:
    held = hold(conn, "a", 100)
    assert isinstance(held, Held)
    assert held.quota_status.spendable == 900
    assert held.quota_status == quota_status(conn)
    assert holds.capture(conn, "a", 80, NOON) == Captured(0, changed=True)
    assert quota_status(conn).spendable == 920
    assert [(entry.kind, entry.held_delta, entry.spent_delta) for entry in entries(conn)] == [
        (Kind.HOLD, 100, 0),
        (Kind.CAPTURE, -100, 80),
    ]


def test_a_released_hold_leaves_nothing_spent(conn: Connection) -> None:
    hold(conn, "a", 100)
    assert holds.release(conn, "a", NOON, "the provider refused")
    assert quota_status(conn).spendable == 1000
    assert entries(conn)[-1].reason == "the provider refused"


@pytest.mark.parametrize("first", ["capture", "release"])
def test_a_hold_ends_once_and_a_second_end_changes_nothing(conn: Connection, first: str) -> None:
    hold(conn, "a", 100)
    if first == "capture":
        holds.capture(conn, "a", 100, NOON)
    else:
        holds.release(conn, "a", NOON, "cancelled")
    before = entries(conn)
    assert holds.capture(conn, "a", 50, NOON) == Captured(0, changed=False)
    assert not holds.release(conn, "a", NOON, "again")
    assert entries(conn) == before


def test_a_second_hold_for_a_job_is_impossible(engine: Engine) -> None:
    with engine.begin() as conn:
        hold(conn, "a", 1)
    with pytest.raises(IntegrityError), engine.begin() as conn:
        hold(conn, "a", 1)


def test_an_overrun_is_captured_and_flagged(conn: Connection) -> None:
    hold(conn, "a", 990)
    assert holds.capture(conn, "a", 1030, NOON) == Captured(40, changed=True)
    assert entries(conn)[-1].overrun == 40
    assert left(conn, Scope.CEILING) == 0


def test_credits_that_the_provider_kept_for_a_failed_job_are_shown_as_such(conn: Connection) -> None:
    hold(conn, "a", 100)
    holds.capture(conn, "a", 100, NOON, kept=True)
    assert entries(conn)[-1].kind is Kind.KEPT


def test_nothing_is_written_for_a_request_that_does_not_fit(conn: Connection) -> None:
    refusals = hold(conn, "a", 1001)
    assert isinstance(refusals, tuple)
    assert refusals[0].reason is RefusalReason.LIMIT
    assert entries(conn) == []


@pytest.mark.parametrize("price", [-1, 10**9 + 1])
def test_an_impossible_price_is_not_held(conn: Connection, price: int) -> None:
    with pytest.raises(NotPossible, match="price_out_of_range"):
        hold(conn, "a", price)


def test_a_guild_that_was_never_made_known_has_no_credits(conn: Connection) -> None:
    with pytest.raises(UnknownGuild):
        hold(conn, "a", 1, guild_id=OTHER_GUILD)
    with pytest.raises(NotPossible, match="no_such_job"):
        holds.capture(conn, "a", 1, NOON)


def test_a_job_belongs_to_the_period_of_its_hold(conn: Connection) -> None:
    """It began on the last evening of November and ended in December."""
    evening = NOON + 28 * DAY + 11 * 3600
    hold(conn, "a", 400, evening)
    assert left(conn, Scope.CEILING, evening + DAY) == 1000
    holds.capture(conn, "a", 400, evening + DAY)
    assert left(conn, Scope.CEILING, evening + DAY) == 1000
    assert left(conn, Scope.CEILING, evening) == 600


def test_a_refund_goes_back_to_the_limits_of_the_jobs_own_period_but_not_to_the_owners_ceiling(
    conn: Connection,
) -> None:
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.MONTH, 500))
    hold(conn, "a", 400)
    holds.capture(conn, "a", 400, NOON)
    assert adjustments.refund(conn, GUILD, "a", 150, Note(NOON + 40 * DAY, "it was blurred", MODERATOR)) == 150
    assert left(conn, Scope.DEFAULT) == 250
    assert left(conn, Scope.CEILING) == 600
    assert left(conn, Scope.DEFAULT, NOON + 40 * DAY) == 500
    last = entries(conn)[-1]
    assert (last.kind, last.spent_delta, last.charged_delta) == (Kind.REFUND, -150, 0)
    assert (last.actor_id, last.reason) == (MODERATOR, "it was blurred")


@pytest.mark.parametrize("amount", [0, -5, 101, 10**12])
def test_a_refund_is_never_more_than_was_spent(conn: Connection, amount: int) -> None:
    hold(conn, "a", 100)
    holds.capture(conn, "a", 100, NOON)
    with pytest.raises(NotPossible, match="refund"):
        adjustments.refund(conn, GUILD, "a", amount, NOTE)


def test_repeated_refunds_never_add_up_to_more_than_was_spent(conn: Connection) -> None:
    hold(conn, "a", 100)
    holds.capture(conn, "a", 100, NOON)
    assert adjustments.refund(conn, GUILD, "a", 60, NOTE) == 60
    with pytest.raises(NotPossible, match=r"refund_out_of_range .*40"):
        adjustments.refund(conn, GUILD, "a", 41, NOTE)
    assert adjustments.refund(conn, GUILD, "a", None, NOTE) == 40
    with pytest.raises(NotPossible, match="refund"):
        adjustments.refund(conn, GUILD, "a", None, NOTE)


def test_a_running_job_or_one_of_another_guild_cannot_be_refunded(conn: Connection) -> None:
    ensure_guild(conn, OTHER_GUILD, GuildDefaults(1000), NOON)
    hold(conn, "a", 0)
    with pytest.raises(NotPossible, match="before_the_end"):
        adjustments.refund(conn, GUILD, "a", None, NOTE)
    with pytest.raises(NotPossible, match="no_such_job"):
        adjustments.refund(conn, OTHER_GUILD, "a", None, NOTE)


def test_a_correction_makes_the_ledger_say_what_the_provider_charged(conn: Connection) -> None:
    hold(conn, "a", 100)
    holds.capture(conn, "a", 100, NOON)
    assert adjustments.correct(conn, GUILD, "a", 130, NOTE) == 30
    assert left(conn, Scope.CEILING) == 870
    assert entries(conn)[-1].overrun == 30
    adjustments.refund(conn, GUILD, "a", 120, NOTE)
    assert adjustments.correct(conn, GUILD, "a", 0, NOTE) == -130
    assert left(conn, Scope.CEILING) == 1000
    assert sum(entry.spent_delta for entry in entries(conn)) == 0


def test_a_grant_is_used_only_for_what_the_limits_do_not_cover_and_gets_back_what_was_not_needed(
    conn: Connection,
) -> None:
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, 100))
    adjustments.grant(conn, GUILD, MEMBER, 50, None, NOTE)
    hold(conn, "a", 70)
    assert quota_status(conn).member_grants == 50
    hold(conn, "b", 60)
    assert quota_status(conn).member_grants == 20
    holds.capture(conn, "b", 40, NOON)
    assert quota_status(conn).member_grants == 40
    assert left(conn, Scope.DEFAULT) == 0
    adjustments.refund(conn, GUILD, "b", 15, NOTE)
    assert quota_status(conn).member_grants == 50
    assert left(conn, Scope.DEFAULT) == 5


def test_a_correction_takes_nothing_of_a_grant_that_another_job_used_meanwhile(conn: Connection) -> None:
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, 0))
    adjustments.grant(conn, GUILD, MEMBER, 50, None, NOTE)
    hold(conn, "a", 40)
    holds.capture(conn, "a", 10, NOON)
    hold(conn, "b", 35)
    assert adjustments.correct(conn, GUILD, "a", 40, NOTE) == 30
    assert quota_status(conn).member_grants == 0
    assert used(conn, Scope.DEFAULT) == 25
    adjustments.refund(conn, GUILD, "a", 40, NOTE)
    assert quota_status(conn).member_grants == 15
    assert used(conn, Scope.DEFAULT) == 0
    assert adjustments.correct(conn, GUILD, "a", 45, NOTE) == 5
    assert quota_status(conn).member_grants == 10


def test_the_grant_that_ends_first_is_used_first_and_an_ended_one_not_at_all(conn: Connection) -> None:
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, 0))
    adjustments.grant(conn, GUILD, MEMBER, 50, None, NOTE)
    adjustments.grant(conn, GUILD, MEMBER, 30, NOON + DAY, NOTE)
    hold(conn, "a", 40)
    lasting, ending = quota_status(conn).member_grants, quota_status(conn, NOON + 2 * DAY).member_grants
    assert (lasting, ending) == (40, 40)
    assert isinstance(hold(conn, "b", 41, NOON + 2 * DAY), tuple)


def test_a_members_grant_does_not_open_the_guilds_purse(conn: Connection) -> None:
    quotas.set_limit(conn, GUILD, Limit(Scope.GUILD, 0, Period.MONTH, 10))
    adjustments.grant(conn, GUILD, MEMBER, 500, None, NOTE)
    assert isinstance(hold(conn, "a", 11), tuple)
    adjustments.grant(conn, GUILD, None, 500, None, NOTE)
    assert isinstance(hold(conn, "a", 11), Held)


@pytest.mark.parametrize(("amount", "ends_at"), [(0, None), (-1, None), (10**9 + 1, None), (5, NOON), (5, NOON - 1)])
def test_a_grant_of_nothing_or_in_the_past_is_refused(conn: Connection, amount: int, ends_at: float | None) -> None:
    with pytest.raises(NotPossible, match=r"amount|past"):
        adjustments.grant(conn, GUILD, MEMBER, amount, ends_at, NOTE)


def test_a_guild_with_its_own_account_spends_beside_the_owners_ceiling(conn: Connection) -> None:
    conn.execute(
        text("INSERT INTO accounts (id, guild_id, hourly_posts, clock) VALUES (2, :guild, 24, 0)"), {"guild": GUILD}
    )
    own = accounts.of_guild(conn, GUILD).id
    assert isinstance(hold(conn, "a", 5000, account_id=own), Held)
    assert left(conn, Scope.CEILING) == 1000
    assert isinstance(hold(conn, "b", 1000), Held)


def test_a_price_above_the_threshold_asks_the_moderators_and_an_ended_job_asks_no_more(conn: Connection) -> None:
    set_rules(conn, GUILD, Rules(approval_above=50, approval_channel_id=99))
    small, large = hold(conn, "a", 50), hold(conn, "b", 51)
    assert isinstance(small, Held)
    assert isinstance(large, Held)
    assert (small.awaits_approval, large.awaits_approval) == (False, True)
    assert [item.job_id for item in approvals.unposted(conn)] == ["b"]
    holds.release(conn, "b", NOON, "cancelled")
    assert approvals.unposted(conn) == ()
    assert not approvals.decide(conn, "b", Decision.APPROVED, MODERATOR, NOON)


def test_a_limit_of_another_period_counts_what_was_spent_before_it_was_set(conn: Connection) -> None:
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, 100))
    hold(conn, "a", 100)
    quotas.clear_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, None))
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.WEEK, 150))
    assert left(conn, Scope.DEFAULT, NOON + DAY) == 50
    quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.WEEK, 60))
    assert left(conn, Scope.DEFAULT, NOON + DAY) == 0


def test_a_changed_time_zone_gives_no_period_twice(conn: Connection) -> None:
    """Late on the 30th of November here it is December in Tokyo already; going back, November is as spent as before."""
    evening = NOON + 28 * DAY + 6 * 3600
    hold(conn, "a", 1000, evening)
    set_rules(conn, GUILD, Rules(time_zone="Asia/Tokyo"))
    hold(conn, "b", 1000, evening)
    assert left(conn, Scope.CEILING, evening) == 0
    set_rules(conn, GUILD, Rules(time_zone="UTC"))
    assert left(conn, Scope.CEILING, evening) == 0
    set_rules(conn, GUILD, Rules(time_zone="Asia/Tokyo"))
    assert left(conn, Scope.CEILING, evening) == 0


def test_making_a_guild_known_again_does_not_reset_its_ceiling(conn: Connection) -> None:
    ensure_guild(conn, GUILD, GuildDefaults(5), NOON)
    assert left(conn, Scope.CEILING) == 1000


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["ledger_entries", "grant_entries", "audit_log"])
def test_the_database_refuses_to_change_what_was_entered(engine: Engine, statement: str, table: str) -> None:
    column = {"ledger_entries": "reason", "grant_entries": "spent_delta", "audit_log": "action"}[table]
    with engine.begin() as conn:
        quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, 0))
        adjustments.grant(conn, GUILD, MEMBER, 50, None, NOTE)
        hold(conn, "a", 10)
    with pytest.raises(IntegrityError, match="insert-only"), engine.begin() as conn:
        conn.execute(text(statement.format(table).replace("reason", column)))


def test_a_counter_that_drifted_is_found_and_rebuilt(engine: Engine) -> None:
    with engine.begin() as conn:
        quotas.set_limit(conn, GUILD, Limit(Scope.DEFAULT, 0, Period.DAY, 0))
        adjustments.grant(conn, GUILD, MEMBER, 50, None, NOTE)
        hold(conn, "a", 40)
        hold(conn, "b", 10)
        holds.capture(conn, "a", 30, NOON)
        good = conn.execute(select(usage_table).order_by(*usage_table.primary_key.columns)).all()
        conn.execute(update(usage_table).values(spent=usage_table.c.spent + 1))
        conn.execute(text("UPDATE grants SET held = held - 1"))
        assert len(disagreements(conn, GUILD)) == len(good) + 1
        rebuild(conn, GUILD)
        assert disagreements(conn, GUILD) == []
        assert conn.execute(select(usage_table).order_by(*usage_table.primary_key.columns)).all() == good
        assert conn.execute(select(ledger_entries_table.c.id)).all()


@pytest.mark.parametrize(
    ("narrowed", "index"),
    [
        ({}, "ix_ledger_entries_guild_id_id"),
        ({"member_id": MEMBER}, "ix_ledger_entries_guild_id_member_id_id"),
        ({"period": (Period.DAY, "2026-11-02")}, "ix_ledger_entries_guild_id_day_key"),
        ({"period": (Period.MONTH, "2026-11")}, "ix_ledger_entries_guild_id_day_key"),
        ({"job_id": "a"}, "uq_ledger_entries_job_id_phase"),
    ],
)
@pytest.mark.parametrize("every_entry", [False, True])
def test_a_page_is_found_by_an_index_however_long_the_ledger_is(
    conn: Connection, narrowed: dict[str, Any], index: str, every_entry: bool
) -> None:
    executed: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        executed.append((statement, parameters))

    event.listen(conn, "before_cursor_execute", note)
    page(conn, LedgerFilter(GUILD, **narrowed, every_entry=every_entry), 10, before=50)
    event.remove(conn, "before_cursor_execute", note)
    plans = [
        [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        for statement, parameters in executed
    ]
    assert any(f"USING INDEX {index} " in step for steps in plans for step in steps)
    assert [step for steps in plans for step in steps if step.startswith("SCAN")] == []
    # Without a period the lines are read in the index's own order, and no further than the page reaches.
    if "period" not in narrowed and "job_id" not in narrowed:
        assert [step for step in plans[-1] if "TEMP B-TREE" in step] == []
    if not narrowed:
        assert all("grants" in step or "usage" in step for steps in plans[:-1] for step in steps)
