"""Histories on SQLite."""

from collections.abc import Iterator

import pytest

from sandbox.simulator.database import SqliteDatabases
from sandbox.simulator.simulation import Simulator


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(SqliteDatabases(tmp_path_factory.mktemp("simulator"))) as running:
        yield running
