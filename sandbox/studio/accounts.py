"""API keys, the accounts behind them, and their credits."""

from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.studio.records import LedgerEntry, Records
from sandbox.studio.validation import RequestRefused

SANDBOX_KEY = "sandbox-key"
AUTHORIZATION_SCHEMES = ("bearer", "token")
"""Words before the key, in lower case."""


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
        """Open an account."""
        account = Account(key, name, 0)
        self._by_key[key] = account
        self.set_credits(account, balance)
        return account

    def all(self) -> list[Account]:
        """List every account, oldest first."""
        return list(self._by_key.values())

    def named(self, name: str) -> Account:
        """Return one account. Raises KeyError for an unknown name."""
        for account in self._by_key.values():
            if account.name == name:
                return account
        raise KeyError(name)

    def authenticate(self, header: str | None) -> Account:
        """Return the account of an `Authorization` header: `Bearer <key>`, `Token <key>` or the bare key.

        Raises RequestRefused: 401 for a missing or unknown key, 403 for a login that may not use the API.
        """
        if not header or not header.strip():
            raise RequestRefused(401, "Authentication credentials were not provided")
        scheme, _, rest = header.strip().partition(" ")
        key = rest.strip() if scheme.lower() in AUTHORIZATION_SCHEMES else header.strip()
        account = self._by_key.get(key)
        if account is None or account.revoked:
            raise RequestRefused(401, "Invalid API key")
        if not account.api_allowed:
            raise RequestRefused(403, "This endpoint is not available for this login")
        return account

    def require(self, account: Account, price: int) -> None:
        """Raise RequestRefused (402) unless the account can pay `price` for the whole batch."""
        if not account.purchased:
            raise RequestRefused(402, "API access requires purchased credits")
        if account.credits < price:
            raise RequestRefused(402, "Insufficient credits", credits_required=price, credits_available=account.credits)

    def charge(self, account: Account, job_id: str, amount: int) -> None:
        """Take credits for a job."""
        account.credits -= amount
        self._records.ledger.append(LedgerEntry(self._clock.now(), account.name, "charge", -amount, job_id))

    def refund(self, account: Account, job_id: str, amount: int) -> None:
        """Give credits of a job back."""
        account.credits += amount
        self._records.ledger.append(LedgerEntry(self._clock.now(), account.name, "refund", amount, job_id))

    def set_credits(self, account: Account, balance: int) -> None:
        """Set a balance, whatever it was."""
        change = balance - account.credits
        account.credits = balance
        self._records.ledger.append(LedgerEntry(self._clock.now(), account.name, "set", change))
