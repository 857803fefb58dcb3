"""What the tool for media files says of its end, and that what it says cannot mislead the bot."""

import errno
import json
from collections.abc import Callable, Sequence

import pytest

from bot.media.tool.answers import Problem, Progress, answer_of


def raising(error: BaseException) -> Callable[[Sequence[str]], dict[str, object]]:
    def run(_arguments: Sequence[str]) -> dict[str, object]:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Problem("clip", "broken", part=3), "clip"),
        (MemoryError(), "memory"),
        (OSError(errno.ENOMEM, "no memory"), "memory"),
        (OSError(errno.ENOSPC, "no room"), "disk"),
        (OSError(errno.EDQUOT, "no room for you"), "disk"),
        (OSError(errno.EFBIG, "too large"), "disk"),
        (OSError(errno.EINVAL, "?"), "unreadable"),
        (ValueError("x" * 5000), "unreadable"),
    ],
)
def test_every_end_has_a_code(error: BaseException, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer_of(raising(error), []) == 1
    [line] = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert said["problem"] == code
    assert len(line) < 500
    assert said.get("part") == (3 if code == "clip" else None)


def test_an_answer_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer_of(lambda arguments: {"given": list(arguments)}, ["a", "b\nc"]) == 0
    assert json.loads(capsys.readouterr().out) == {"given": ["a", "b\nc"]}


def test_progress_goes_on_in_a_second_pass(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.media.tool.answers.PROGRESS_SECONDS", 0.0)
    progress = Progress(10)
    progress.say(4)
    progress.begin_pass(1)
    progress.say(5)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [{"done": 4, "all": 10}, {"done": 15, "all": 20}]
