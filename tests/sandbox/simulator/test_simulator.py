"""Histories in which every promise holds; and the simulator itself, which repeats a history from its seed."""

import asyncio
from dataclasses import replace

import pytest

from sandbox.postgres import Server
from sandbox.simulator.__main__ import describe, summary
from sandbox.simulator.database import PostgresTemplate, SqliteTemplate
from sandbox.simulator.dials import plain_dials
from sandbox.simulator.promises import Promises
from sandbox.simulator.simulation import simulate
from sandbox.simulator.story import Violation


@pytest.mark.parametrize("first_seed", [100, 104, 108])
def test_every_promise_holds(databases: SqliteTemplate, first_seed: int) -> None:
    """A few histories; `make chaos` runs a thousand."""
    for seed in range(first_seed, first_seed + 4):
        result = simulate(seed, databases.fresh)
        assert result.violation is None, describe(result)


def test_every_promise_holds_on_postgresql(postgres_server: Server, request: pytest.FixtureRequest) -> None:
    request.node.user_properties.append(("postgres_origin", postgres_server.origin))
    databases = PostgresTemplate(postgres_server)
    asyncio.run(databases.prepare())
    for seed in (100, 105):
        result = simulate(seed, databases.fresh)
        assert result.violation is None, describe(result)


@pytest.mark.parametrize("seed", [3])
def test_a_seed_repeats_its_history(databases: SqliteTemplate, seed: int) -> None:
    first, second = simulate(seed, databases.fresh), simulate(seed, databases.fresh)
    assert first.dials == second.dials
    assert first.story is not None
    assert second.story is not None
    assert first.story.lines == second.story.lines


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
