"""Histories in which every promise holds; and the simulator itself, which repeats a history from its seed."""

from dataclasses import replace

import pytest

from sandbox.postgres import Server
from sandbox.simulator.__main__ import describe, summary
from sandbox.simulator.dials import plain_dials
from sandbox.simulator.promises import Promises
from sandbox.simulator.runs import run_histories
from sandbox.simulator.simulation import Simulator
from sandbox.simulator.story import Violation


@pytest.mark.parametrize("first_seed", [100, 104, 108])
def test_every_promise_holds(simulator: Simulator, first_seed: int) -> None:
    """A few histories; `make chaos` runs a thousand."""
    for seed in range(first_seed, first_seed + 4):
        result = simulator.simulate(seed)
        assert result.violation is None, describe(result)


def test_every_promise_holds_on_postgresql(postgres_server: Server, request: pytest.FixtureRequest) -> None:
    request.node.user_properties.append(("postgres_origin", postgres_server.origin))
    for result in run_histories((100, 105), postgres_server):
        assert result.violation is None, describe(result)


@pytest.mark.parametrize("seed", [3])
def test_a_seed_repeats_its_history(simulator: Simulator, seed: int) -> None:
    first, second = simulator.simulate(seed), simulator.simulate(seed)
    assert first.dials == second.dials
    assert first.lines == second.lines


def test_a_broken_promise_is_told_with_its_story(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Promises, books: object) -> None:
        raise Violation("nothing ever happens", "something happened")

    monkeypatch.setattr(Promises, "check", broken)
    result = simulator.simulate(1, replace(plain_dials(), processes=3))
    told = describe(result)
    assert "nothing ever happens: something happened" in told
    assert "processes=3" in told
    assert "--seed 1" in told
    assert "nothing ever happens (1)" in summary([result], 1.0)
