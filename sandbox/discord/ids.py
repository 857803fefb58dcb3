"""Snowflakes: Discord's ids, which carry the millisecond of their making."""

from sandbox.clock import Clock

DISCORD_EPOCH_MILLISECONDS = 1_420_070_400_000


class SnowflakeFactory:
    """Makes strictly rising ids, whose time part is the sandbox's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return an id that was never given before."""
        milliseconds = int(self._clock.now() * 1000) - DISCORD_EPOCH_MILLISECONDS
        self._last = max(self._last + 1, milliseconds << 22)
        return self._last


def created_at(snowflake: int) -> float:
    """Return the moment when an id was made, in seconds since the Unix epoch."""
    return ((snowflake >> 22) + DISCORD_EPOCH_MILLISECONDS) / 1000


def shard_of(guild_id: int, shard_count: int) -> int:
    """Return the shard that receives a guild's events. Direct messages (`guild_id` 0) go to shard 0."""
    return (guild_id >> 22) % shard_count
