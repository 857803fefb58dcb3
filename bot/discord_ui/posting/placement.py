"""Where a closing message goes and which files go with it: rules without any call to Discord.

What Discord refuses is met step by step: without the files that are too large or not allowed, then by direct
message.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.uploads import REQUEST_BYTES_MAX

FILES_MAX = 10
"""Files that one Discord message takes."""

_TOO_LARGE = 40005
THREAD_ARCHIVED = 50083
"""Discord's code for what cannot be done in a thread that is archived."""
_WRONG_TYPE = 50024
_TAG_REQUIRED = 40067

How = Literal["results", "channel", "dm"]
"""The guild's results channel, the channel in which a video was asked for, or a direct message."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One way to post a closing message. `attached` names the files that go with it, by position."""

    how: How
    attached: tuple[int, ...]


def within(sizes: Sequence[int | None], limit: int) -> tuple[int, ...]:
    """Choose the files that go into one message, by position: each within the limit, all within one request.

    A size of None is a result that has no file.
    """
    chosen: list[int] = []
    total = 0
    for position, size in enumerate(sizes):
        if size is not None and size <= limit and (not chosen or total + size <= REQUEST_BYTES_MAX):
            chosen.append(position)
            total += size
    return tuple(chosen[:FILES_MAX])


def too_large(status: int, code: int) -> bool:
    """Return whether a refusal is about the size of the files."""
    return status == 413 or code == _TOO_LARGE


def forbids(status: int, code: int) -> bool:
    """Return whether a refusal says that the bot cannot post in this channel at all, whatever the message."""
    return status in (403, 404) or code in (THREAD_ARCHIVED, _WRONG_TYPE, _TAG_REQUIRED)


def step_down(placement: Placement, status: int, code: int, attached_dm: tuple[int, ...]) -> Placement | None:
    """Return what to try after Discord refused `placement`; None when nothing is left.

    `attached_dm` names the files that a direct message starts with, by position.
    """
    how, attached = placement.how, placement.attached
    if how == "results" and forbids(status, code):
        return Placement("channel", attached)
    if too_large(status, code):
        return replace(placement, attached=()) if attached else None
    if status == 403 and code != THREAD_ARCHIVED and attached:
        return replace(placement, attached=())  # perhaps only files are not allowed here
    if status in (403, 404) or code == THREAD_ARCHIVED:
        return Placement("dm", attached_dm) if how != "dm" else None
    if how == "results" and not attached:
        return Placement("channel", ())
    # Anything else is a request that Discord does not like: a simpler one may pass.
    return replace(placement, attached=()) if attached else None
