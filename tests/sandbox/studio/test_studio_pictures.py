"""The parts of the picture that need no video: which landscape a prompt gets, and how its words are set."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("PIL.Image", reason="the sandbox extra (PyAV, Pillow) is not installed: no drawing tests")

from sandbox.studio.video.caption import LINES_MAX, font, wrap
from sandbox.studio.video.palette import PALETTES, choose


@pytest.mark.parametrize(
    ("prompt", "colours", "shape"),
    [
        ("A fox in the SNOW", "snow", "mountains"),
        ("two whales in the sea at night", "sea", "waves"),
        ("Tokyo street at sunset", "sunset", "city"),
        ("pine forests", "forest", "forest"),
    ],
)
def test_words_of_the_prompt_pick_the_landscape(prompt: str, colours: str, shape: str) -> None:
    assert choose(prompt, random.Random(1)) == (PALETTES[colours], shape)


def test_only_whole_words_count() -> None:
    assert {choose("a device at the start of the season", random.Random(seed))[1] for seed in range(20)} != {"waves"}


@pytest.mark.parametrize(
    "text", ["short", "one two three four five six seven eight nine ten " * 9, "x" * 3000, "ab " * 999]
)
def test_a_prompt_is_set_in_at_most_three_lines_that_fit(text: str) -> None:
    face = font(20, cjk=False)
    lines = wrap(text, face, 300)
    assert 1 <= len(lines) <= LINES_MAX
    assert all(face.getlength(line) <= 300 for line in lines)
    assert lines[-1].endswith("…") == (len(text) > 60)
