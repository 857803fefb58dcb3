"""What a moderator can do about an incident by a button on its card."""

from enum import StrEnum


class IncidentAction(StrEnum):
    """What a button does about its incident. The value is part of the button's custom id."""

    DELETE = "delete"
    """Delete the result for good."""
    LIFT = "lift"
    """End the member's pause."""
    BLOCK = "block"
    """Open the dialog that blocks the member."""
    DISMISS = "dismiss"
    """End the incident without doing anything."""
