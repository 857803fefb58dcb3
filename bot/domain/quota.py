"""What may be spent: limits, grants and rules, and the decision whether one more request fits them all.

Two sides must both agree. The guild's side: the owner's ceiling on what the guild spends of the owner's account, and
the guild's own limit. The member's side: for each period the most specific limit that is stated: the member's own, else
the most generous of the member's roles, else the default for everyone. A period that a member's own limit does not name
still has its role's or the default limit, so that "200 a month for her" does not lift "20 a day for everyone".

A grant is extra room under the limits of its scope, used only for the part of a price that those limits do not cover: a
grant to a member widens the member's side, a grant to the guild the guild's own limit, and no grant widens the ceiling.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.periods import Period
from bot.domain.refusals import Impossible, NotPossible

CREDITS_MAX = 1_000_000_000
"""The largest amount that any limit, grant, price or refund may have."""

JOBS_MAX = 1_000
"""The largest number of jobs at once that a rule may name."""


class Scope(StrEnum):
    """Whom a limit is stated for."""

    ACCOUNT = "account"
    """The owner's account as a whole, over all guilds. The settings state it, not the database."""
    CEILING = "ceiling"
    GUILD = "guild"
    ROLE = "role"
    MEMBER = "member"
    DEFAULT = "default"


class BudgetScope(StrEnum):
    """What credits are counted on: each scope is measured against one of these."""

    ACCOUNT = "account"
    GUILD = "guild"
    MEMBER = "member"


