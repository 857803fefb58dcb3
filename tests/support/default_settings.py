"""Stands where a guild's settings would be read."""

from bot.domain.guild_settings import GuildSettings


async def default_settings(_guild_id: int) -> GuildSettings:
    """Return the settings of a guild in which nobody chose anything."""
    return GuildSettings()
