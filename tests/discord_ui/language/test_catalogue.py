"""Every sentence is in the template, the template has no others, and no word goes past it."""

import ast
from pathlib import Path

import pytest

from bot.discord_ui.language.catalogues import FOLDER, TEMPLATE
from bot.discord_ui.language.extraction import KEYWORDS, ROOMS, extracted, template_text
from tests.discord_ui.language.bypassing import bypassing

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.parent.name != "language")
NOT_FOR_PEOPLE = {
    "bot/discord_ui/commands/builder.py": {
        "there are more models than Discord has room for commands",
        " is longer than Discord allows",
    },
    "bot/discord_ui/interactions/answers.py": {"' of guild "},
    "bot/discord_ui/interactions/input_files.py": {"Range"},
    "bot/discord_ui/posting/refunds.py": {"quota refund"},
    "bot/discord_ui/posting/errors.py": {"rate limited"},
    "cogs/privacy.py": {"this server"},
}
"""Words for the log, a header of HTTP, a command's name, and a choice that a handler reads."""
READS_ENGLISH = {"bot/discord_ui/views/old_audit_words.py"}
"""Files that read sentences of an earlier version."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_template_is_what_the_code_says() -> None:
    fresh = template_text(extracted(ROOT))
    assert (FOLDER / TEMPLATE).read_text(encoding="utf-8") == fresh, "run make words"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_words_go_past_the_catalogue(path: Path) -> None:
    if name_of(path) not in READS_ENGLISH:
        found = {text for _, text in bypassing(path)}
        assert found == NOT_FOR_PEOPLE.get(name_of(path), set())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_sentences_are_collected(path: Path) -> None:
    for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) not in KEYWORDS:
            continue
        sentences = {"say_many": call.args[:2], "mark_many": call.args[:2]}.get(ast.unparse(call.func), call.args)
        chosen = [arg for arg in sentences if not isinstance(arg, ast.Constant)]
        inside = [node.value for arg in chosen for node in ast.walk(arg) if isinstance(node, ast.Constant)]
        texts = [value for value in inside if isinstance(value, str)]
        assert not texts, f"{path.name}:{call.lineno}: Babel takes {texts} for a sentence; choose the sentence before"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_sentences_are_literals_where_they_can_be_collected(path: Path) -> None:
    for text in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)):
        calls = [call for call in ast.walk(text) if isinstance(call, ast.Call) and ast.unparse(call.func) in KEYWORDS]
        literal = [call for call in calls if isinstance(call.args[0], ast.Constant)]
        assert not literal, f"{path.name}:{text.lineno}: Python 3.11 shows no calls inside of an f-string"
