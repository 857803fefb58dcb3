"""A provider whose answers a test dictates: its JSON goes through the real readers, no socket is needed."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot.domain.clock import Clock
from bot.domain.json_value import JsonValue
from bot.domain.renders import RenderReport
from bot.studio import errors
from bot.studio.protocol import Accepted, History
from bot.studio.reading.accepted import read_accepted
from bot.studio.reading.history import read_history
from bot.studio.reading.render import read_status

Row = dict[str, Any]


def as_it_is(row: Row) -> Row:
    return row


@dataclass
class ScriptedProvider:
    """Rows are what the provider has, the newest first. The callables say how it answers, and may raise StudioError."""

    clock: Clock
    seconds: float = 30.0
    charge: int | None = 100
    skew: float = 0.0
    """Seconds by which the provider's clock is ahead."""
    rows: list[Row] = field(default_factory=list)
    posts: list[Mapping[str, JsonValue]] = field(default_factory=list)
    on_generate: Callable[[Mapping[str, JsonValue]], Any | Awaitable[Any]] | None = None
    on_get: Callable[[], None] = lambda: None
    """Called before each answer to a GET; raise here to refuse it."""
    tell_history: Callable[[Row], Row] = as_it_is
    tell_status: Callable[[Row], Row] = as_it_is
    shown: Callable[[list[Row]], list[Row]] = list
    asked: dict[str, int] = field(default_factory=lambda: {"status": 0, "history": 0, "models": 0})
    _ids: Any = field(default_factory=lambda: count(1))

    def accept(self, payload: Mapping[str, JsonValue], **facts: Any) -> Row:
        """Start a render as the real one would, and return the answer."""
        remote_id = f"r{next(self._ids)}"
        self.rows.insert(0, {"job_id": remote_id, **payload, "at": self.clock() + self.skew, **facts})
        return {"success": True, "job_ids": [remote_id]}

    def row(self, remote_id: str) -> Row:
        """The row of a render."""
        return next(row for row in self.rows if row["job_id"] == remote_id)

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """Take a request, as `on_generate` says."""
        self.posts.append(payload)
        answer = self.accept(payload) if self.on_generate is None else self.on_generate(payload)
        return read_accepted(await answer if inspect.isawaitable(answer) else answer)

    async def status(self, remote_id: str) -> RenderReport:
        """Tell of one render."""
        self.asked["status"] += 1
        self.on_get()
        row = next((row for row in self.rows if row["job_id"] == remote_id), None)
        if row is None:
            raise errors.NotFound("unknown job")
        return read_status({"success": True, "job": self.tell_status(self._told(row))}, remote_id)

    async def history(self, limit: int) -> History:
        """Tell of all renders."""
        self.asked["history"] += 1
        self.on_get()
        return read_history({"jobs": [self.tell_history(self._told(row)) for row in self.shown(self.rows)]})

    async def models(self) -> JsonValue:
        """Tell of no models: tests bring their own."""
        self.asked["models"] += 1
        self.on_get()
        return []

    async def close(self) -> None:
        """Nothing is open."""

    def _told(self, row: Row) -> Row:
        done = self.clock() + self.skew - row["at"] >= self.seconds
        told = {name: value for name, value in row.items() if name != "at" and value is not None}
        told["created_at"] = datetime.fromtimestamp(row["at"], UTC).isoformat()
        told.setdefault("status", "completed" if done else "processing")
        if told["status"] == "completed":
            told.setdefault("completed_at", datetime.fromtimestamp(row["at"] + self.seconds, UTC).isoformat())
            told.setdefault("result_urls", [f"http://127.0.0.1:9/{row['job_id']}.mp4"])
            if self.charge is not None:
                told.setdefault("credits_charged", self.charge)
        return told
