"""What every part of the sandbox shares. Built once in `server.py`; the parts hold it and nothing global."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .changes import Changes
from .clock import Clock
from .files import FileStore
from .ids import SnowflakeFactory
from .record import EventEntry, Record, RequestEntry
from .spec import Specification
from .switches import Switches
from .world import World

if TYPE_CHECKING:
    from .command_store import CommandStore
    from .gateway import Gateway
    from .interactions import Interactions
    from .messages import Messages


class Core:
    gateway: Gateway
    commands: CommandStore
    interactions: Interactions
    messages: Messages

    def __init__(
        self,
        *,
        token: str,
        base_url: str,
        gateway_url: str,
        world: World,
        clock: Clock,
        ids: SnowflakeFactory,
        files: FileStore,
        specification: Specification,
        switches: Switches,
    ) -> None:
        self.token = token
        self.base_url = base_url
        self.gateway_url = gateway_url
        self.world = world
        self.clock = clock
        self.ids = ids
        self.files = files
        self.specification = specification
        self.switches = switches
        self.changes = Changes()
        self.record = Record()

    @property
    def application_flags(self) -> int:
        """Discord's application flags that say which privileged intents were granted to a small bot."""
        granted = self.switches.privileged_intents
        pairs = {1 << 8: 1 << 13, 1 << 1: 1 << 15, 1 << 15: 1 << 19}
        return sum(flag for intent, flag in pairs.items() if granted & intent)

    def log_event(
        self, direction: Literal["to bot", "from bot"], shard: int, op: int, name: str | None, data: Any
    ) -> None:
        self.record.events_seen += 1
        violations = self.specification.check_event(name, data) if direction == "to bot" and name else None
        entry = EventEntry(self.record.events_seen, self.clock.now(), direction, shard, op, name, data, violations)
        self.record.events.append(entry)
        self.changes.publish("event", number=entry.number, direction=direction, op=op, name=name)

    def log_request(self, entry: RequestEntry) -> None:
        self.record.requests.append(entry)
        self.changes.publish("request", number=entry.number, method=entry.method, path=entry.path, status=entry.status)
