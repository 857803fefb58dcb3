"""What the tool says on its standard output: one JSON object a line, the last of which is its answer."""

import errno
import json
import sys
import time
from collections.abc import Callable, Sequence

PROGRESS_SECONDS = 0.5
"""Seconds between two lines of progress."""
_WHY_CHARACTERS_MAX = 200


class Problem(Exception):
    """The command cannot be carried out. `code` is for the program that asked, the message for its log."""

    def __init__(self, code: str, why: str, **facts: int) -> None:
        super().__init__(why)
        self.code = code
        self.facts = facts


class Progress:
    """Say how much is done, at most every PROGRESS_SECONDS."""

    def __init__(self, steps: int) -> None:
        """Make the progress of a pass of `steps`. A further pass adds as many."""
        self._steps = steps
        self._before = 0
        self._said_at = 0.0

    def begin_pass(self, number: int) -> None:
        """Begin pass `number`, from 0."""
        self._before = number * self._steps

    def say(self, done: int) -> None:
        """Say that `done` steps of this pass are done."""
        now = time.monotonic()
        if now - self._said_at >= PROGRESS_SECONDS:
            self._said_at = now
            _write({"done": self._before + done, "all": self._before + self._steps})


def answer_of(run: Callable[[Sequence[str]], dict[str, object]], arguments: Sequence[str]) -> int:
    """Run a command, write its answer or its problem, and return the exit status."""
    try:
        answer = run(arguments)
    except Problem as problem:
        return _refuse(problem.code, str(problem), problem.facts)
    except MemoryError:
        return _refuse("memory", "no memory is left")
    except Exception as error:  # noqa: BLE001  # a stranger's file may bring up anything
        number = getattr(error, "errno", None)
        code = "memory" if number == errno.ENOMEM else "disk" if number in _DISK_ERRORS else "unreadable"
        return _refuse(code, f"{type(error).__name__}: {error}")
    _write(answer)
    return 0


_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _refuse(code: str, why: str, facts: dict[str, int] | None = None) -> int:
    _write({"problem": code, "why": why[:_WHY_CHARACTERS_MAX], **(facts or {})})
    return 1


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
