"""What the use cases of reels take and return."""

from dataclasses import dataclass

from bot.domain.reel_renders import ReelRender
from bot.domain.reel_rules import Measure
from bot.domain.reels import Reel, ReelPart


@dataclass(frozen=True, slots=True)
class ReelBounds:
    """What the owner allows."""

    seconds_max: int = 600
    """Seconds of a film."""
    waiting_max: int = 10
    """Films that may wait at once, of all guilds together."""
    available: bool = True
    """Whether the bot has what makes films."""


@dataclass(frozen=True, slots=True)
class BackgroundSound:
    """The sound behind a whole reel."""

    name: str
    """Of the file, as its member named it."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ReelView:
    """A reel with all that is in it."""

    reel: Reel
    parts: tuple[ReelPart, ...]
    named: tuple[int, ...]
    """The people who may add to it where its access is `named`."""
    background: BackgroundSound | None
    measure: Measure
    render: ReelRender | None
    """The render that has not ended; None where there is none."""
    renders_ahead: int
    """Films that are made before it."""

    def place_of(self, part_id: int) -> int | None:
        """Return a part's place in the order, from 0; None where it is not in the reel."""
        return next((place for place, part in enumerate(self.parts) if part.id == part_id), None)


@dataclass(frozen=True, slots=True)
class ReelLine:
    """A reel in a list."""

    reel: Reel
    parts: int


@dataclass(frozen=True, slots=True)
class Added:
    """What was put into a reel."""

    reel: Reel
    part_ids: tuple[int, ...]
    place: int
    """The place of the first of them in the order, from 0."""


@dataclass(frozen=True, slots=True)
class RenderAsked:
    """A film that was asked for."""

    render_id: int
    ahead: int
    """Films that are made before it."""
