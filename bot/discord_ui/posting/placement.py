"""Where a closing message goes and which files go with it: rules without any call to Discord.

What Discord refuses is met step by step: without the files that are too large or not allowed, without the reply, then
by direct message.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

REQUEST_BYTES_MAX = 25 * 1024 * 1024
"""Bytes of all files of one create-message request, as Discord documents it. A larger file may still go alone."""
FILES_MAX = 10
"""Files that one Discord message takes."""

_TOO_LARGE = 40005
_THREAD_ARCHIVED = 50083
_NO_HISTORY_TO_REPLY = 160002

How = Literal["reply", "channel", "dm"]


@dataclass(frozen=True, slots=True)
class Placement:
    """One way to post a closing message. `attached` names the files that go with it, by position."""

    how: How
    attached: tuple[int, ...]


def within(sizes: Sequence[int], limit: int) -> tuple[int, ...]:
    """Choose the files that go into one message, by position: each within the limit, all within one request."""
    chosen: list[int] = []
    for position, size in enumerate(sizes):
        if size <= limit and (not chosen or sum(sizes[n] for n in chosen) + size <= REQUEST_BYTES_MAX):
            chosen.append(position)
    return tuple(chosen[:FILES_MAX])


def step_down(
    placement: Placement, status: int, code: int, sizes: Sequence[int], fitting: tuple[int, ...]
) -> Placement | None:
    """Return what to try after Discord refused `placement`; None when nothing is left.

    `fitting` names the files that a direct message starts with, by position.
    """
    how, attached = placement.how, placement.attached
    if status == 413 or code == _TOO_LARGE:
        if not attached:
            return None
        largest = max(attached, key=lambda position: sizes[position])
        return replace(placement, attached=tuple(n for n in attached if n != largest))
    if code == _NO_HISTORY_TO_REPLY:
        return replace(placement, how="channel") if how == "reply" else None
    if status == 403 and code != _THREAD_ARCHIVED and attached:
        return replace(placement, attached=())  # perhaps only files are not allowed here
    if status in (403, 404) or code == _THREAD_ARCHIVED:
        return Placement("dm", fitting) if how != "dm" else None
    # Anything else is a request that Discord does not like: simpler ones may pass.
    if how == "reply":
        return replace(placement, how="channel")
    return replace(placement, attached=()) if attached else None


def left_to_link(links: Sequence[str], files: int, attached: Sequence[int]) -> tuple[str, ...]:
    """Return the results that are not attached; all of them where files and links do not answer to each other."""
    if files == len(links):
        return tuple(link for position, link in enumerate(links) if position not in attached)
    return tuple(links)
