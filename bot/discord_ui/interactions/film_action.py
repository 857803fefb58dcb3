"""What can be done to a film that was posted."""

from enum import StrEnum


class FilmAction(StrEnum):
    """The value is part of a button's custom id."""

    DELETE = "delete"
