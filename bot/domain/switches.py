"""Switches that hold up a guild's queue, or the whole bot's."""

from enum import StrEnum

WHOLE_BOT = 0
"""Stands in place of a guild's id for all guilds."""


class Switch(StrEnum):
    """What can be switched on."""

    PAUSED = "paused"
    """Nothing is sent to the provider; requests are accepted and wait."""
    DRAINING = "draining"
    """No request is accepted; what waits is still sent."""
