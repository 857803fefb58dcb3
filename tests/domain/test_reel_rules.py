"""The rules of reels: rights, orders, times that people type, and how long a film will be."""

from fractions import Fraction

import pytest

from bot.domain.films import ClipFacts, Fit, Transition
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import (
    Actor,
    last_clip,
    may_edit,
    measure,
    moved,
    part_ms,
    piece,
    read_card_seconds,
    read_place,
    read_time,
    why_not_add,
    written,
)
from bot.domain.reels import ClipCondition, Reel, ReelAccess, ReelClip, ReelPart, TitleCard

MAKER, NAMED, OTHER = 1, 2, 3
MB = 1024 * 1024


def reel(access: ReelAccess = ReelAccess.EVERYBODY, *, credits: bool = False) -> Reel:
    return Reel(9, 5, 6, MAKER, "Night", 1, access, Fit.LETTERBOX, credits, 0.0, 0.0, None, None)


def clip(
    ms: int | None = 8000,
    condition: ClipCondition = ClipCondition.READY,
    *,
    start: int = 0,
    end: int | None = None,
    maker: int = MAKER,
) -> ReelClip:
    facts = None if ms is None else ClipFacts(1280, 720, Fraction(24), ms, sound=True, size=MB)
    return ReelClip(
        1, Transition.CUT, MAKER, "j", 0, maker, "Veo", "a fox", False, condition, start, end, sound=True, facts=facts
    )


CARD = TitleCard(2, Transition.CUT, MAKER, "The end", 3.0)


@pytest.mark.parametrize(
    ("access", "actor", "problem"),
    [
        (ReelAccess.EVERYBODY, Actor(OTHER), None),
        (ReelAccess.NAMED, Actor(NAMED), None),
        (ReelAccess.NAMED, Actor(OTHER), ReelProblem.NOT_AMONG_NAMED),
        (ReelAccess.CLOSED, Actor(NAMED), ReelProblem.CLOSED),
        *((access, Actor(MAKER), None) for access in ReelAccess),
        *((access, Actor(OTHER, moderates=True), None) for access in ReelAccess),
    ],
)
def test_who_may_add(access: ReelAccess, actor: Actor, problem: ReelProblem | None) -> None:
    assert why_not_add(reel(access), [NAMED], actor) is problem


def test_only_the_maker_and_moderators_edit() -> None:
    assert [may_edit(reel(), Actor(who)) for who in (MAKER, NAMED, OTHER)] == [True, False, False]
    assert may_edit(reel(), Actor(OTHER, moderates=True))


@pytest.mark.parametrize(
    ("place", "order"),
    [(-5, [7, 5, 6]), (0, [7, 5, 6]), (1, [5, 7, 6]), (2, [5, 6, 7]), (99, [5, 6, 7])],
)
def test_a_part_is_moved_to_a_place_within_the_order(place: int, order: list[int]) -> None:
    assert moved([5, 6, 7], 7, place) == order


def test_a_part_that_is_gone_is_not_moved() -> None:
    with pytest.raises(ReelRefused):
        moved([5, 6], 7, 0)


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("2", 2000),
        (" 2.5 ", 2500),
        ("2,5 s", 2500),
        ("1:02.5", 62_500),
        ("0:00", 0),
        ("0.04", 40),
        ("1:2", 62_000),
        ("１２", 12_000),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, ms: int) -> None:
    assert read_time(typed) == ms


