"""Problems of a request: what was given for an option, and which rule it breaks. The views have words for them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.attachments import Attachment, MediaKind

OptionValue = str | int | bool | Attachment


class Rule(StrEnum):
    """A rule about the value of an option."""

    GIVEN = "given"
    """The model needs it."""
    GIVEN_OR_FILE = "given or file"
    """The model needs it, or a file instead of it."""
    GIVEN_WITH = "given with"
    """Another option needs it."""
    NOT_WITH = "not with"
    """Another option excludes it."""
    KNOWN = "known"
    """The model has such an option."""
    ONE_OF = "one of"
    """It is one of `choices`."""
    TEXT = "text"
    """It is a text."""
    LENGTH = "length"
    """It has at most `most` characters."""
    LENGTH_WITH_STYLE = "length with style"
    """It has at most `most` characters with the style `other` around it."""
    FIXED = "fixed"
    """The style `other` fixes it to one of `choices`."""
    STYLE = "style"
    """The server has a style of this name."""
    CAST = "cast"
    """There is a saved picture of this name."""
    CAST_COUNT = "cast count"
    """At most `most` saved pictures are named."""
    CAST_SIZE = "cast size"
    """The saved pictures have at most `most` megabytes together."""
    CAST_ROOM = "cast room"
    """The model has room for the saved picture; `other` is the option that was named for it, if one was."""
    CAST_GONE = "cast gone"
    """The saved picture is still there."""
    SWITCH = "switch"
    """It is on or off."""
    KIND = "kind"
    """It is a file of `kind`."""
    ADDRESS = "address"
    """Its file is at an address that can be fetched."""
    SIZE = "size"
    """Its file has at most `most` megabytes."""
    SECONDS = "seconds"
    """Its clip lasts from `least` to `most` seconds, with these options."""
    CONTENTS = "contents"
    """Its file has the contents that its name says, those of `kind`."""
    THERE = "there"
    """Discord has its file."""
    REACHABLE = "reachable"
    """Its file can be looked at."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a request cannot be sent. Which of the facts below `rule` are given depends on the rule."""

    option: str
    value: OptionValue | None
    """What was given; None where nothing was."""
    rule: Rule
    model: str = ""
    """The model's display name."""
    other: str = ""
    """The other option, or the style, that the rule is about."""
    choices: tuple[str | int, ...] = ()
    kind: MediaKind | None = None
    least: int = 0
    most: int = 0
