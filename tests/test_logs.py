"""The log, for people and for programs."""

import json
import logging
import sys
from io import StringIO

import pytest

from bot.logs import Format, JsonLines, set_up_logging


@pytest.fixture(autouse=True)
def as_before() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def record(text: str = "job %s is slow", *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("bot.workers.poller", logging.WARNING, __file__, 1, text, args or ("a1",), None)
    vars(made).update(extra)
    return made


def test_a_line_has_the_ids_as_fields_of_their_own() -> None:
    line = json.loads(JsonLines().format(record(action="poll", job="a1", guild=7)))
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning", "logger": "bot.workers.poller", "text": "job a1 is slow",
        "action": "poll", "job": "a1", "guild": 7,
    }  # fmt: skip


def test_what_json_does_not_know_and_several_lines_stay_one_line() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        made = record("über\n%s", object(), things={1, 2})
        made.exc_info = sys.exc_info()
    line = JsonLines().format(made)
    assert "\n" not in line
    assert "ValueError: first\nsecond" in json.loads(line)["error"]


@pytest.mark.parametrize(
    ("form", "terminal", "as_json"),
    [("auto", True, False), ("auto", False, True), ("text", False, False), ("json", True, True)],
)
def test_a_terminal_gets_text_and_everything_else_json(
    form: Format, terminal: bool, as_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logging("INFO", form)
    logging.getLogger("bot").info("here", extra={"job": "a1"})
    assert stream.getvalue().startswith("{") is as_json
    assert ("a1" in stream.getvalue()) is as_json
