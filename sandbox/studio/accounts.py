"""API keys, the accounts behind them, and their credits."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.studio.records import LedgerEntry, Records
from sandbox.studio.validation import Refused

SANDBOX_KEY = "sandbox-key"
AUTHORIZATION_SCHEMES = ("bearer", "token")


@dataclass
class Account:
    """One API key's account. `name` stands in for the key wherever it is recorded.

    `purchased` False means welcome credits only (402); `api_allowed` False a login that the endpoints refuse (403).
    """

    key: str
    name: str
    credits: int
    purchased: bool = True
    api_allowed: bool = True
    revoked: bool = False


class Accounts:
    """Authentication and money; every change of a balance leaves a ledger entry."""

    def __init__(self, clock: Clock, records: Records) -> None:
        self._clock = clock
        self._records = records
        self._by_key: dict[str, Account] = {}

    def add(self, key: str, balance: int, name: str) -> Account:
        account = Account(key, name, 0)
        self._by_key[key] = account
        self.set_credits(account, balance)
        return account

    def all(self) -> list[Account]:
        return list(self._by_key.values())

    def named(self, name: str) -> Account:
        """Raises KeyError for an unknown name."""
        for account in self._by_key.values():
            if account.name == name:
                return account
        raise KeyError(name)

    def authenticate(self, header: str | None) -> Account:
        """The account of an `Authorization` header: `Bearer <key>`, `Token <key>` or the bare key."""
        if not header or not header.strip():
            raise Refused(401, "Authentication credentials were not provided")
        scheme, _, rest = header.strip().partition(" ")
        key = rest.strip() if scheme.lower() in AUTHORIZATION_SCHEMES else header.strip()
        account = self._by_key.get(key)
        if account is None or account.revoked:
            raise Refused(401, "Invalid API key")
        if not account.api_allowed:
            raise Refused(403, "This endpoint is not available for this login")
        return account

    def require(self, account: Account, price: int) -> None:
        """Raises Refused (402) unless the account can pay `price` for the whole batch."""
        if not account.purchased:
            raise Refused(402, "API access requires purchased credits")
        if account.credits < price:
            raise Refused(402, "Insufficient credits", credits_required=price, credits_available=account.credits)

    def charge(self, account: Account, job_id: str, amount: int) -> None:
        account.credits -= amount
        self._records.ledger.append(LedgerEntry(self._clock.now(), account.name, "charge", -amount, job_id))

    def refund(self, account: Account, job_id: str, amount: int) -> None:
        account.credits += amount
        self._records.ledger.append(LedgerEntry(self._clock.now(), account.name, "refund", amount, job_id))

    def set_credits(self, account: Account, balance: int) -> None:
        change = balance - account.credits
        account.credits = balance
        self._records.ledger.append(LedgerEntry(self._clock.now(), account.name, "set", change))
