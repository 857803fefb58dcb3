"""The simulator itself: a seed repeats its history, and a promise that is broken is told with its story."""

from dataclasses import replace

import pytest

from sandbox.simulator.__main__ import describe, summary
from sandbox.simulator.database import SqliteTemplate
from sandbox.simulator.dials import plain_dials
from sandbox.simulator.promises import Promises
from sandbox.simulator.simulation import simulate
from sandbox.simulator.story import Violation


@pytest.mark.parametrize("seed", [3, 4])
def test_a_seed_repeats_its_history(databases: SqliteTemplate, seed: int) -> None:
    first, second = simulate(seed, databases.fresh), simulate(seed, databases.fresh)
    assert first.dials == second.dials
    assert first.story is not None
    assert second.story is not None
    assert first.story.lines == second.story.lines


def test_another_seed_is_another_history(databases: SqliteTemplate) -> None:
    first, second = simulate(3, databases.fresh), simulate(4, databases.fresh)
    assert first.dials != second.dials


def test_a_broken_promise_is_told_with_its_story(databases: SqliteTemplate, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Promises, books: object) -> None:
        raise Violation("nothing ever happens", "something happened")

    monkeypatch.setattr(Promises, "check", broken)
    result = simulate(1, databases.fresh, replace(plain_dials(), processes=3))
    told = describe(result)
    assert "nothing ever happens: something happened" in told
    assert "processes=3" in told
    assert "--seed 1" in told
    assert "nothing ever happens (1)" in summary([result], 1.0)
