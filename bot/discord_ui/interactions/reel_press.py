"""What a member does to a reel by a button, a select or a dialog."""

from dataclasses import dataclass
from enum import StrEnum


class ReelAction(StrEnum):
    """What a control does. The value is part of the control's custom id; a control names its argument, if it has any.

    Those of the public panel come first, then those of the private cards.
    """

    PAGE = "page"
    """Show the page with this number, from 0."""
    PART = "part"
    """Show the private card of the chosen part."""
    CARD = "card"
    """Ask for the words of a title card."""
    OPTIONS = "options"
    """Show the private card of what holds for the whole reel."""
    CONTINUE = "continue"
    """Continue from the last clip."""
    RENDER = "render"
    EARLIER = "earlier"
    """Move the part with this id one place towards the beginning."""
    LATER = "later"
    """Move the part with this id one place towards the end."""
    MOVE = "move"
    """Ask for the place of the part with this id."""
    CUT_OUT = "cut-out"
    """Take the part with this id out."""
    TRIM = "trim"
    """Ask for the piece of the clip with this id."""
    WORDS = "words"
    """Ask for other words of the title card with this id."""
    CUT = "cut"
    """Have the part with this id follow at once; without an id, all parts."""
    FADE = "fade"
    """Have the part with this id fade in; without an id, all parts."""
    SOUND = "sound"
    """Keep the sound of the clip with this id; without an id, of all."""
    SILENCE = "silence"
    """Drop the sound of the clip with this id; without an id, of all."""
    ACCESS = "access"
    """Choose who may add."""
    NAMED = "named"
    """Name the people who may add."""
    FIT = "fit"
    """Fit clips of another shape in this way."""
    CREDITS = "credits"
    """Name the makers at the end, `on` or `off`."""
    RENAME = "rename"
    """Ask for another title."""
    DROP_BACKGROUND = "drop-background"
    DELETE = "delete"
    ADD = "add"
    """Add the video of the job with this id to the chosen reel."""
    NEW = "new"
    """Ask for the title of a new reel that begins with the video of the job with this id."""
    UNDO = "undo"
    """Take the clip with this id out again, and what was added with it."""


@dataclass(frozen=True, slots=True)
class ReelPress:
    """A use of a control. `version` is that of the reel when the control was shown."""

    action: ReelAction
    reel_id: int
    version: int
    argument: str = ""
