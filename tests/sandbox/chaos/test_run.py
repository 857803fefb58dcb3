"""A run waits as long as something still moves, however slow the machine is."""

import pytest

from bot.domain.jobs import JobState
from sandbox.chaos import run
from sandbox.chaos.promises import Book

PLAN = run.Plan("sqlite+aiosqlite://", seed=1, requests=1, posts_per_minute=100, kill_every_seconds=10.0)
LOOK, STILL = 0.05, 1.5


def book(number: int, state: JobState) -> Book:
    """Return the book of a job that nothing is left to be done for if it has ended."""
    return Book(str(number), number, "", state, frozenset(), 0, 0, delivered=True, told_by_card=False, has_card=False)


@pytest.mark.parametrize(("moves", "finishes"), [(40, True), (3, False)])
async def test_a_run_waits_while_jobs_end_and_gives_up_when_nothing_moves(
    monkeypatch: pytest.MonkeyPatch, moves: int, finishes: bool
) -> None:
    looks = 0

    async def read_books(_: str) -> list[Book]:
        nonlocal looks
        looks += 1
        ended = min(looks, moves)
        return [book(n, JobState.SUCCEEDED if n < ended else JobState.RUNNING) for n in range(40)]

    monkeypatch.setattr(run, "read_books", read_books)
    monkeypatch.setattr(run, "LOOK_SECONDS", LOOK)
    monkeypatch.setattr(run, "STILL_SECONDS_MAX", STILL)
    outcome = run.Outcome()
    assert await run._all_settled(PLAN, outcome) == finishes
    assert len(outcome.broken) == (not finishes)
