"""The rules of reels: who may do what, how much there may be, orders, pieces, and how long a film will be."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.films import (
    AIM_SHARES,
    AUDIO_RATE,
    VIDEO_RATE_MIN,
    FilmFormat,
    Fit,
    choose_format,
    credit_pages,
    expected_bytes,
)
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reels import ClipCondition, Reel, ReelAccess, ReelClip, ReelPart, TitleCard

PARTS_MAX = 200
"""Clips and title cards of one reel."""
REELS_OF_MEMBER_MAX = 25
"""Reels that one member may have in a guild."""
REELS_OF_GUILD_MAX = 200
"""Reels that a guild may have."""
TITLE_MAX = 100
"""Characters of a reel's title."""
CARD_TEXT_MAX = 200
"""Characters of a title card."""
CARD_SECONDS_MIN, CARD_SECONDS_MAX = 1.0, 10.0
"""Seconds for which a title card may stand."""
CARD_SECONDS = 3.0
"""Seconds for which a title card stands unless somebody chose another time."""
NAMED_MAX = 25
"""People who may be named for a reel: a select of Discord's takes no more."""
SOUND_BYTES_MAX = 8 * 1024 * 1024
"""Bytes of the sound behind a reel."""
SOUNDS_OF_GUILD_BYTES_MAX = 64 * 1024 * 1024
"""Bytes of all sounds of a guild's reels."""
PIECE_MS_MIN = 100
"""Milliseconds of the shortest piece that can be cut out of a clip."""
_TIME = re.compile(r"(?:(?P<minutes>\d{1,3}):)?(?P<seconds>\d{1,4})(?:[.,](?P<part>\d{1,3}))?\s*s?")
_UNSEEN_MS = 5_000
"""Milliseconds that a clip counts whose file nobody has looked at yet."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A member who does something, and whether the member moderates the guild or its reel's channel."""

    id: int
    moderates: bool = False


def may_edit(reel: Reel, actor: Actor) -> bool:
    """Tell whether a member may change a reel: its maker and moderators may."""
    return actor.moderates or actor.id == reel.maker_id


def why_not_add(reel: Reel, named: Collection[int], actor: Actor) -> ReelProblem | None:
    """Return why a member may not add to a reel; None where the member may."""
    if may_edit(reel, actor) or reel.access is ReelAccess.EVERYBODY:
        return None
    if reel.access is ReelAccess.CLOSED:
        return ReelProblem.CLOSED
    return None if actor.id in named else ReelProblem.NOT_AMONG_NAMED


def written(words: str, maximum: int) -> str:
    """Return what a member wrote, without blanks around it and of at most `maximum` characters. Raises ReelRefused."""
    words = words.strip()[:maximum].strip()
    if not any(letter.isprintable() and not letter.isspace() for letter in words):
        raise ReelRefused(ReelProblem.NO_WORDS)
    return words


def moved(part_ids: Sequence[int], part_id: int, place: int) -> list[int]:
    """Return an order in which one part has the place `place`, from 0; beyond the ends it is the first or last one.

    Raises ReelRefused where the part is not among them.
    """
    if part_id not in part_ids:
        raise ReelRefused(ReelProblem.NO_SUCH_PART)
    others = [other for other in part_ids if other != part_id]
    place = min(max(place, 0), len(others))
    return [*others[:place], part_id, *others[place:]]


