"""Who owns the bot, and in which guild its owners' commands are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owners:
    """The people who own the bot, by their Discord ids."""

    ids: frozenset[int]
    guild_id: int | None = None
    """The guild of the owners' commands, where the settings name one."""

    def has_guild(self, guild_id: int, guild_owner_id: int | None) -> bool:
        """Tell whether the owners' commands belong into a guild: the one that is named, else every one they own."""
        if self.guild_id is not None:
            return guild_id == self.guild_id
        return guild_owner_id in self.ids
