"""Finds words in the code that go to people without passing the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.discord_ui.language.extraction import KEYWORDS

_SENTENCE = re.compile(
    r"[A-Za-z]{2,}[,:;.…]? [A-Za-z{]|[A-Za-z]{2,}[.!?…]$|^[A-Z][a-z]+$|[a-z]{2,}: $|^ ?[a-z]+ $|^ [a-z]{2,}"
)
"""Words with a space between them, a word that ends a sentence, a word on its own with a capital letter."""
_COMMAND = re.compile(r"`/[a-z ]+`")
"""A command in code: it is the same in every language."""
_NOT_FOR_PEOPLE = {
    *KEYWORDS, "compile", "TypeVar", "ParamSpec", "getLogger", "cast", "getattr", "findfont", "Column", "tasks",
    "debug", "info", "log", "critical", "warning", "error", "exception",
    "ValueError", "LookupError", "RuntimeError", "TypeError", "AssertionError",
}  # fmt: skip
"""Calls whose strings are for the catalogue, for the log, or for the program itself."""
_NAMES = {"custom_id", "extra", "name", "template", "key"}
"""Arguments that hold names, not words."""


def bypassing(path: Path) -> list[tuple[int, str]]:
    """Return the words in a file that are in no catalogue, each with its line."""
    tree = ast.parse(path.read_text())
    return sorted(set(_words(tree)))


def _words(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Raise():
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc) == "Declined":
                yield from _words(node.exc)
            return
        case ast.Call() if _name(node) in _NOT_FOR_PEOPLE:
            # What fills a sentence's placeholders is read by people, too.
            for value in [keyword.value for keyword in node.keywords if _name(node) in KEYWORDS]:
                yield from _words(value)
            return
        case ast.keyword(arg=name) if name in _NAMES:
            return
        case ast.arg() | ast.Subscript(slice=ast.Constant()):
            return
        case ast.AnnAssign(annotation=_, value=value):
            if value is not None:
                yield from _words(value)
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for part in [*node.body, *node.decorator_list, *node.args.defaults, *node.args.kw_defaults]:
                if part is not None:
                    yield from _words(part)
            return
        case ast.Constant(value=str() as text):
            if _SENTENCE.search(text) and not _COMMAND.fullmatch(text):
                yield node.lineno, text
            return
    for child in ast.iter_child_nodes(node):
        yield from _words(child)


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
