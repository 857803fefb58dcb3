"""Sentences are whole: what fills a placeholder stands alone, or is a name, an amount or a measure."""

from pathlib import Path

import pytest

from bot.discord_ui.language.extraction import ROOMS
from tests.discord_ui.language.gluing import Filled, filled_with_words

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.parent.name != "language")
ALLOWED = {
    "names, which no language inflects, and lists of them": {
        "person", "actor_words", "subject_words", "_shown_name", "one_of", "_names", "all_of", "permission_names",
        "title_of",
    },
    "a number with a noun that stands where its first case is right: “costs 100 credits”": {"amount_words"},
    "a number with the sign of a unit: “90 s”, “4.5 MB”": {
        "seconds", "usual_time", "_clock", "file_size", "alternatives", "lengths_words", "length_words",
    },
    "values of options as they are chosen, and names in quotation marks: “9:16 · 10 s”": {"fixed_words", "quoted"},
    "an ordinal, in whose place another language may write the number": {"_ordinal"},
    "a sentence of its own at the end": {"_lifetime"},
}  # fmt: skip
"""Why words may stand in the middle of a sentence, and the functions that say such words."""
NAMED = {("guilds_page.py", "server")}
"""Placeholders that are filled with a name, or with words in the place of an unknown one."""


def test_no_sentence_is_glued_of_pieces() -> None:
    allowed = frozenset().union(*ALLOWED.values())
    glued = [
        one
        for one in filled_with_words(FILES)
        if not (one.stands_alone or allowed.issuperset(one.fillers) or (one.file, one.placeholder) in NAMED)
    ]
    assert glued == []


def test_nothing_is_allowed_in_vain() -> None:
    leaning = [one for one in filled_with_words(FILES) if not one.stands_alone]
    used = {filler for one in leaning for filler in one.fillers}
    assert {name for names in ALLOWED.values() for name in names} - used == set()
    assert {(one.file, one.placeholder) for one in leaning} >= NAMED


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("Left: {x}", True),
        ("Left: {x}. It renews.", True),
        ("**{x}** · {y}", True),
        ("- {x}: nothing", True),
        ("This costs {y} ({x}). It renews.", True),
        ("⏳ {x}", True),
        ("budget: {x} → {y}", True),
        ("Giving {x} {y} has no effect", False),
        ("by {x}", False),
        ("{x} may ask again", False),
        ("It is {x}.", False),
    ],
)
def test_words_stand_alone_between_marks(sentence: str, alone: bool) -> None:
    assert Filled("", sentence, "x", ()).stands_alone is alone


def test_what_fills_a_placeholder_is_followed_through_variables_and_functions(tmp_path: Path) -> None:
    path = tmp_path / "some_words.py"
    path.write_text(
        """
def state_words(job: Job) -> str:
    return say("done") if job.ended else "…"

def too_late(job: Job) -> str:
    state, other = state_words(job), 3
    return say("It is {state} and {other}.", state=state, other=other)

WORDS = mark("{state} it is")

def marked(job: Job) -> str:
    return say(WORDS, state=state_words(job))
"""
    )
    assert [(one.sentence, one.placeholder, one.fillers) for one in filled_with_words([path])] == [
        ("It is {state} and {other}.", "state", ("state_words",)),
        ("{state} it is", "state", ("state_words",)),
    ]
