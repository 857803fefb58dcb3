"""What whoever runs the sandbox can do to it, beside acting as a person."""

from sandbox.discord.core import Core
from sandbox.discord.faults import RestFault
from sandbox.discord.model import Channel, Guild, Overwrite, User
from sandbox.discord.permissions import Permission
from sandbox.discord.world import BOOST_TIER_UPLOAD_LIMIT_BYTES


class Controls:
    """Each control takes effect at once and tells the bot what Discord would tell it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def set_upload_limit(self, limit_bytes: int | None, guild: Guild | str | int | None = None) -> None:
        """Set the largest file in bytes, in one guild or (None) by default.

        None bytes give a guild back what its boost tier allows.
        """
        if guild is not None:
            self._guild(guild).upload_limit_bytes = limit_bytes
        elif limit_bytes is not None:
            self._core.world.default_upload_limit_bytes = limit_bytes
        self._core.changes.publish("world")

    def set_boost_tier(self, guild: Guild | str | int, tier: int) -> None:
        """Set a guild's tier, 0 to 3. With tier 2 and 3 larger files may be uploaded.

        Raises ValueError for another tier.
        """
        if tier not in BOOST_TIER_UPLOAD_LIMIT_BYTES:
            raise ValueError(f"no boost tier {tier}")
        found = self._guild(guild)
        found.premium_tier = tier
        self._core.guild_changed(found)

    def set_permission(
        self,
        channel: Channel | str | int,
        permission: Permission,
        allowed: bool | None,
        *,
        user: User | None = None,
    ) -> None:
        """Allow, deny or (None) leave to the roles what `user` may do in a channel. Without `user` it is the bot.

        For a thread it is set on its channel. Raises ValueError for direct messages, which have no such settings.
        """
        found = self._core.world.overwrites_carrier(self._core.world.find_channel(channel))
        if found.guild_id is None:
            raise ValueError("direct messages have no permissions to set")
        target = user or self._core.world.bot
        overwrite = found.overwrites.setdefault(target.id, Overwrite(target.id, is_member=True))
        overwrite.allow &= ~int(permission)
        overwrite.deny &= ~int(permission)
        if allowed:
            overwrite.allow |= int(permission)
        elif allowed is not None:
            overwrite.deny |= int(permission)
        self._core.channel_changed("CHANNEL_UPDATE", found)

    def set_age_restricted(self, channel: Channel | str | int, restricted: bool) -> None:
        """Make a channel, and with it its threads, age-restricted, or an ordinary one."""
        found = self._core.world.find_channel(channel)
        found.nsfw = restricted
        self._core.channel_changed("CHANNEL_UPDATE", found)

    def delete_channel(self, channel: Channel | str | int) -> None:
        """Take a channel and its threads away."""
        self._core.delete_channel(self._core.world.find_channel(channel))

    def delete_message(self, channel: Channel | str | int, message_id: int) -> None:
        """Delete a message as a moderator would."""
        self._core.messages.delete(self._core.message(self._core.world.find_channel(channel), message_id))

    def remove_member(self, guild: Guild | str | int, user: User) -> None:
        """Let someone leave a guild. For the bot this is its removal from the server."""
        found = self._guild(guild)
        del found.members[user.id]
        self._core.member_left(found, user)

    def disconnect(self, *, resumable: bool = True, shard: int | None = None) -> int:
        """Drop gateway connections, and return how many there were.

        If they are not resumable, the session is declared invalid first.
        """
        return self._core.gateway.disconnect(resumable=resumable, shard=shard)

    def fall_silent(self, *, shard: int | None = None) -> int:
        """Send nothing more over the gateway connections, as on a broken line. Return how many there were.

        They stay open. A bot notices by its unanswered heartbeats, connects anew and resumes.
        """
        return self._core.gateway.fall_silent(shard=shard)

    def ask_to_reconnect(self) -> None:
        """Ask the bot to reconnect (opcode 7), as Discord does every now and then."""
        self._core.gateway.ask_to_reconnect()

    def add_fault(self, fault: RestFault) -> None:
        """Let a fault wait for the REST requests that match it."""
        self._core.faults.add(fault)
        self._core.changes.publish("settings")

    def clear_faults(self) -> None:
        """Take back all faults that are not used up."""
        self._core.faults.clear()
        self._core.changes.publish("settings")

    def set_rate_limits(self, enforced: bool) -> None:
        """Enforce the rate limits of the REST API and the gateway, or not. They are off at the start."""
        self._core.enforces_rate_limits = enforced
        self._core.changes.publish("settings")

    def advance_clock(self, seconds: float) -> None:
        """Let Discord's time pass at once: deadlines, tokens, signed addresses, ages of messages.

        Raises ValueError for a negative number of seconds.
        """
        self._core.clock.advance(seconds)
        self._core.changes.publish("clock", now=self._core.clock.now())

    def reset_clock(self) -> None:
        """Set Discord's time back to the wall clock. Ids go on rising, so that the order of messages stays."""
        self._core.clock.reset()
        self._core.changes.publish("clock", now=self._core.clock.now())

    def _guild(self, reference: Guild | str | int) -> Guild:
        if isinstance(reference, Guild):
            return reference
        for guild in self._core.world.guilds.values():
            if str(guild.id) == str(reference) or guild.name == reference:
                return guild
        raise LookupError(f"there is no guild {reference!r}")
