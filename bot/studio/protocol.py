"""What the engine needs of a provider, whichever of its APIs stands behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.json_value import JsonValue
from bot.domain.renders import RenderReport


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request was taken. One request can own several renders; `credits_remaining` is the account's, if told."""

    job_ids: tuple[str, ...]
    credits_remaining: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Recent renders. `readable` is False where no list of renders was found; `skipped` counts entries without an id.

    What it shows is a bonus: a render that is missing here may well exist.
    """

    reports: tuple[RenderReport, ...]
    readable: bool
    skipped: int = 0


class Provider(Protocol):
    """Every method raises only errors of the tree in `bot.studio.errors`."""

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """Start a render; `payload` is the body that `bot.domain.request.payload` made."""

    async def status(self, remote_id: str) -> RenderReport: ...

    async def history(self, limit: int) -> History:
        """Recent renders; `limit` is how many are wanted, and more or fewer may come."""

    async def models(self) -> JsonValue:
        """The raw answer, for `read_catalogue` and for storage as it came."""

    async def close(self) -> None: ...
