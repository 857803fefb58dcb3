"""Find sentences that are glued: a placeholder in the middle of one is filled with words of another.

A translator cannot give such words the case, the gender and the place that their language wants. What stands alone
(after a colon, in brackets, between dots) can be anything.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SAYING = frozenset({"say", "say_on", "say_many"})
MARKING = frozenset({"mark", "mark_on", "mark_many"})
_LISTING = frozenset({"either", "all_of"})
_BEFORE = r"(?:^|\n|[:(·→“;,.] ?|^(?:- |-# |> )?[^\w\s{]* ?)(?:\*\*)?"
_AFTER = r"(?:\*\*)?(?:$|\n|[).,;?:”]| [(·→“])"


@dataclass(frozen=True, order=True)
class Filled:
    """A placeholder that is filled with words."""

    file: str
    sentence: str
    placeholder: str
    fillers: tuple[str, ...]
    """The functions that say the words."""

    @property
    def stands_alone(self) -> bool:
        """Whether no word of the sentence leans on the placeholder."""
        return re.search(f"{_BEFORE}{{{self.placeholder}}}{_AFTER}", self.sentence) is not None


def filled_with_words(files: list[Path]) -> list[Filled]:
    """Return every placeholder in these files that a function which says words fills."""
    trees = {path: ast.parse(path.read_text()) for path in files}
    speakers = _speakers(list(trees.values()))
    return sorted({one for path, tree in trees.items() for one in _in_file(path.name, tree, speakers)})


def _speakers(trees: list[ast.Module]) -> frozenset[str]:
    """Return the names of the functions that return words: `say`, and what returns the words of another one."""
    texts = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.returns is not None and "str" in ast.unparse(node.returns)
    ]
    found = set(SAYING | _LISTING)
    while more := {node.name for node in texts if node.name not in found and called(node) & found}:
        found |= more
    return frozenset(found)


def _in_file(name: str, tree: ast.Module, speakers: frozenset[str]) -> Iterator[Filled]:
    marked = [sentence for call in _calls(tree) if _name(call) in MARKING for sentence in _literals(call)]
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        values = _assigned(function)
        for call in _calls(function):
            if _name(call) not in SAYING:
                continue
            for keyword in call.keywords:
                fillers = _fillers(keyword.value, values, frozenset()) & speakers
                if keyword.arg is None or not fillers:
                    continue
                named = [one for one in _literals(call) or marked if f"{{{keyword.arg}}}" in one]
                for sentence in named:
                    yield Filled(name, sentence, keyword.arg, tuple(sorted(fillers)))


def _fillers(value: ast.expr, values: dict[str, list[ast.expr]], seen: frozenset[str]) -> frozenset[str]:
    """Return the functions that are called for a value, also for the variables in it."""
    found = set(called(value))
    for node in ast.walk(value):
        if isinstance(node, ast.Name) and node.id in values and node.id not in seen:
            for assigned in values[node.id]:
                found |= _fillers(assigned, values, seen | {node.id})
    return frozenset(found)


def _assigned(function: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what is assigned to each variable of a function."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(node.value)
            elif isinstance(target, ast.Tuple):
                several = isinstance(node.value, ast.Tuple) and len(node.value.elts) == len(target.elts)
                parts = node.value.elts if isinstance(node.value, ast.Tuple) and several else [node.value]
                for position, one in enumerate(target.elts):
                    if isinstance(one, ast.Name):
                        found.setdefault(one.id, []).append(parts[position if several else 0])
    return found


def called(node: ast.AST) -> frozenset[str]:
    """Return the names of the functions that are called in a piece of code."""
    return frozenset(_name(call) for call in _calls(node))


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def _literals(call: ast.Call) -> list[str]:
    texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return texts[1:] if _name(call) in ("say_on", "mark_on") else texts


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