def read_time(text: str) -> int:
    """Return the milliseconds that a member typed: "2", "2.5", "2,5 s" or "1:02.5". Raises ReelRefused."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ReelRefused(ReelProblem.NOT_A_TIME, text=text.strip()[:20])
    whole = int(found["minutes"] or 0) * 60 + int(found["seconds"])
    return whole * 1000 + int((found["part"] or "0").ljust(3, "0"))


def read_place(text: str) -> int:
    """Return a place in an order, from 0, that a member typed: people count from 1. Raises ReelRefused."""
    if not text.strip().isdecimal():
        raise ReelRefused(ReelProblem.NOT_A_PLACE)
    return int(text.strip()) - 1


def piece(start: str, end: str, clip_ms: int | None) -> tuple[int, int | None]:
    """Return where a piece of a clip begins and ends, in milliseconds, as it was typed. Raises ReelRefused.

    Nothing typed means the clip's beginning or end. `clip_ms` is None where nobody knows how long the clip is.
    """
    start_ms = read_time(start) if start.strip() else 0
    end_ms = read_time(end) if end.strip() else None
    if clip_ms is not None:
        if start_ms >= clip_ms or (end_ms is not None and end_ms > clip_ms):
            raise ReelRefused(ReelProblem.PIECE_OUTSIDE, ms=clip_ms)
        if end_ms == clip_ms:
            end_ms = None
    last = clip_ms if end_ms is None else end_ms
    # A clip that is shorter itself can only be taken whole.
    if (start_ms, end_ms) != (0, None) and last is not None and last - start_ms < PIECE_MS_MIN:
        raise ReelRefused(ReelProblem.PIECE_TOO_SHORT, ms=PIECE_MS_MIN)
    return start_ms, end_ms


def read_card_seconds(text: str) -> float:
    """Return for how many seconds a title card stands, as it was typed. Raises ReelRefused."""
    seconds = read_time(text) / 1000 if text.strip() else CARD_SECONDS
    if not CARD_SECONDS_MIN <= seconds <= CARD_SECONDS_MAX:
        bounds = {"minimum": int(CARD_SECONDS_MIN), "maximum": int(CARD_SECONDS_MAX)}
        raise ReelRefused(ReelProblem.NOT_CARD_SECONDS, **bounds)
    return seconds


def last_clip(parts: Sequence[ReelPart]) -> ReelClip:
    """Return the clip that a continuation of a reel continues. Raises ReelRefused where there is none, or not yet."""
    clips = [part for part in parts if isinstance(part, ReelClip) and part.condition is not ClipCondition.GONE]
    if not clips:
        raise ReelRefused(ReelProblem.EMPTY)
    if clips[-1].condition is ClipCondition.COMING:
        raise ReelRefused(ReelProblem.LAST_IS_COMING)
    return clips[-1]


def part_ms(part: ReelPart) -> int | None:
    """Return how long a part is in a film, in milliseconds; None for a clip of which nobody knows it."""
    if isinstance(part, TitleCard):
        return round(part.seconds * 1000)
    end = part.end_ms if part.end_ms is not None else part.facts.ms if part.facts is not None else None
    return None if end is None else max(1, end - part.start_ms)


@dataclass(frozen=True, slots=True)
class Measure:
    """How large the film of a reel will be, as far as is known now."""

    ms: int
    """Milliseconds of all parts that can be in the film, with the credits."""
    unseen: int
    """Clips of which nobody knows how long they are; each counts 5 seconds."""
    coming: int
    """Clips whose video is not made yet; they do not count."""
    gone: int
    """Clips whose video was deleted or never made; they do not count."""
    clips: int
    """Clips that can be in the film."""
    format: FilmFormat
    bytes: int
    """About how large the file will be."""
    size_max: int
    """How large the file may be."""

    @property
    def seconds_that_fit(self) -> int:
        """How long a film may be whose file is not larger than it may be, and that somebody wants to see."""
        return int(self.size_max * AIM_SHARES[0] * 8 / (VIDEO_RATE_MIN + AUDIO_RATE))


def measure(reel: Reel, parts: Sequence[ReelPart], size_max: int) -> Measure:
    """Return how large the film of a reel will be whose file may have `size_max` bytes."""
    clips = [part for part in parts if isinstance(part, ReelClip)]
    ready = [clip for clip in clips if clip.condition is ClipCondition.READY]
    lengths = [part_ms(part) for part in parts if isinstance(part, TitleCard) or part in ready]
    makers = {clip.maker_id for clip in ready} if reel.credits else set()
    # One line a maker, and one above them.
    pages = credit_pages([""] * (len(makers) + 1)) if makers else ()
    ms = sum(_UNSEEN_MS if length is None else length for length in lengths)
    ms += round(sum(page.seconds for page in pages) * 1000)
    film = choose_format([clip.facts for clip in ready if clip.facts is not None])
    return Measure(
        ms=ms,
        unseen=sum(length is None for length in lengths),
        coming=sum(clip.condition is ClipCondition.COMING for clip in clips),
        gone=sum(clip.condition is ClipCondition.GONE for clip in clips),
        clips=len(ready),
        format=film,
        bytes=expected_bytes(film, ms / 1000, size_max),
        size_max=size_max,
    )


def other_fit(fit: Fit) -> Fit:
    """Return the other of the two ways."""
    return Fit.CROP if fit is Fit.LETTERBOX else Fit.LETTERBOX