@pytest.mark.parametrize("typed", ["", "x", "-1", "1:", ":5", "1e3", "2.5.1", "99999", "1:00:00", "2m"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ReelRefused) as refused:
        read_time(typed)
    assert refused.value.problem is ReelProblem.NOT_A_TIME


@pytest.mark.parametrize(
    ("start", "end", "ms", "found"),
    [
        ("", "", 8000, (0, None)),
        ("1", "3.5", 8000, (1000, 3500)),
        ("1", "8", 8000, (1000, None)),  # its end is the clip's
        ("1", "900", None, (1000, 900_000)),  # nobody knows how long it is
        ("", "", 50, (0, None)),  # a clip that is shorter than a piece may be
    ],
)
def test_a_piece_is_read(start: str, end: str, ms: int | None, found: tuple[int, int | None]) -> None:
    assert piece(start, end, ms) == found


@pytest.mark.parametrize(
    ("start", "end", "ms", "problem"),
    [
        ("8", "", 8000, ReelProblem.PIECE_OUTSIDE),
        ("", "8.1", 8000, ReelProblem.PIECE_OUTSIDE),
        ("3", "3.05", 8000, ReelProblem.PIECE_TOO_SHORT),
        ("5", "2", None, ReelProblem.PIECE_TOO_SHORT),
        ("7.95", "", 8000, ReelProblem.PIECE_TOO_SHORT),
        ("", "0", 8000, ReelProblem.PIECE_TOO_SHORT),
    ],
)
def test_a_piece_that_cannot_be_is_refused(start: str, end: str, ms: int | None, problem: ReelProblem) -> None:
    with pytest.raises(ReelRefused) as refused:
        piece(start, end, ms)
    assert refused.value.problem is problem


@pytest.mark.parametrize(("typed", "seconds"), [("", 3.0), ("1", 1.0), ("10", 10.0), ("2,5", 2.5)])
def test_the_seconds_of_a_title_card_are_read(typed: str, seconds: float) -> None:
    assert read_card_seconds(typed) == seconds


@pytest.mark.parametrize("typed", ["0.9", "10.1", "600"])
def test_a_title_card_stands_neither_too_short_nor_too_long(typed: str) -> None:
    with pytest.raises(ReelRefused):
        read_card_seconds(typed)


@pytest.mark.parametrize(("typed", "place"), [("1", 0), (" 12 ", 11), ("0", -1)])
def test_places_are_counted_from_one_by_people(typed: str, place: int) -> None:
    assert read_place(typed) == place


@pytest.mark.parametrize("words", ["", "  \n", "\u200b\u200b", "\u2060"])
def test_words_that_nobody_sees_are_none(words: str) -> None:
    with pytest.raises(ReelRefused):
        written(words, 100)


def test_words_are_cut_to_their_room() -> None:
    assert written(f"  {'x' * 120} ", 100) == "x" * 100


@pytest.mark.parametrize(
    ("part", "ms"),
    [
        (clip(8000), 8000),
        (clip(8000, start=1000), 7000),
        (clip(8000, start=1000, end=3000), 2000),
        (clip(None), None),
        (clip(None, start=1000, end=3000), 2000),
        (CARD, 3000),
    ],
)
def test_a_part_is_as_long_as_its_piece(part: ReelClip | TitleCard, ms: int | None) -> None:
    assert part_ms(part) == ms


def test_a_film_is_the_sum_of_what_can_be_in_it() -> None:
    parts: list[ReelPart] = [
        clip(8000),
        clip(None),
        clip(8000, ClipCondition.GONE),
        clip(8000, ClipCondition.COMING),
        CARD,
    ]
    sums = measure(reel(), parts, 10 * MB)
    assert (sums.ms, sums.clips, sums.unseen, sums.coming, sums.gone) == (8000 + 5000 + 3000, 2, 1, 1, 1)
    assert (sums.format.width, sums.format.height) == (1280, 720)
    assert 0 < sums.bytes < 10 * MB


def test_credits_make_a_film_longer_with_each_maker() -> None:
    without = measure(reel(), [clip()], 10 * MB).ms
    one = measure(reel(credits=True), [clip()], 10 * MB).ms
    two = measure(reel(credits=True), [clip(), clip(maker=OTHER)], 10 * MB).ms
    assert without < one < two - 8000


def test_the_last_clip_is_continued_unless_it_is_being_made() -> None:
    gone, coming = clip(1, ClipCondition.GONE), clip(1, ClipCondition.COMING)
    ready = clip()
    assert last_clip([ready, CARD, gone]) is ready
    cases: list[tuple[list[ReelPart], ReelProblem]] = [
        ([ready, coming], ReelProblem.LAST_IS_COMING),
        ([CARD, gone], ReelProblem.EMPTY),
    ]
    for parts, problem in cases:
        with pytest.raises(ReelRefused) as refused:
            last_clip(parts)
        assert refused.value.problem is problem
