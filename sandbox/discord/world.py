"""The sandbox's one copy of what exists, and the questions that every part asks of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.discord import errors
from sandbox.discord.model import Channel, ChannelType, Guild, Json, Member, Message, User
from sandbox.discord.permissions import DM_PERMISSIONS, Permission, channel_permissions

MEBIBYTE = 1024 * 1024

DEFAULT_UPLOAD_LIMIT_BYTES = 20 * MEBIBYTE
"""Bytes of one file that everyone may upload since September 2026. Boost tiers 2 and 3 allow more."""

BOOST_TIER_UPLOAD_LIMIT_BYTES = {0: 0, 1: 0, 2: 50 * MEBIBYTE, 3: 100 * MEBIBYTE}


@dataclass(slots=True)
class World:
    """Everything that exists, by id. What may be done with it is decided elsewhere."""

    application_id: int
    application_name: str
    bot: User
    owner: User
    """Owner of the application, whom `is_owner` means."""
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    personas: dict[str, User] = field(default_factory=dict)
    portal: Json = field(default_factory=dict)
    """Fields of the application that its owner changed in the developer portal."""
    default_upload_limit_bytes: int = DEFAULT_UPLOAD_LIMIT_BYTES

    def channel(self, channel_id: int) -> Channel:
        """Return a channel. Raises `ApiError` 10003 if there is none."""
        if channel := self.channels.get(channel_id):
            return channel
        raise errors.unknown("Channel")

    def guild(self, guild_id: int) -> Guild:
        """Return a guild. Raises `ApiError` 10004 if there is none."""
        if guild := self.guilds.get(guild_id):
            return guild
        raise errors.unknown("Guild")

    def guild_of(self, channel: Channel) -> Guild | None:
        """Return the guild that a channel is in; None for direct messages."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def member_of(self, channel: Channel, user: User) -> Member | None:
        """Return a user as a member of the channel's guild; None outside of guilds and for strangers."""
        guild = self.guild_of(channel)
        return None if guild is None else guild.members.get(user.id)

    def channels_of(self, guild: Guild) -> list[Channel]:
        """Return the guild's own channels, without its threads, in the order of the side bar."""
        mine = (c for c in self.channels.values() if c.guild_id == guild.id and not c.is_thread)
        return sorted(mine, key=lambda channel: (channel.position, channel.id))

    def threads_of(self, guild: Guild) -> list[Channel]:
        """Return the guild's threads, oldest first."""
        return [c for c in self.channels.values() if c.guild_id == guild.id and c.is_thread]

    def find_channel(self, reference: Channel | int | str, user: User | None = None) -> Channel:
        """Return a channel by object, id, name, or "guild name/channel name".

        A bare name is looked for among `user`'s guilds, or among all. Raises LookupError unless exactly one fits.
        """
        if isinstance(reference, Channel):
            return reference
        if isinstance(reference, int) or reference.isdecimal():
            return self.channel(int(reference))
        guild_name, _, name = reference.rpartition("/")
        found = [
            channel
            for guild in self.guilds.values()
            if (guild.name == guild_name if guild_name else user is None or user.id in guild.members)
            for channel in [*self.channels_of(guild), *self.threads_of(guild)]
            if channel.name == name.removeprefix("#")
        ]
        if len(found) != 1:
            raise LookupError(f"{len(found)} channels are called {reference!r}")
        return found[0]

    def permissions(self, user: User, channel: Channel) -> int:
        """Return what `user` may do in `channel`, as bits; 0 for someone outside of it."""
        guild = self.guild_of(channel)
        if guild is None:
            inside = user.id == self.bot.id or any(user.id == other.id for other in channel.recipients)
            return DM_PERMISSIONS if inside else 0
        member = guild.members.get(user.id)
        if member is None:
            return 0
        return channel_permissions(guild, self.overwrites_carrier(channel), member)

    def overwrites_carrier(self, channel: Channel) -> Channel:
        """Return the channel whose overwrites count: a thread uses its parent's."""
        return self.channels[channel.parent_id] if channel.parent_id is not None else channel

    def may(self, user: User, channel: Channel, permission: Permission) -> bool:
        """Return whether `user` has all bits of `permission` in `channel`."""
        return self.permissions(user, channel) & permission == permission

    def upload_limit_bytes(self, guild: Guild | None) -> int:
        """Return the size of the largest single file that may be posted in a guild, or (None) in direct messages."""
        if guild is None:
            return self.default_upload_limit_bytes
        if guild.upload_limit_bytes is not None:
            return guild.upload_limit_bytes
        return max(self.default_upload_limit_bytes, BOOST_TIER_UPLOAD_LIMIT_BYTES[guild.premium_tier])

    def dm_channel(self, user: User, new_id: int) -> Channel:
        """Return the bot's direct-message channel with `user`. If there is none, open one under `new_id`."""
        for channel in self.channels.values():
            if channel.type == ChannelType.DM and channel.recipients[0].id == user.id:
                return channel
        channel = Channel(id=new_id, type=ChannelType.DM, recipients=[user])
        self.channels[channel.id] = channel
        return channel

    def visible_messages(self, channel: Channel, user: User) -> Iterator[Message]:
        """Yield what `user` sees in `channel`, oldest first.

        Deleted messages and ephemeral ones for someone else are left out.
        """
        for message in channel.messages.values():
            if message.deleted_at is None and message.visible_to in (None, user.id):
                yield message
