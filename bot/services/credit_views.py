"""What members and moderators are shown of credits, each read in one transaction."""

from dataclasses import dataclass

from bot.domain.audit import AuditEntry
from bot.domain.ledger_views import LedgerFilter, Page
from bot.domain.limit_warnings import LimitWarning
from bot.domain.quota import Allowance, Grant, Limit, QuotaStatus, Rules


@dataclass(frozen=True, slots=True)
class MemberView:
    """What `/credits` shows."""

    quota_status: QuotaStatus
    grants: tuple[Grant, ...]
    latest: Page
    """The first lines of `ledger`."""
    ledger: LedgerFilter
    """What the member's whole ledger is found by."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What `/quota show` shows: everything that is set in a guild, and how much of it is used."""

    rules: Rules
    limits: tuple[Limit, ...]
    guild_allowances: tuple[Allowance, ...]
    """The ceiling and the guild's own limits, with what is used of them."""
    grants: tuple[Grant, ...]
    audit: tuple[AuditEntry, ...]
    jobs: int
    warnings: tuple[LimitWarning, ...]
    """Limits and rules that cannot take effect, or do something else than they seem to say."""
