"""What an editor can change about a reel, each as a value: a panel makes it of a press, the service carries it out.

A part is named by its id. `part_id` None means all clips of the reel.
"""

from dataclasses import dataclass

from bot.domain.films import Fit, Transition
from bot.domain.reels import ReelAccess


@dataclass(frozen=True, slots=True)
class MovePart:
    """Put a part at a place of the order, counted from 0."""

    part_id: int
    place: int


@dataclass(frozen=True, slots=True)
class CutOut:
    """Take a part out of the reel."""

    part_id: int


@dataclass(frozen=True, slots=True)
class Trim:
    """Show only a piece of a clip, whose beginning and end are as they were typed."""

    part_id: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class SetTransition:
    """Have a part, or all parts, follow what is before it in a way."""

    part_id: int | None
    transition: Transition


@dataclass(frozen=True, slots=True)
class KeepSound:
    """Keep the own sound of a clip, or of all, or drop it."""

    part_id: int | None
    keep: bool


@dataclass(frozen=True, slots=True)
class AddCard:
    """Put a title card before all other parts or after them."""

    text: str
    seconds: str
    """As it was typed."""
    at_the_end: bool


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """Give a title card other words and another time, which is as it was typed."""

    part_id: int
    text: str
    seconds: str


@dataclass(frozen=True, slots=True)
class SetFit:
    """Choose what becomes of clips of another shape."""

    fit: Fit


@dataclass(frozen=True, slots=True)
class ShowCredits:
    """Name the makers of the clips at the end, or not."""

    shown: bool


@dataclass(frozen=True, slots=True)
class SetAccess:
    """Choose who may add clips."""

    access: ReelAccess


@dataclass(frozen=True, slots=True)
class SetNamed:
    """Name the people who may add clips; the reel takes clips from them alone then."""

    member_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the reel another title."""

    title: str


@dataclass(frozen=True, slots=True)
class DropBackground:
    """Take the sound behind the reel away."""


ReelEdit = (
    MovePart
    | CutOut
    | Trim
    | SetTransition
    | KeepSound
    | AddCard
    | ChangeCard
    | SetFit
    | ShowCredits
    | SetAccess
    | SetNamed
    | Rename
    | DropBackground
)


def words_of(edit: ReelEdit) -> str:
    """Return what a member wrote for others to read; empty where nothing was written."""
    match edit:
        case AddCard() | ChangeCard():
            return edit.text
        case Rename():
            return edit.title
        case _:
            return ""
