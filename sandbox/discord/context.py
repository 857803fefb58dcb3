"""What every part of the sandbox shares: the world, its time, its files, and the record of what happened."""

from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.clock import Clock
from sandbox.discord.changes import Changes
from sandbox.discord.errors import unknown
from sandbox.discord.faults import Faults
from sandbox.discord.files import FileStore
from sandbox.discord.ids import SnowflakeFactory
from sandbox.discord.intents import Intent
from sandbox.discord.model import Channel, Message
from sandbox.discord.record import EventEntry, Record, RequestEntry
from sandbox.discord.spec import Specification
from sandbox.discord.world import World


@dataclass(kw_only=True, eq=False)
class Context:
    """One sandbox's shared state. It knows none of the parts that use it."""

    token: str
    base_url: str
    gateway_url: str
    world: World
    clock: Clock
    ids: SnowflakeFactory
    files: FileStore
    specification: Specification
    privileged_intents: int = 0
    """The privileged gateway intents that the application has been granted, as bits."""
    enforces_rate_limits: bool = False
    """Whether buckets, the global limit, 30046 for edits of old messages, and the gateway's limits are enforced."""
    faults: Faults = field(default_factory=Faults)
    changes: Changes = field(default_factory=Changes)
    record: Record = field(default_factory=Record)

    @property
    def application_flags(self) -> int:
        """Discord's application flags that say which privileged intents were granted to a small bot."""
        pairs = {
            Intent.GUILD_PRESENCES: 1 << 13,
            Intent.GUILD_MEMBERS: 1 << 15,
            Intent.MESSAGE_CONTENT: 1 << 19,
        }
        return sum(flag for intent, flag in pairs.items() if self.privileged_intents & intent)

    def message(self, channel: Channel, message_id: int) -> Message:
        """Return a message that everyone in the channel can see. Raises `ApiError` 10008 if there is none."""
        message = channel.messages.get(message_id)
        if message is None or message.deleted_at is not None or message.visible_to is not None:
            raise unknown("Message")
        return message

    def log_event(
        self, direction: Literal["to bot", "from bot"], shard: int, op: int, name: str | None, data: Any
    ) -> None:
        """Record one gateway message, with what the specification says about it."""
        self.record.events_seen += 1
        violations = self.specification.check_event(name, data) if direction == "to bot" and name else None
        entry = EventEntry(self.record.events_seen, self.clock.now(), direction, shard, op, name, data, violations)
        self.record.events.append(entry)
        self.changes.publish("event", number=entry.number, direction=direction, op=op, name=name)

    def log_request(self, entry: RequestEntry) -> None:
        """Record one REST request."""
        self.record.requests.append(entry)
        self.changes.publish("request", number=entry.number, method=entry.method, path=entry.path, status=entry.status)
