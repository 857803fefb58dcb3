"""Random histories of a guild's credits, checked after every step against an oracle that only reads the raw entries."""

import itertools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, select

from bot.domain.periods import Period, keys_at
from bot.domain.quota import GuildDefaults, Limit, Rules, Scope
from bot.domain.refusals import NotPossible
from bot.storage import adjustments, holds, quotas
from bot.storage.guilds import ensure_guild, rules_of, set_rules
from bot.storage.holds import Held
from bot.storage.ledger import Note
from bot.storage.ledger_check import disagreements
from bot.storage.tables.money import grant_entries_table, grants_table, ledger_entries_table
from tests.support.credits_world import GUILD, MODERATOR, NOON, hold, open_engine

ROLES_OF = {7: (11,), 8: (11, 12), 9: ()}
ZONES = ("UTC", "Europe/Berlin", "America/Havana", "Pacific/Kiritimati")
HOUR = 3600.0
AUTUMN = NOON - 8.5 * 24 * HOUR  # the evening before Berlin's clocks go back
OVERRUN_MAX = 15


@dataclass
class Known:
    """What the test itself did with one job."""

    held: int
    charged: int | None = None
    spent: int = 0


@dataclass
class Oracle:
    """Sums taken from the raw rows in the slowest and plainest way."""

    entries: list[Any]
    grants: list[Any]
    borne: list[Any] = field(default_factory=list)

    @classmethod
    def read(cls, conn: Connection) -> "Oracle":
        tables = (ledger_entries_table, grants_table, grant_entries_table)
        entries, given, taken = (list(conn.execute(select(table))) for table in tables)
        return cls(entries, given, taken)

    def used(self, scope: Scope, member: int, period: Period, key: str) -> int:
        total = 0
        for entry in self.entries:
            if entry.job_id is None or getattr(entry, f"{period}_key") != key:
                continue
            if scope is Scope.CEILING:
                total += entry.held_delta + entry.charged_delta
            elif scope is Scope.GUILD:
                total += entry.held_delta + entry.spent_delta - self._borne(entry.id, "guild")
            elif entry.member_id == member:
                total += entry.held_delta + entry.spent_delta - self._borne(entry.id, "member")
        return total

    def _borne(self, entry_id: int, scope: str) -> int:
        mine = {grant.id for grant in self.grants if grant.scope == scope}
        rows = [row for row in self.borne if row.entry_id == entry_id and row.grant_id in mine]
        return sum(row.held_delta + row.spent_delta for row in rows)

    def granted(self, scope: str, member: int, now: float) -> int:
        left = 0
        for grant in self.grants:
            if (
                grant.scope == scope
                and grant.subject_id in (0, member)
                and (grant.ends_at is None or grant.ends_at > now)
            ):
                used = sum(row.held_delta + row.spent_delta for row in self.borne if row.grant_id == grant.id)
                left += grant.amount - used
        return left

    def open_jobs(self, member: int | None = None) -> int:
        mine = [entry for entry in self.entries if member in (None, entry.member_id)]
        return sum({"hold": 1, "end": -1}.get(entry.phase, 0) for entry in mine)


