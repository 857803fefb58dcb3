"""What a member can do to a comparison by a button."""

from enum import StrEnum


class ComparisonAction(StrEnum):
    """What a button does to its comparison. The value is part of the button's custom id."""

    CANCEL = "cancel"
    """Cancel every job that was not sent yet."""
    DETAILS = "details"
    """Tell of each job where it stands."""
    USE = "use"
    """Show what can be made of each clip."""
    REPORT = "report"
    """Report one of the clips."""
    DELETE = "delete"
    """Delete the message, and all clips in it."""
