"""What a member can do to a job by a button."""

from enum import StrEnum


class JobAction(StrEnum):
    """What a button does to its job. The value is part of the button's custom id."""

    CANCEL = "cancel"
    AGAIN = "again"
    EDIT = "edit"
    CONTINUE = "continue"
    DELETE = "delete"
    RESEND = "resend"
    DETAILS = "details"
    REPORT = "report"
    ADD_TO_REEL = "add"