class GuildHistory(RuleBasedStateMachine):
    """One guild, three members, and everything that can happen to their credits."""

    template: Path

    @initialize(zone=st.sampled_from(ZONES), ceiling=st.integers(0, 300))
    def begin(self, zone: str, ceiling: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "bot.db"
        shutil.copy(self.template, path)
        self.engine = open_engine(path)
        self.now = AUTUMN
        self.ids = itertools.count()
        self.jobs: dict[str, Known] = {}
        self.limits: dict[tuple[Scope, int, Period], int | None] = {(Scope.CEILING, 0, Period.MONTH): ceiling}
        self.write(ensure_guild, GUILD, GuildDefaults(ceiling, None, None), self.now)
        self.write(set_rules, GUILD, Rules(time_zone=zone))

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()

    def write(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with self.engine.begin() as conn:
            return work(conn, *args, **kwargs)

    @rule(member=st.sampled_from(sorted(ROLES_OF)), price=st.integers(0, 120))
    def request(self, member: int, price: int) -> None:
        before, rules = self.write(Oracle.read), self.write(rules_of, GUILD)
        job_id = f"job{next(self.ids)}"
        outcome = self.write(hold, job_id, price, self.now, member_id=member, role_ids=ROLES_OF[member])
        fits = self.fits(before, rules, member, price)
        assert isinstance(outcome, Held) == fits
        after = self.write(Oracle.read)
        if not fits:
            assert after == before
            return
        self.jobs[job_id] = Known(price)
        assert outcome.quota_status == self.write(holds.quota_status, GUILD, member, ROLES_OF[member], self.now)
        for scope, period, amount in self.applying(member):
            key = keys_at(self.now, rules.time_zone).of(period)
            was, used = before.used(scope, member, period, key), after.used(scope, member, period, key)
            assert amount is None or used <= max(amount, was)

    def applying(self, member: int) -> list[tuple[Scope, Period, int | None]]:
        applying: list[tuple[Scope, Period, int | None]] = []
        for period in Period:
            stated = {(scope, one): amount for (scope, one, when), amount in self.limits.items() if when is period}
            both = (Scope.CEILING, Scope.GUILD)
            applying += [(scope, period, stated[scope, 0]) for scope in both if (scope, 0) in stated]
            roles = [stated[Scope.ROLE, role] for role in ROLES_OF[member] if (Scope.ROLE, role) in stated]
            if (Scope.MEMBER, member) in stated:
                applying.append((Scope.MEMBER, period, stated[Scope.MEMBER, member]))
            elif roles:
                amounts = [amount for amount in roles if amount is not None]
                applying.append((Scope.ROLE, period, max(amounts) if len(amounts) == len(roles) else None))
            elif (Scope.DEFAULT, 0) in stated:
                applying.append((Scope.DEFAULT, period, stated[Scope.DEFAULT, 0]))
        return applying

    def fits(self, oracle: Oracle, rules: Rules, member: int, price: int) -> bool:
        if rules.price_max is not None and price > rules.price_max:
            return False
        if rules.member_jobs_max is not None and oracle.open_jobs(member) >= rules.member_jobs_max:
            return False
        if rules.guild_jobs_max is not None and oracle.open_jobs() >= rules.guild_jobs_max:
            return False
        for scope, period, amount in self.applying(member):
            if amount is None:
                continue
            used = oracle.used(scope, member, period, keys_at(self.now, rules.time_zone).of(period))
            kind = {Scope.CEILING: "none", Scope.GUILD: "guild"}.get(scope, "member")
            if price > max(0, amount - used) + oracle.granted(kind, member, self.now):
                return False
        return True

    def running(self) -> list[str]:
        return [job_id for job_id, job in self.jobs.items() if job.charged is None]

    def ended(self) -> list[str]:
        return [job_id for job_id, job in self.jobs.items() if job.charged is not None]

    @precondition(lambda self: self.running())
    @rule(data=st.data(), overrun=st.integers(-200, OVERRUN_MAX), kept=st.booleans())
    def settle(self, data: st.DataObject, overrun: int, kept: bool) -> None:
        job_id = data.draw(st.sampled_from(self.running()))
        job = self.jobs[job_id]
        charged = max(0, job.held + overrun)
        captured = self.write(holds.capture, job_id, charged, self.now, kept=kept)
        assert captured.changed
        assert captured.overrun == max(0, charged - job.held)
        job.charged = job.spent = charged

    @precondition(lambda self: self.running())
    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        job_id = data.draw(st.sampled_from(self.running()))
        assert self.write(holds.release, job_id, self.now, "failed")
        self.jobs[job_id].charged = 0

    @precondition(lambda self: self.ended())
    @rule(data=st.data(), charged=st.integers(0, 50))
    def end_again(self, data: st.DataObject, charged: int) -> None:
        job_id = data.draw(st.sampled_from(self.ended()))
        assert not self.write(holds.capture, job_id, charged, self.now).changed
        assert not self.write(holds.release, job_id, self.now, "failed")

    @precondition(lambda self: self.ended())
    @rule(data=st.data(), amount=st.none() | st.integers(-5, 120))
    def refund(self, data: st.DataObject, amount: int | None) -> None:
        job_id = data.draw(st.sampled_from(self.ended()))
        job = self.jobs[job_id]
        note = Note(self.now, "sorry", MODERATOR)
        if job.spent == 0 or (amount is not None and not 0 < amount <= job.spent):
            with pytest.raises(NotPossible):
                self.write(adjustments.refund, GUILD, job_id, amount, note)
        else:
            job.spent -= self.write(adjustments.refund, GUILD, job_id, amount, note)

    @precondition(lambda self: self.ended())
    @rule(data=st.data(), charged=st.integers(0, 130))
    def correct(self, data: st.DataObject, charged: int) -> None:
        job_id = data.draw(st.sampled_from(self.ended()))
        job = self.jobs[job_id]
        if charged != job.charged:
            difference = self.write(adjustments.correct, GUILD, job_id, charged, Note(self.now, "bill", MODERATOR))
            job.charged, job.spent = charged, max(0, job.spent + difference)

    @rule(
        member=st.sampled_from([None, *ROLES_OF]),
        amount=st.integers(1, 80),
        lasts=st.none() | st.floats(0.5 * HOUR, 40 * HOUR),
    )
    def grant(self, member: int | None, amount: int, lasts: float | None) -> None:
        ends_at = None if lasts is None else self.now + lasts
        self.write(adjustments.grant, GUILD, member, amount, ends_at, Note(self.now, "prize", MODERATOR))

    @rule(
        scope=st.sampled_from([scope for scope in Scope if scope is not Scope.ACCOUNT]),  # that one is a setting
        role=st.sampled_from([11, 12]),
        member=st.sampled_from(sorted(ROLES_OF)),
        period=st.sampled_from(Period),
        amount=st.none() | st.integers(0, 250),
        clear=st.booleans(),
    )
    def change_limit(
        self, scope: Scope, role: int, member: int, period: Period, amount: int | None, clear: bool
    ) -> None:
        subject = {Scope.ROLE: role, Scope.MEMBER: member}.get(scope, 0)
        if clear:
            self.write(quotas.clear_limit, GUILD, Limit(scope, subject, period, None))
            self.limits.pop((scope, subject, period), None)
        else:
            self.write(quotas.set_limit, GUILD, Limit(scope, subject, period, amount))
            self.limits[scope, subject, period] = amount

    @rule(
        zone=st.sampled_from(ZONES),
        member_jobs=st.none() | st.integers(0, 3),
        guild_jobs=st.none() | st.integers(0, 4),
        price_max=st.none() | st.integers(0, 120),
    )
    def change_rules(self, zone: str, member_jobs: int | None, guild_jobs: int | None, price_max: int | None) -> None:
        rules = Rules(zone, member_jobs_max=member_jobs, guild_jobs_max=guild_jobs, price_max=price_max)
        self.write(set_rules, GUILD, rules)

    @rule(hours=st.sampled_from([-1.0, 0.25, 1.0, 3.0, 11.0, 24.0, 100.0, 800.0]))
    def time_passes(self, hours: float) -> None:
        self.now += hours * HOUR

    @invariant()
    def the_ledger_explains_every_credit(self) -> None:
        if not hasattr(self, "engine"):
            return
        assert self.write(disagreements, GUILD) == []
        oracle = self.write(Oracle.read)
        for job_id, job in self.jobs.items():
            mine = [entry for entry in oracle.entries if entry.job_id == job_id]
            assert [entry.phase for entry in mine if entry.phase] == ["hold"] + ["end"] * (job.charged is not None)
            assert sum(entry.held_delta for entry in mine) == (job.held if job.charged is None else 0)
            assert sum(entry.charged_delta for entry in mine) == (job.charged or 0)
            assert sum(entry.spent_delta for entry in mine) == job.spent


@pytest.mark.timeout(600)  # a failure is made small before it is shown
def test_no_history_breaks_a_limit_or_loses_a_credit(migrated_file: Path) -> None:
    GuildHistory.template = migrated_file
    run_state_machine_as_test(
        GuildHistory,
        settings=settings(
            max_examples=80,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
