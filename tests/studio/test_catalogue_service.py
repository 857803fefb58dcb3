"""The catalogue in the running bot: kept, replaced when it differs, and never lost to a bad answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.doctor import check_catalogue
from bot.domain.capabilities import Catalogue
from bot.services.catalogue import CatalogueService
from bot.storage.database import Database
from bot.storage.migrations import migrate
from bot.studio.client import StudioClient
from bot.studio.errors import BadAnswer
from bot.workers.catalogue import REFRESH_SECONDS, RETRY_SECONDS, CatalogueRefresh
from sandbox.studio import StudioSandbox


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    await migrate(database)
    yield database
    await database.close()


def service_of(client: StudioClient, database: Database) -> CatalogueService:
    return CatalogueService(client, database, lambda: 1000.0)


async def test_only_a_catalogue_that_differs_is_told_to_subscribers(
    studio: StudioSandbox, client: StudioClient, database: Database
) -> None:
    service = service_of(client, database)
    told: list[Catalogue] = []

    async def broken(_: Catalogue) -> None:
        raise RuntimeError("Discord is down")

    async def listen(catalogue: Catalogue) -> None:
        told.append(catalogue)

    service.subscribe(broken)
    service.subscribe(listen)
    assert service.current is None
    for _ in range(2):
        assert await CatalogueRefresh(service).step() == REFRESH_SECONDS
    assert told == [service.current]

    del studio.catalogue["veo31_fast"]
    await CatalogueRefresh(service).step()
    assert len(told) == 2
    assert told[1].get("veo31_fast") is None


async def test_the_last_good_catalogue_outlives_bad_answers_and_restarts(
    studio: StudioSandbox, client: StudioClient, database: Database
) -> None:
    await CatalogueRefresh(service_of(client, database)).step()

    restarted = service_of(client, database)
    await restarted.load_stored()
    assert restarted.current is not None
    assert {model.slug for model in restarted.current.models} == set(studio.catalogue)
    known = restarted.current

    studio.faults.add("error_before", "models")
    assert await CatalogueRefresh(restarted).step() == RETRY_SECONDS
    studio.faults.add("rate_limited", "models", seconds=200)
    assert await CatalogueRefresh(restarted).step() == 200
    studio.faults.add("rate_limited", "models", seconds=86_400)
    assert await CatalogueRefresh(restarted).step() == 300
    studio.models_shape = "empty"
    assert await CatalogueRefresh(restarted).step() == RETRY_SECONDS
    with pytest.raises(BadAnswer):
        await restarted.refresh()
    assert restarted.current is known


async def test_the_doctor_shows_each_model_and_what_was_not_understood(
    studio: StudioSandbox, client: StudioClient
) -> None:
    lines: list[str] = []
    assert await check_catalogue(client, {}, lines.append) == 0
    text = "\n".join(lines)
    assert all(slug in text for slug in studio.catalogue)
    assert "20 per second (std)" in text
    assert "14 models understood, 0 skipped" in lines[-1]

    studio.models_shape = "one_broken"
    lines.clear()
    assert await check_catalogue(client, {}, lines.append) == 1
    assert "SKIPPED broken_model: its aspect ratios cannot be read" in lines

    studio.faults.add("error_before", "models")
    lines.clear()
    assert await check_catalogue(client, {}, lines.append) == 1
    assert lines == ["The provider did not answer: ServerError: Service temporarily unavailable"]
