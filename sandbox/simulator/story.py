"""What happened in a history, for whoever has to understand a violation."""

from dataclasses import dataclass

from sandbox.simulator.clock import START, SimulatedClock

LINES_SHOWN = 80
"""Lines of a story that are printed: those about the job concerned, and the last ones."""


class Violation(Exception):
    """A promise was broken. `job_id` is the job concerned, None if it concerns no single one."""

    def __init__(self, promise: str, what: str, job_id: str | None = None) -> None:
        super().__init__(promise, what, job_id)
        self.promise = promise
        self.what = what
        self.job_id = job_id

    def __str__(self) -> str:
        return f"{self.promise}: {self.what}"


@dataclass
class Story:
    """Lines with the simulated time since the beginning, who acted, and what happened."""

    clock: SimulatedClock
    lines: list[str]

    def tell(self, who: str, what: str) -> None:
        """Add one line."""
        self.lines.append(f"{self.clock.now - START:10.1f} s  {who:<12} {what}")


def excerpt(lines: list[str], job_id: str | None) -> list[str]:
    """Return the lines about a job, and the last ones of all, in their order."""
    last = len(lines) - LINES_SHOWN // 2
    about = [number for number, line in enumerate(lines) if job_id is not None and job_id in line]
    shown = sorted({*about[-LINES_SHOWN // 2 :], *range(max(0, last), len(lines))})
    return [lines[number] for number in shown]
