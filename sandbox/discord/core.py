"""What every part of the sandbox shares. Built once in `server.py`; the parts hold it and nothing global."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sandbox.clock import Clock
from sandbox.discord.changes import Changes
from sandbox.discord.errors import unknown
from sandbox.discord.files import FileStore
from sandbox.discord.ids import SnowflakeFactory
from sandbox.discord.intents import Intent
from sandbox.discord.model import Channel, Guild, Message, User
from sandbox.discord.payloads import channel_payload, guild_payload, user_payload
from sandbox.discord.record import EventEntry, Record, RequestEntry
from sandbox.discord.spec import Specification
from sandbox.discord.switches import Switches
from sandbox.discord.world import World

if TYPE_CHECKING:
    from sandbox.discord.command_store import CommandStore
    from sandbox.discord.gateway import Gateway
    from sandbox.discord.interactions import Interactions
    from sandbox.discord.messages import Messages


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
        pairs = {
            Intent.GUILD_PRESENCES: 1 << 13,
            Intent.GUILD_MEMBERS: 1 << 15,
            Intent.MESSAGE_CONTENT: 1 << 19,
        }
        return sum(flag for intent, flag in pairs.items() if granted & intent)

    def message(self, channel: Channel, message_id: int) -> Message:
        """A message that everyone in the channel can see; 10008 if there is none."""
        message = channel.messages.get(message_id)
        if message is None or message.deleted_at is not None or message.visible_to is not None:
            raise unknown("Message")
        return message

    def delete_channel(self, channel: Channel) -> None:
        """Take a channel and its threads away; their messages stay in the record only."""
        for thread in [c for c in self.world.channels.values() if c.parent_id == channel.id]:
            self.delete_channel(thread)
        del self.world.channels[channel.id]
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self.gateway.dispatch(event, channel_payload(channel), guild_id=channel.guild_id, intent=Intent.GUILDS)
        self.changes.publish("channel", event=event, channel_id=str(channel.id))

    def channel_changed(self, event: str, channel: Channel) -> None:
        """CHANNEL_UPDATE and the thread events. Bots are told of channels that they cannot see, too."""
        payload = channel_payload(channel)
        if event == "THREAD_CREATE":
            payload["newly_created"] = True
        self.gateway.dispatch(event, payload, guild_id=channel.guild_id, intent=Intent.GUILDS)
        self.changes.publish("channel", event=event, channel_id=str(channel.id))

    def guild_changed(self, guild: Guild) -> None:
        self.gateway.dispatch("GUILD_UPDATE", guild_payload(guild), guild_id=guild.id, intent=Intent.GUILDS)
        self.changes.publish("world")

    def member_left(self, guild: Guild, user: User) -> None:
        if user.id == self.world.bot.id:
            self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, intent=Intent.GUILDS)
        else:
            payload = {"guild_id": str(guild.id), "user": user_payload(user)}
            self.gateway.dispatch("GUILD_MEMBER_REMOVE", payload, guild_id=guild.id, intent=Intent.GUILD_MEMBERS)
        self.changes.publish("world")

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
