"""What the rendering of reels needs of Discord, as a protocol: a card that tells its progress, and one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain.film_problems import FilmProblem


@dataclass(frozen=True, slots=True)
class FilmCard:
    """What the card of a film under way says."""

    render_id: int
    guild_id: int
    channel_id: int
    asked_by: int
    title: str
    """Of the reel. Empty where it was erased."""
    percent: int | None
    """How many of the film's pictures are done; None while its clips are fetched."""
    message_id: int | None


@dataclass(frozen=True, slots=True)
class FilmMessage:
    """A film that is made, and what its message says."""

    render_id: int
    guild_id: int
    channel_id: int
    asked_by: int
    asked_at: float
    title: str
    makers: tuple[int, ...]
    """Whose clips are in it, in the order of their first clips. They are mentioned."""
    clips: int
    ms: int
    dropped: int
    """Clips that could not be had, and so are not in it."""
    path: Path
    size: int
    """Bytes of the file."""
    sound_missing: bool = False
    """Whether the sound behind it could not be read."""


@dataclass(frozen=True, slots=True)
class FilmFailure:
    """A film that could not be made, and why."""

    render_id: int
    guild_id: int
    channel_id: int
    asked_by: int
    title: str
    problem: FilmProblem


@dataclass(frozen=True, slots=True)
class Credits:
    """Who is named at the end of a film."""

    heading: str
    names: Mapping[int, str]
    """Member id → name; without those whom nobody can name any more."""

    def lines(self, maker_ids: Sequence[int]) -> tuple[str, ...]:
        """Return the heading and the names of these makers, in their order; nothing where there are none."""
        names = [self.names[maker_id] for maker_id in maker_ids if maker_id in self.names]
        return (self.heading, *names) if names else ()


class ReelPoster(Protocol):
    """Implemented over Discord's REST interface. Every method may raise DeliveryLater."""

    async def show_card(self, card: FilmCard) -> int | None:
        """Post or edit the card of a film, and return its message's id; None where it cannot be shown, or is gone."""

    async def remove_card(self, channel_id: int, message_id: int) -> None:
        """Delete the card of a film."""

    async def credits(self, guild_id: int, maker_ids: Sequence[int]) -> Credits:
        """Return a heading and the names of these makers, as their server knows them."""

    async def is_age_restricted(self, channel_id: int) -> bool:
        """Tell whether a channel, or the one that it is a thread of, is age-restricted."""

    async def find_posted(self, channel_id: int, render_id: int, since: float) -> tuple[int, int] | None:
        """Return channel and id of a film's message that was posted after `since`; None where there is none."""

    async def post(self, film: FilmMessage) -> tuple[int, int]:
        """Post a film, and return its message's channel and id. Raises UploadTooLarge and DeliveryImpossible."""

    async def tell_failure(self, failure: FilmFailure) -> None:
        """Tell who asked for a film that it could not be made: in the channel, else in a direct message."""