BUDGET_SCOPE_OF = {
    Scope.ACCOUNT: BudgetScope.ACCOUNT,
    Scope.CEILING: BudgetScope.ACCOUNT,
    Scope.GUILD: BudgetScope.GUILD,
    Scope.ROLE: BudgetScope.MEMBER,
    Scope.MEMBER: BudgetScope.MEMBER,
    Scope.DEFAULT: BudgetScope.MEMBER,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` credits in each period. None says expressly that there is no limit."""

    scope: Scope
    subject_id: int
    """The role or the member; 0 for the other scopes."""
    period: Period
    amount: int | None


@dataclass(frozen=True, slots=True)
class Grant:
    """One-off credits that can still be used. `ends_at` is in seconds since the epoch; None: no end."""

    id: int
    budget_scope: BudgetScope
    """Whose limits it widens: the guild's, or one member's."""
    subject_id: int
    """The member; 0 for the guild."""
    amount: int
    left: int
    reason: str
    ends_at: float | None


@dataclass(frozen=True, slots=True)
class Rules:
    """A guild's settings about money. None means that there is no such rule, unless the field says otherwise."""

    time_zone: str = "UTC"
    blocked_reason: str | None = None
    member_jobs_max: int | None = None
    guild_jobs_max: int | None = None
    price_max: int | None = None
    confirm_above: int | None = None
    """Members are asked before a higher price is spent (`bot.domain.confirmation`); None is the default rule."""
    approval_above: int | None = None
    approval_channel_id: int | None = None

    def approval_channel(self, price: int) -> int | None:
        """Return the channel in which a moderator approves such a price first; None if no approval is needed."""
        return self.approval_channel_id if self.approval_above is not None and price > self.approval_above else None


@dataclass(frozen=True, slots=True)
class GuildDefaults:
    """What a guild may do from its first use on, until somebody sets it otherwise. None: any number of jobs."""

    credits: int = 0
    """The ceiling a month, in credits of the owner's account."""
    member_jobs_max: int | None = 10
    guild_jobs_max: int | None = 50


@dataclass(frozen=True, slots=True)
class Allowance:
    """A limit that applies to a member now, and what is used of it."""

    limit: Limit
    held: int
    spent: int
    renews_at: float

    @property
    def left(self) -> int | None:
        """Return the credits left, never below 0. None is unlimited."""
        return None if self.limit.amount is None else max(0, self.limit.amount - self.held - self.spent)


@dataclass(frozen=True, slots=True)
class Split:
    """How the price of one request is borne: the grants' part of it, on the guild's and on the member's side."""

    credits: int
    guild_granted: int
    member_granted: int


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """All that decides about a member's next request, and what the member is shown of it."""

    rules: Rules
    allowances: tuple[Allowance, ...]
    member_jobs: int
    guild_jobs: int
    guild_grants: int
    """Credits left in the guild's grants; likewise the member's."""
    member_grants: int

    @property
    def left(self) -> int | None:
        """Return the credits that the member has left, by everything that limits them. None is unlimited."""
        sides = (self._room(BudgetScope.ACCOUNT, 0), self._room(BudgetScope.GUILD, self.guild_grants))
        return least(*sides, self._room(BudgetScope.MEMBER, self.member_grants))

    @property
    def scarcest(self) -> Allowance | None:
        """Return the limit under which least is left, grants aside; None where nothing is limited."""
        limited = [allowance for allowance in self.allowances if allowance.left is not None]
        return min(limited, key=lambda allowance: (allowance.left or 0, -allowance.renews_at), default=None)

    @property
    def spendable(self) -> int | None:
        """Return the highest price of one request that fits now. None is unlimited."""
        return least(self.left, self.rules.price_max)

    def after(self, split: Split) -> "QuotaStatus":
        """Return the status once a hold that is borne as `split` says is written."""
        shares = {
            BudgetScope.ACCOUNT: split.credits,
            BudgetScope.GUILD: split.credits - split.guild_granted,
            BudgetScope.MEMBER: split.credits - split.member_granted,
        }
        return replace(
            self,
            allowances=tuple(
                replace(allowance, held=allowance.held + shares[BUDGET_SCOPE_OF[allowance.limit.scope]])
                for allowance in self.allowances
            ),
            member_jobs=self.member_jobs + 1,
            guild_jobs=self.guild_jobs + 1,
            guild_grants=self.guild_grants - split.guild_granted,
            member_grants=self.member_grants - split.member_granted,
        )

    def shortfall(self, budget_scope: BudgetScope, price: int) -> int:
        """Return the part of a price that the limits measured by `budget_scope` do not cover."""
        room = self._room(budget_scope, 0)
        return 0 if room is None else max(0, price - room)

    def _room(self, budget_scope: BudgetScope, granted: int) -> int | None:
        left = least(*(item.left for item in self.allowances if BUDGET_SCOPE_OF[item.limit.scope] is budget_scope))
        return None if left is None else left + granted


class RefusalReason(StrEnum):
    """Why a request does not fit."""

    BLOCKED = "blocked"
    PRICE_MAX = "price_max"
    MEMBER_JOBS = "member_jobs"
    GUILD_JOBS = "guild_jobs"
    LIMIT = "limit"
    APPROVAL = "approval"
    """Moderators approve such a price first: a comparison cannot wait for that."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that stands in the way of a request."""

    reason: RefusalReason
    allowed: int | None = None
    """The highest price or number of jobs, by reason."""
    allowance: Allowance | None = None
    """The limit, where that is the reason."""
    granted: int = 0
    """Credits that grants would add to that limit."""


def decide(quota_status: QuotaStatus, price: int) -> Split | tuple[Refusal, ...]:
    """Return how a request at `price` credits is borne, or everything that it does not fit.

    Raises NotPossible for a price that no request can have.
    """
    if refusals := refusals_of(quota_status, (price,)):
        return refusals
    return Split(
        price, quota_status.shortfall(BudgetScope.GUILD, price), quota_status.shortfall(BudgetScope.MEMBER, price)
    )


def refusals_of(quota_status: QuotaStatus, prices: Sequence[int]) -> tuple[Refusal, ...]:
    """Return everything that requests at these prices do not fit together. Raises NotPossible as `decide` does."""
    rules, total = quota_status.rules, sum(prices)
    for price in (*prices, total):
        if not 0 <= price <= CREDITS_MAX:
            raise NotPossible(Impossible.PRICE_OUT_OF_RANGE, price=price, maximum=CREDITS_MAX)
    refusals: list[Refusal] = []
    if rules.blocked_reason is not None:
        refusals.append(Refusal(RefusalReason.BLOCKED))
    if rules.price_max is not None and max(prices) > rules.price_max:
        refusals.append(Refusal(RefusalReason.PRICE_MAX, rules.price_max))
    if rules.member_jobs_max is not None and quota_status.member_jobs + len(prices) > rules.member_jobs_max:
        refusals.append(Refusal(RefusalReason.MEMBER_JOBS, rules.member_jobs_max))
    if rules.guild_jobs_max is not None and quota_status.guild_jobs + len(prices) > rules.guild_jobs_max:
        refusals.append(Refusal(RefusalReason.GUILD_JOBS, rules.guild_jobs_max))
    grants = {
        BudgetScope.ACCOUNT: 0,
        BudgetScope.GUILD: quota_status.guild_grants,
        BudgetScope.MEMBER: quota_status.member_grants,
    }
    for allowance in quota_status.allowances:
        left, granted = allowance.left, grants[BUDGET_SCOPE_OF[allowance.limit.scope]]
        if left is not None and total > left + granted:
            refusals.append(Refusal(RefusalReason.LIMIT, allowance=allowance, granted=granted))
    return tuple(refusals)


def applicable(stated: Iterable[Limit], role_ids: Iterable[int], *, owners_account: bool) -> tuple[Limit, ...]:
    """Return those of the limits stated for a guild and one member that the member's request must fit.

    The ceiling applies only to what the owner's account pays: a guild with a key of its own has none.
    """
    held_roles = frozenset(role_ids)
    stated = tuple(stated)
    chosen: list[Limit] = []
    for period in Period:
        by_scope: dict[Scope, list[Limit]] = {scope: [] for scope in Scope}
        for limit in stated:
            if limit.period is period and (limit.scope is not Scope.ROLE or limit.subject_id in held_roles):
                by_scope[limit.scope].append(limit)
        if owners_account:
            chosen += by_scope[Scope.CEILING]
        chosen += by_scope[Scope.GUILD]
        for scope in (Scope.MEMBER, Scope.ROLE, Scope.DEFAULT):
            if by_scope[scope]:
                chosen.append(max(by_scope[scope], key=_generosity))
                break
    return tuple(chosen)


def least(*amounts: int | None) -> int | None:
    """Return the smallest amount. None is unlimited."""
    return min((amount for amount in amounts if amount is not None), default=None)


def parse_amount(text: str, *, maximum: int = CREDITS_MAX) -> int | None:
    """Read what a moderator typed: a whole number from 0 to `maximum`; `unlimited` and `off` are None.

    Raises NotPossible for anything else.
    """
    plain = text.strip().lower().replace(",", "").replace("_", "").replace(" ", "")
    if plain in ("unlimited", "none", "off", "∞"):
        return None
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 20 or int(plain) > maximum:
        raise NotPossible(Impossible.NOT_AN_AMOUNT, maximum=maximum)
    return int(plain)


def _generosity(limit: Limit) -> tuple[bool, int]:
    return limit.amount is None, limit.amount or 0
