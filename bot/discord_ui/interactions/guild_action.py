"""What an owner can do about a new server by a button."""

from enum import StrEnum


class GuildAction(StrEnum):
    """What a button does about its server. The value is part of the button's custom id."""

    GIVE = "give"
    """Let it spend a usual amount a month."""
    AMOUNT = "amount"
    """Open the dialog for another amount."""
    LEAVE = "leave"
    """Take the bot out of the server."""
