"""Which results are forwarded to a server's showcase channel."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.gallery import GalleryKind


class ShowcaseState(StrEnum):
    """Where a result stands on its way into the showcase, and out of it."""

    WAITING = "waiting"
    """It is to be forwarded."""
    SHOWN = "shown"
    """It was forwarded."""
    LEAVING = "leaving"
    """Its forward is to be deleted."""
    GONE = "gone"
    """Its forward was deleted. It is not forwarded again."""


@dataclass(frozen=True, slots=True)
class ShowcaseEntry:
    """A result on its way.

    `channel_id` and `source_message_id` are the showcase and the message of the latest attempt to forward it. They are
    None before the first one. `message_id` is the forward, where that is known. `due_at` is until when the worker that
    claimed it may go on.
    """

    kind: GalleryKind
    source_id: str
    guild_id: int
    state: ShowcaseState
    channel_id: int | None
    source_message_id: int | None
    message_id: int | None
    created_at: float
    due_at: float


@dataclass(frozen=True, slots=True)
class Room:
    """What a channel tells about its readers.

    `place_id` is the channel whose permissions hold: for a thread the channel that it is in. It is None for a private
    thread, whose members nobody knows. `everybody_reads` says that @everyone may see the channel and its history.
    """

    place_id: int | None
    everybody_reads: bool
    age_restricted: bool


def may_be_shown(source: Room, showcase: Room, *, restricted: bool) -> bool:
    """Tell whether a result of one channel may be forwarded to another.

    Nobody may see in the showcase what they could not see where it was posted. Permissions of roles and members can
    differ in any way, so only what @everyone can read is forwarded. `restricted` says that the model is kept to
    age-restricted channels.
    """
    if not source.everybody_reads:
        return False
    return showcase.age_restricted or not (restricted or source.age_restricted)
