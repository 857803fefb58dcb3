"""Word lists: what they find however it is written, what they leave alone, and what cannot be made slow."""

from typing import Any

import pytest

from bot.domain import word_list
from bot.domain.folding import fold
from bot.domain.guard import Guard
from bot.domain.word_list import BadEntry, EntryProblem, RefusedLine, add_lines, compiled, read_entry


def found(entries: list[str], text: str, *, leet: bool = False) -> set[str]:
    return set(Guard(entries, leet=leet).matches(text))


@pytest.mark.parametrize(
    "text",
    [
        "bad",
        "BAD!",
        "a (bad) day",
        "ｂａｄ",
        "𝐛𝐚𝐝",
        "𝓫𝓪𝓭",
        "ⓑⓐⓓ",
        "🅱🅰🅳",
        "🇧🇦🇩",
        "bád",
        "b̷a̷d",
        "b̴̧̛̳̈a̵̘͐d̶̰͝",
        "bаd",  # Cyrillic а
        "ВАD",  # Cyrillic capitals
        "ʙᴀᴅ",
        "đ bađ",
        "b\u200ba\u200dd",
        "b\u00ada\u2060d",
        "b\ufe0fa\U000e0101d",
        "b a d",
        "so b a d now",
        "I b a d",
        "b  a \t d",
        "b.a.d",
        "b-a-d",
        "b_a_d",
        "ba.d",
        "b*a*d",
        "b🙂a🙂d",
        "b\u2800a\u2800d",
        "死bad死",
    ],
)
def test_a_word_is_found_however_it_is_written(text: str) -> None:
    assert found(["bad"], text) == {"bad"}


@pytest.mark.parametrize("text", ["badge", "forbad", "a bd", "b4d", "ba d", "b and d", "", " ", "\u0301" * 50])
def test_other_words_are_left_alone(text: str) -> None:
    assert found(["bad"], text) == set()


@pytest.mark.parametrize(
    ("entry", "text", "is_found"),
    [
        ("very bad", "it is VERY   bad.", True),
        ("very bad", "very, bad", True),
        ("very bad", "v e r y b a d", True),
        ("very bad", "very badly", False),
        ("naz*", "nazis", True),
        ("naz*", "gonaz", False),
        ("*hole", "asshole", True),
        ("*hole", "holes", False),
        ("*hole*", "assholes", True),
        ("café", "CAFE", True),
        ("cafe", "café", True),
        ("straße", "STRASSE", True),
        ("плохо", "ПЛОХО", True),
        ("вор", "ВОР", True),
        ("हिंसा", "यह हिंसा है", True),
        ("הרג", "הָרַג", True),
        ("死", "死ね", True),
        ("ばか", "おまえはばかだ", True),
        ("ばか", "はか", False),
        ("바보", "바보", True),
        ("ㅤbad", "bad", True),
        ("/ba+d \\d{2}/", "BAAAD 22", True),
        ("/ba+d/", "b\u0430\u0430d", True),
        ("/caf[eé]s?/", "CAFÉS", True),
        ("/\\bfree\\W+money/", "free, MONEY", True),
    ],
)
def test_phrases_parts_of_words_other_scripts_and_patterns(entry: str, text: str, is_found: bool) -> None:
    assert (found([entry], text) == {entry}) is is_found


@pytest.mark.parametrize("text", ["b4d", "B@D", "8 4 d", "k1ll", "k!||", "5h1t", "$h!+"])
def test_digits_and_signs_are_letters_only_where_the_option_is_on(text: str) -> None:
    words = ["bad", "kill", "shit"]
    assert len(found(words, text, leet=True)) == 1
    assert found(words, text) == set()


