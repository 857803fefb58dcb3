"""The interface that every client of the provider has, and the results of its methods."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.json_value import JsonValue
from bot.domain.renders import RenderReport


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted generate request.

    One request can start several renders. `credits_remaining` is the account's balance; None if the answer omits it.
    `unused_ids` counts renders that the answer names and that are not in `job_ids`, because their ids cannot be used or
    there are too many. The owner must hear of them.
    """

    job_ids: tuple[str, ...]
    credits_remaining: int | None = None
    unused_ids: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """Recent renders. A render that is missing here may still exist.

    `readable` is False if no list of renders was found in the answer. `skipped` counts entries without an id. `said_at`
    is when it was told, in seconds since the epoch by the provider's clock; None if the answer does not say.
    """

    reports: tuple[RenderReport, ...]
    readable: bool
    skipped: int = 0
    said_at: float | None = None

    def followed_by(self, older: "History") -> "History":
        """Return this page and the next one as one history. A render that both have is kept once."""
        known = {report.remote_id for report in self.reports}
        further = tuple(report for report in older.reports if report.remote_id not in known)
        return replace(
            self,
            reports=self.reports + further,
            readable=self.readable and older.readable,
            skipped=self.skipped + older.skipped,
        )


class Provider(Protocol):
    """A client of the provider. Its methods raise no errors but those of `bot.studio.errors`."""

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """Start a render. `payload` is a body from `bot.domain.request.payload`."""

    async def status(self, remote_id: str) -> RenderReport:
        """Return what the provider says about one render."""

    async def history(self, limit: int) -> History:
        """Return recent renders. `limit` is how many are wanted; the answer may have more or fewer."""

    async def models(self) -> JsonValue:
        """Return the raw catalogue answer, for `read_catalogue` and for storage."""

    async def close(self) -> None:
        """Close all connections."""
