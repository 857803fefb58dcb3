"""What members, moderators and the owner do with credits, each as one transaction.

Who may do what is checked by whoever calls. Everything raises NotPossible for what cannot be done, with the
reason as data, and lets the database's own errors through: then nothing was done.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.clock import Clock
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.ledger_views import Balance, Entry, GuildUse, LedgerFilter, Page, Refundable
from bot.domain.limit_warnings import LimitWarning, limit_warnings
from bot.domain.periods import Period, keys_at, last_days, parse_key
from bot.domain.quota import GuildDefaults, Limit, QuotaStatus, Rules, Scope
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.spending import Spending
from bot.engine.guilds import make_known, new_guild_key
from bot.services.credit_views import MemberView, Overview
from bot.services.rule_changes import change_rules
from bot.storage import accounts, adjustments, audit, holds, ledger_pages, notices, quotas, refunds
from bot.storage.database import Database
from bot.storage.guilds import lock_guild, rules_of
from bot.storage.ledger import Note
from bot.storage.ledger_check import disagreements, rebuild
from bot.storage.owner_view import guilds_on_owners_account, owners_balance
from bot.storage.tables.provider import OWNER_ACCOUNT

P = ParamSpec("P")
T = TypeVar("T")

LEFT = "the bot left it"
"""The reason for blocking a guild that an owner had the bot leave."""
LATEST_SHOWN = 5
PAGE_SIZE = 10
REFUNDABLE_SHOWN_MAX = 100
NOBODY = 0
"""A member id that no member has: asked about, it answers for the guild alone."""


class CreditsService:
    """The use cases of `/credits`, `/quota`, `/usage` and `/owner`."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        defaults: GuildDefaults,
        *,
        account_credits_per_month: int | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._defaults = defaults
        self._account_bound = account_credits_per_month
        self._known: set[int] = set()

    async def member_view(self, guild_id: int, member_id: int, role_ids: Collection[int]) -> MemberView:
        """Return what is left for a member under every limit that applies, and their latest entries."""
        return await self._read(guild_id, self._member_view, guild_id, member_id, role_ids)

    async def overview(self, guild_id: int) -> Overview:
        """Return everything that is set in a guild."""
        return await self._read(guild_id, self._overview, guild_id)

    async def warnings_about(self, guild_id: int, *changed: Limit | str) -> tuple[LimitWarning, ...]:
        """Return what should be known about limits, and rules by their fields, after they were changed."""
        found = await self._read(guild_id, self._warnings, guild_id)
        return tuple(warning for warning in found if any(map(warning.concerns, changed)))

    async def set_limit(self, guild_id: int, actor_id: int, limit: Limit) -> None:
        """State a moderator's limit. Raises ValueError for the ceiling, which is the owner's."""
        if limit.scope is Scope.CEILING:
            raise ValueError("a ceiling is set by set_ceiling")
        await self._write(guild_id, self._state, guild_id, actor_id, limit)

    async def set_ceiling(self, guild_id: int, actor_id: int, period: Period, amount: int | None) -> None:
        """State what a guild may spend of the owner's account. For owners only."""

        def write(conn: Connection) -> None:
            self._state(conn, guild_id, actor_id, Limit(Scope.CEILING, 0, period, amount))
            notices.over(conn, new_guild_key(guild_id))

        await self._write(guild_id, write)

    async def leave_guild(self, guild_id: int, actor_id: int) -> None:
        """Block a guild that the bot is about to leave, so that it spends nothing if somebody invites the bot again.

        The caller leaves it on Discord. For owners only.
        """

        def write(conn: Connection) -> None:
            change_rules(conn, guild_id, actor_id, {"blocked_reason": LEFT}, self._clock())
            notices.over(conn, new_guild_key(guild_id))

        await self._write(guild_id, write)

    async def clear_limit(self, guild_id: int, actor_id: int, limit: Limit) -> None:
        """Remove a moderator's limit. Raises NotPossible if none is stated, and ValueError for the ceiling."""
        if limit.scope is Scope.CEILING:
            raise ValueError("a ceiling is not cleared")
        await self._write(guild_id, self._clear, guild_id, actor_id, limit)

    async def change_rules(self, guild_id: int, actor_id: int, **changes: Any) -> Rules:
        """Change some of a guild's rules (fields of Rules) and return all of them."""
        return await self._write(guild_id, change_rules, guild_id, actor_id, changes, self._clock())

    async def rule_changes(self, guild_id: int, rules: Collection[str]) -> tuple[Rules, Mapping[str, AuditEntry]]:
        """Return a guild's rules, and the latest change of each of those named. What never changed is missing."""

        def read(conn: Connection) -> tuple[Rules, Mapping[str, AuditEntry]]:
            found = {rule: audit.latest_of_rule(conn, guild_id, rule) for rule in rules}
            return rules_of(conn, guild_id), {rule: entry for rule, entry in found.items() if entry is not None}

        return await self._read(guild_id, read)

    async def change_seen_rule(self, guild_id: int, actor_id: int, rule: str, value: JsonValue, *, seen: str) -> None:
        """Change one of a guild's rules, unless another value stands than the moderator saw.

        `seen` is the fingerprint of the value that was shown. Raises NotPossible.
        """
        await self._write(guild_id, change_rules, guild_id, actor_id, {rule: value}, self._clock(), seen={rule: seen})

    async def grant(
        self, guild_id: int, actor_id: int, member_id: int | None, amount: int, reason: str, days: int | None
    ) -> int:
        """Give one-off credits to a member, or to the guild for None, for a number of days or for ever."""
        now = self._clock()
        ends_at = None if days is None else now + days * 86_400
        note = Note(now, reason, actor_id)
        return await self._write(guild_id, adjustments.grant, guild_id, member_id, amount, ends_at, note)

    async def refund(self, guild_id: int, actor_id: int, job_id: str, amount: int | None, reason: str) -> int:
        """Give credits of a job back to the limits they came from, all for None. Returns how many."""
        note = Note(self._clock(), reason, actor_id)
        return await self._write(guild_id, adjustments.refund, guild_id, job_id, amount, note)

    async def refundable(self, guild_id: int) -> tuple[Refundable, ...]:
        """Return failed jobs for which the provider kept credits, the latest REFUNDABLE_SHOWN_MAX of them."""

        def read(conn: Connection) -> tuple[Refundable, ...]:
            account_ids = {OWNER_ACCOUNT, accounts.of_guild(conn, guild_id).id}
            return refunds.refundable(conn, guild_id, account_ids, REFUNDABLE_SHOWN_MAX)

        return await self._database.read(read)

    async def correct(self, guild_id: int, actor_id: int, job_id: str, charged: int, reason: str) -> int:
        """Set what the provider truly charged for a job, and return the difference. For owners only."""
        note = Note(self._clock(), reason, actor_id)
        return await self._write(guild_id, adjustments.correct, guild_id, job_id, charged, note)

    async def ledger_page(self, wanted: LedgerFilter, *, before: int | None = None, after: int | None = None) -> Page:
        """Return PAGE_SIZE lines, newest first."""
        return await self._database.read(ledger_pages.page, wanted, PAGE_SIZE, before=before, after=after)

    async def ledger_export(self, wanted: LedgerFilter) -> tuple[Entry, ...]:
        """Return the entries for a file, newest first."""
        return await self._database.read(ledger_pages.export, wanted)

    async def period(self, guild_id: int, text: str) -> tuple[Period, str]:
        """Read `today`, `this week`, `this month`, or a period that `parse_key` reads. Raises NotPossible."""
        named = {"today": Period.DAY, "this week": Period.WEEK, "this month": Period.MONTH}.get(text.strip().lower())
        if named is None:
            return parse_key(text)
        rules = await self._read(guild_id, rules_of, guild_id)
        return named, keys_at(self._clock(), rules.time_zone).of(named)

    async def spending(self, guild_id: int, days: int, member_id: int | None = None) -> Spending:
        """Return what a guild, or one of its members, spent in the latest days."""

        def read(conn: Connection) -> Spending:
            keys = last_days(self._clock(), rules_of(conn, guild_id).time_zone, days)
            return Spending(keys, ledger_pages.spent_since(conn, guild_id, keys[0], member_id))

        return await self._read(guild_id, read)

    async def guilds(self) -> tuple[GuildUse, ...]:
        """Return every guild on the owner's account."""
        return await self._database.read(guilds_on_owners_account, self._clock())

    async def balance(self) -> Balance:
        """Return the owner's account."""
        return await self._database.read(owners_balance, self._clock(), self._account_bound)

    async def check(self, *, repair: bool) -> list[str]:
        """Return every place in which a counter or a job disagrees with the ledger. Empty: all agree.

        `repair` writes the counters of the guilds concerned anew. Reads the whole ledger, a guild at a time.
        """
        problems = []
        for use in await self.guilds():
            found = await self._database.read(disagreements, use.guild_id)
            problems += [f"{use.guild_id}: {problem}" for problem in found]
            if found and repair:
                await self._database.write(rebuild, use.guild_id)
        return problems

    async def _write(
        self, guild_id: int, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def of_known_guild(conn: Connection) -> T:
            make_known(conn, guild_id, self._defaults, self._clock())
            return work(conn, *args, **kwargs)

        return await self._database.write(of_known_guild)

    async def _read(
        self, guild_id: int, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if guild_id not in self._known:
            await self._database.write(make_known, guild_id, self._defaults, self._clock())
            self._known.add(guild_id)
        return await self._database.read(work, *args, **kwargs)

    def _member_view(self, conn: Connection, guild_id: int, member_id: int, role_ids: Collection[int]) -> MemberView:
        now = self._clock()
        grants = quotas.open_grants_for(conn, guild_id, member_id, now)
        own = LedgerFilter(guild_id, member_id)
        latest = ledger_pages.page(conn, own, LATEST_SHOWN)
        return MemberView(self._quota_status(conn, guild_id, member_id, role_ids), grants, latest, own)

    def _overview(self, conn: Connection, guild_id: int) -> Overview:
        quota_status = self._quota_status(conn, guild_id, NOBODY, ())
        of_guild = (Scope.CEILING, Scope.GUILD)
        return Overview(
            rules=quota_status.rules,
            limits=quotas.limits_of(conn, guild_id),
            guild_allowances=tuple(item for item in quota_status.allowances if item.limit.scope in of_guild),
            grants=quotas.open_grants(conn, guild_id, self._clock()),
            audit=audit.latest(conn, guild_id, LATEST_SHOWN),
            jobs=quota_status.guild_jobs,
            warnings=self._warnings(conn, guild_id),
        )

    def _warnings(self, conn: Connection, guild_id: int) -> tuple[LimitWarning, ...]:
        owners_account = accounts.of_guild(conn, guild_id).id == OWNER_ACCOUNT
        limits = quotas.limits_of(conn, guild_id)
        return limit_warnings(limits, rules_of(conn, guild_id), owners_account=owners_account)

    def _quota_status(self, conn: Connection, guild_id: int, member_id: int, role_ids: Collection[int]) -> QuotaStatus:
        account = accounts.of_guild(conn, guild_id)
        return holds.quota_status(
            conn,
            guild_id,
            member_id,
            role_ids,
            self._clock(),
            account_id=account.id,
            account_bound=self._account_bound,
        )

    def _state(self, conn: Connection, guild_id: int, actor_id: int, limit: Limit) -> None:
        lock_guild(conn, guild_id)
        before = _stated(conn, guild_id, limit)
        quotas.set_limit(conn, guild_id, limit)
        data = _limit_data(limit) | {"after": limit.amount}
        if before is not None:
            data["before"] = before.amount
        audit.record(conn, guild_id, actor_id, AuditAction.SET_LIMIT, data, self._clock())

    def _clear(self, conn: Connection, guild_id: int, actor_id: int, limit: Limit) -> None:
        lock_guild(conn, guild_id)
        before = _stated(conn, guild_id, limit)
        if before is None:
            raise NotPossible(Impossible.NO_SUCH_LIMIT)
        quotas.clear_limit(conn, guild_id, limit)
        data = _limit_data(limit) | {"before": before.amount}
        audit.record(conn, guild_id, actor_id, AuditAction.CLEAR_LIMIT, data, self._clock())


def _stated(conn: Connection, guild_id: int, limit: Limit) -> Limit | None:
    same = (item for item in quotas.limits_of(conn, guild_id) if replace(item, amount=limit.amount) == limit)
    return next(same, None)


def _limit_data(limit: Limit) -> JsonObject:
    return {"scope": limit.scope, "subject_id": limit.subject_id, "period": limit.period}
