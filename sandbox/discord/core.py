"""The context together with the parts that are built on it: what routes, people and controls work with."""

from dataclasses import dataclass, field

from sandbox.discord.command_store import CommandStore
from sandbox.discord.context import Context
from sandbox.discord.gateway import Gateway
from sandbox.discord.intents import Intent
from sandbox.discord.interactions import Interactions
from sandbox.discord.messages import Messages
from sandbox.discord.model import Channel, Guild, User
from sandbox.discord.payloads import channel_payload, guild_payload, user_payload
from sandbox.discord.reactions import Reactions


@dataclass(kw_only=True, eq=False)
class Core(Context):
    """Built once in `server.py`. The parts know only the context and the gateway, so none knows the core."""

    heartbeat_interval_seconds: float = 41.25
    max_concurrency: int = 1
    """How many shards may identify in five seconds."""
    gateway: Gateway = field(init=False)
    commands: CommandStore = field(init=False)
    messages: Messages = field(init=False)
    reactions: Reactions = field(init=False)
    interactions: Interactions = field(init=False)

    def __post_init__(self) -> None:
        """Build the parts."""
        self.gateway = Gateway(
            self,
            heartbeat_interval_seconds=self.heartbeat_interval_seconds,
            max_concurrency=self.max_concurrency,
        )
        self.commands = CommandStore(self)
        self.messages = Messages(self, self.gateway)
        self.reactions = Reactions(self, self.gateway)
        self.interactions = Interactions(self, self.gateway)

    def delete_channel(self, channel: Channel) -> None:
        """Take a channel and its threads away. Their messages stay in the record only."""
        for thread in [c for c in self.world.channels.values() if c.parent_id == channel.id]:
            self.delete_channel(thread)
        del self.world.channels[channel.id]
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self.gateway.dispatch(event, channel_payload(channel), guild_id=channel.guild_id, intent=Intent.GUILDS)
        self.changes.publish("channel", event=event, channel_id=str(channel.id))

    def channel_changed(self, event: str, channel: Channel) -> None:
        """Send CHANNEL_UPDATE or a thread event. Bots are told of channels that they cannot see, too."""
        payload = channel_payload(channel)
        if event == "THREAD_CREATE":
            payload["newly_created"] = True
        self.gateway.dispatch(event, payload, guild_id=channel.guild_id, intent=Intent.GUILDS)
        self.changes.publish("channel", event=event, channel_id=str(channel.id))

    def guild_changed(self, guild: Guild) -> None:
        """Send GUILD_UPDATE."""
        self.gateway.dispatch("GUILD_UPDATE", guild_payload(guild), guild_id=guild.id, intent=Intent.GUILDS)
        self.changes.publish("world")

    def member_left(self, guild: Guild, user: User) -> None:
        """Send GUILD_MEMBER_REMOVE, or GUILD_DELETE if it was the bot that left."""
        if user.id == self.world.bot.id:
            self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, intent=Intent.GUILDS)
        else:
            payload = {"guild_id": str(guild.id), "user": user_payload(user)}
            self.gateway.dispatch("GUILD_MEMBER_REMOVE", payload, guild_id=guild.id, intent=Intent.GUILD_MEMBERS)
        self.changes.publish("world")
