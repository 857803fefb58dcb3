"""The plan of a film: its format comes from its clips, its parts add up, and it fits a size or says that it cannot."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.films import (
    CREDIT_LINES_MAX,
    ClipFacts,
    ClipPart,
    Film,
    FilmFormat,
    Fit,
    TitlePart,
    Transition,
    choose_format,
    clip_ms,
    credit_pages,
    encoding,
    expected_bytes,
    film_json,
    film_of,
    frame_counts,
)
from bot.domain.json_value import JsonObject


def clip(width: int = 1280, height: int = 720, rate: str = "24", ms: int = 8000) -> ClipFacts:
    return ClipFacts(width, height, Fraction(rate), ms, sound=True, size=1)


FORMATS = [
    ([], (1280, 720, "24")),
    ([clip()], (1280, 720, "24")),
    ([clip(), clip(1920, 1080)], (1920, 1080, "24")),
    ([clip(ms=9000), clip(720, 1280), clip(720, 1280)], (720, 1280, "24")),
    ([clip(3840, 2160)], (1920, 1080, "24")),
    ([clip(1080, 1920)], (1080, 1920, "24")),
    ([clip(2048, 2048)], (1080, 1080, "24")),
    ([clip(853, 481)], (852, 480, "24")),
    ([clip(rate="30000/1001"), clip(rate="24", ms=4000)], (1280, 720, "30000/1001")),
    ([clip(rate="24"), clip(rate="30")], (1280, 720, "30")),
    ([clip(rate="15360/641")], (1280, 720, "24000/1001")),
    ([clip(rate="240")], (1280, 720, "60")),
    ([clip(rate="1")], (1280, 720, "12")),
    ([clip(4096, 1)], (1920, 64, "24")),
]


@pytest.mark.parametrize(("clips", "expected"), FORMATS)
def test_the_format_is_that_of_most_of_the_clips_time(clips: list[ClipFacts], expected: tuple[int, int, str]) -> None:
    width, height, rate = expected
    assert choose_format(clips) == FilmFormat(width, height, Fraction(rate))


@given(st.lists(st.builds(clip, st.integers(1, 4096), st.integers(1, 4096)), max_size=20))
def test_every_format_can_be_encoded(clips: list[ClipFacts]) -> None:
    chosen = choose_format(clips)
    assert chosen.width % 2 == chosen.height % 2 == 0
    assert 64 <= chosen.width <= 1920
    assert 64 <= chosen.height <= 1920


@given(
    st.lists(st.fractions(Fraction(1, 1000), 60), min_size=1, max_size=200),
    st.sampled_from([Fraction(24), Fraction(30000, 1001), Fraction(60)]),
)
def test_parts_add_up_within_one_picture(lengths: list[Fraction], rate: Fraction) -> None:
    counts = frame_counts(lengths, rate)
    assert all(count >= 1 for count in counts)
    long_enough = [length for length in lengths if length * rate >= 1]
    if len(long_enough) == len(lengths):
        assert abs(sum(counts) - sum(lengths) * rate) <= 1


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (ClipPart("a"), 8000),
        (ClipPart("a", 1000), 7000),
        (ClipPart("a", 1000, 3500), 2500),
        (ClipPart("a", 0, 99_000), 8000),
        (ClipPart("a", 9000), 1),
        (ClipPart("a", 5000, 4000), 1),
    ],
)
def test_a_piece_is_as_long_as_what_is_left_of_the_clip(part: ClipPart, expected: int) -> None:
    assert clip_ms(part, 8000) == expected


FULL_HD = FilmFormat(1920, 1080, Fraction(24))


@pytest.mark.parametrize(
    ("seconds", "size", "expected"),
    [
        (10, 10_000_000, (1920, 1080)),
        (60, 10_000_000, (1440, 810)),
        (200, 10_000_000, (640, 360)),
        (400, 10_000_000, None),
        (10, 1000, None),
    ],
)
def test_a_long_film_is_made_smaller_until_nobody_would_want_to_see_it(
    seconds: float, size: int, expected: tuple[int, int] | None
) -> None:
    plan = encoding(FULL_HD, seconds, size, sound=True)
    assert (None if plan is None else (plan.width, plan.height)) == expected
    if plan is not None:
        assert (plan.video_rate + 128_000) * seconds / 8 <= size


def test_the_expected_size_grows_with_the_length_and_ends_at_the_limit() -> None:
    assert 0 < expected_bytes(FULL_HD, 4, 10**9) < expected_bytes(FULL_HD, 8, 10**9)
    assert expected_bytes(FULL_HD, 800, 10_000_000) <= 10_000_000


def test_credits_are_pages_that_can_be_read() -> None:
    assert credit_pages(()) == ()
    pages = credit_pages([f"member {number}" for number in range(CREDIT_LINES_MAX + 1)])
    assert [page.text.count("\n") + 1 for page in pages] == [CREDIT_LINES_MAX, 1]
    assert pages[0].seconds > pages[1].seconds


PARTS = st.one_of(
    st.builds(
        ClipPart,
        st.text(),
        st.integers(0, 10**6),
        st.none() | st.integers(0, 10**6),
        st.booleans(),
        st.sampled_from(Transition),
    ),
    st.builds(TitlePart, st.text(), st.floats(0.5, 30), st.sampled_from(Transition), st.booleans()),
)
FILMS = st.builds(
    Film,
    st.just(FilmFormat(1280, 720, Fraction(30000, 1001))),
    st.lists(PARTS, max_size=5).map(tuple),
    st.integers(1, 10**9),
    st.sampled_from(Fit),
    st.none() | st.text(),
    st.lists(st.text(), max_size=3).map(tuple),
)


@given(FILMS)
def test_a_plan_is_the_same_after_its_way_as_json(film: Film) -> None:
    assert film_of(json.loads(json.dumps(film_json(film)))) == film


@pytest.mark.parametrize("broken", [{}, {"format": [1, 2]}, {**film_json(Film(FULL_HD, (), 1)), "parts": [{}]}])
def test_what_is_no_plan_is_refused(broken: JsonObject) -> None:
    with pytest.raises(ValueError, match="this is no p"):
        film_of(broken)
