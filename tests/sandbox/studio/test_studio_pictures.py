"""The parts of the picture that need no video: colours that belong to a prompt, and how its words are set."""

import pytest

pytest.importorskip("PIL.Image", reason="the sandbox extra (PyAV, Pillow) is not installed: no drawing tests")

from sandbox.studio.video.clip import ClipSpec
from sandbox.studio.video.picture import LINES_MAX, frames, load_font, wrap


def first_picture(prompt: str) -> bytes:
    return next(frames(ClipSpec(prompt, "Model", "1 s", 64, 36, 1.0, audio=False))).tobytes()


def test_each_prompt_has_its_own_picture() -> None:
    assert first_picture("a fox") == first_picture("a fox") != first_picture("a hare")


@pytest.mark.parametrize(
    "text", ["short", "one two three four five six seven eight nine ten " * 9, "x" * 3000, "ab " * 999]
)
def test_a_prompt_is_set_in_at_most_three_lines_that_fit(text: str) -> None:
    font = load_font(20)
    lines = wrap(text, font, 300)
    assert 1 <= len(lines) <= LINES_MAX
    assert all(font.getlength(line) <= 300 for line in lines)
    assert lines[-1].endswith("…") == (len(text) > 60)
