"""Which page of a list a button shows."""

from enum import StrEnum


class Turn(StrEnum):
    """The page before, the same page anew, or the next one. Part of the buttons' custom ids: no two are the same."""

    BACK = "back"
    STAY = "stay"
    NEXT = "next"