def test_a_word_before_an_exclamation_mark_is_found_with_leetspeak_too() -> None:
    assert found(["kill", "1984"], "kill! 1984!", leet=True) == {"kill", "1984"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("!!!", EntryProblem.NOTHING_TO_FIND),
        ("**", EntryProblem.NOTHING_TO_FIND),
        ("a*b", EntryProblem.STAR_INSIDE),
        ("*a*", EntryProblem.TOO_SHORT_FOR_A_STAR),
        ("x" * 101, EntryProblem.TOO_LONG),
        ("/" + "x" * 260 + "/", EntryProblem.TOO_LONG),
        ("/(/", EntryProblem.NOT_A_PATTERN),
        ("/(a)\\1/", EntryProblem.NOT_A_PATTERN),
        ("/(?=x)y/", EntryProblem.NOT_A_PATTERN),
        ("/((a{100}){100}){100}/", EntryProblem.NOT_A_PATTERN),
        ("/.*/", EntryProblem.FINDS_EVERYTHING),
        ("/[a-z0-9]/", EntryProblem.FINDS_EVERYTHING),
        ("/x?/", EntryProblem.FINDS_EVERYTHING),
        ("/\\pL{50}/", EntryProblem.TOO_COSTLY),
    ],
)
def test_a_line_that_cannot_be_an_entry_is_refused_with_its_reason(line: str, why: EntryProblem) -> None:
    [refused] = add_lines((), line).refused
    assert (refused.line, refused.why) == (line, why)
    if why is EntryProblem.NOT_A_PATTERN:
        assert refused.detail


def test_many_lines_are_added_at_once_and_each_is_judged() -> None:
    outcome = add_lines(["bad"], "worse\n\n  bad \nworst  of   all\nworse\na*b\n")
    assert outcome.added == ("worse", "worst of all")
    assert outcome.known == 2
    assert outcome.refused == (RefusedLine("a*b", EntryProblem.STAR_INSIDE),)


def test_a_list_has_an_end() -> None:
    full = [f"word{n}" for n in range(word_list.ENTRIES_MAX)]
    assert [line.why for line in add_lines(full, "one more\nword7").refused] == [EntryProblem.LIST_FULL]
    patterns = [f"/x{n}y/" for n in range(word_list.PATTERNS_MAX)]
    assert [line.why for line in add_lines(patterns, "/one more/").refused] == [EntryProblem.TOO_MANY_PATTERNS]
    costly = [f"/x{{{n}}}y/" for n in range(480, 484)]
    assert [line.why for line in add_lines(costly, "/y{500}/").refused] == [EntryProblem.TOO_COSTLY]


HOSTILE = [f"/[ab]*a[ab]{{{n}}}c/" for n in range(2, 40)] + ["/(a+)+$/", "/(a|a)*c/", "/(x+x+)+y/"]


def test_the_work_of_hostile_patterns_is_bounded_by_the_length_of_the_text() -> None:
    """RE2 has no backtracking: its work is at most the instructions of a pattern times the length of the text."""
    outcome = add_lines((), "\n".join(HOSTILE))
    assert outcome.refused == ()
    entries = [read_entry(line) for line in outcome.added]
    instructions = sum(int(compiled(entry.pattern).programsize) for entry in entries if entry.pattern)
    assert instructions <= word_list.INSTRUCTIONS_MAX
    assert found(HOSTILE, "ab" * 3000 + "x" * 6000) == set(), "with backtracking this would not end"


def test_five_thousand_words_are_searched_for_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard([f"word{n}" for n in range(word_list.ENTRIES_MAX)])
    passes: list[int] = []

    class Counting:
        def __init__(self, automaton: Any) -> None:
            self._automaton = automaton

        def iter(self, text: str) -> object:
            passes.append(len(text))
            return self._automaton.iter(text)

    monkeypatch.setattr(guard, "_words", Counting(guard._words))
    monkeypatch.setattr(guard, "_letters", Counting(guard._letters))
    prompt = ("a lighthouse at dusk, w.o.r.d " * 300)[:6000]
    assert list(guard.matches(prompt)) == []
    assert len(passes) == 3
    assert sum(passes) <= 3 * (len(prompt) + 2)


@pytest.mark.parametrize("character", ["\ufdfa", "㍿", "ﷻ", "ß", "e\u0301\u0327\u0323"])
def test_folding_makes_no_text_much_longer(character: str) -> None:
    text = character * 1000
    assert len(fold(text)) <= 4 * len(text)


def test_an_entry_that_this_version_cannot_read_is_named_and_the_others_are_searched_for() -> None:
    guard = Guard(["bad", "/(/"])
    assert guard.unreadable == ["/(/"]
    assert guard.first(["nothing", "so bad"]) == "bad"
    with pytest.raises(BadEntry):
        read_entry("/(/")
