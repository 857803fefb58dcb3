"""Title cards: words in any script stand in the middle, within the picture, and in the order in which they are read."""

import pytest
from PIL import Image

from bot.media.tool.fonts import Face, Run, runs_of
from bot.media.tool.titles import BACKGROUND, _as_seen, title_card


def words_box(card: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the smallest box around everything that is not background: left, top, right, bottom."""
    dark = max(BACKGROUND) + 40
    return card.convert("L").point([255 if value > dark else 0 for value in range(256)]).getbbox()


@pytest.mark.parametrize(
    "text",
    [
        "The fox",
        "A long title of very many words that goes on and on " * 3,
        "x" * 400,
        "one\ntwo\nthree",
        "日本語の題名がここにあります" * 8,
        "مرحبا بالعالم " * 10,
        "😀" * 60,
        "line\n" * 60,
    ],
)
@pytest.mark.parametrize(("width", "height"), [(640, 360), (360, 640), (128, 72)])
@pytest.mark.parametrize("small", [False, True])
def test_words_stand_within_the_picture_and_in_its_middle(text: str, width: int, height: int, small: bool) -> None:
    card = title_card(text, width, height, small=small)
    assert card.size == (width, height)
    box = words_box(card)
    assert box is not None
    left, top, right, bottom = box
    assert left > 0.04 * width
    assert right < 0.96 * width
    assert top > 0
    assert bottom < height
    assert abs((left + right) / 2 - width / 2) < 0.06 * width
    assert abs((top + bottom) / 2 - height / 2) < 0.12 * height


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00\x07", "\u202e\u2066"])
def test_a_text_without_anything_to_see_is_an_empty_card(text: str) -> None:
    assert words_box(title_card(text, 320, 180)) is None


@pytest.mark.parametrize("line", ["a שלום b", "abc", "👨‍👩‍👧 and 🇫🇷!", "é", "✈️ x", "한국어 हिन्दी", ""])
def test_every_character_is_in_one_run_in_its_order(line: str) -> None:
    assert "".join(run.text for run in runs_of(line)) == line


@pytest.mark.parametrize("together", ["👨‍👩‍👧", "✈️", "é", "👍🏽", "🏴\U000e0067\U000e0062\U000e007f"])
def test_what_is_one_character_to_a_reader_is_not_torn_apart(together: str) -> None:
    assert len(runs_of(together)) == 1


def seen(line: str) -> list[str]:
    runs = [run.text.strip() for run in _as_seen(runs_of(line), rtl=runs_of(line)[0].rtl)]
    return [text for text in runs if text]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("say שלום now", ["say", "שלום", "now"]),
        ("שלום world שלום", ["שלום", "world", "שלום"]),
        ("אבא mama 12", ["mama 12", "אבא"]),
    ],
)
def test_words_that_run_the_other_way_stand_where_readers_expect_them(line: str, expected: list[str]) -> None:
    assert seen(line) == expected


def test_fonts_do_not_share_a_run() -> None:
    one, other = Face(None), Face(None, emoji=True)
    assert _as_seen([Run("a", one, rtl=False), Run("b", other, rtl=False)], rtl=False)[0].text == "a"
    assert [run.text for run in _as_seen([Run("a", one, rtl=True), Run("b", other, rtl=True)], rtl=True)] == ["b", "a"]
