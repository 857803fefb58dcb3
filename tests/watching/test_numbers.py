"""`/metrics`: what Prometheus reads of a process and of the whole bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.engine.measured_provider import MeasuredProvider
from bot.engine.metrics import LABEL_VALUES_MAX, OTHER, Metrics
from bot.engine.runner import Loop, Runner
from bot.storage import state
from bot.storage.database import Database
from bot.studio.client import StudioClient
from bot.studio.errors import Unauthorized
from bot.watching.numbers import READ_SECONDS, Numbers
from sandbox.studio import StudioSandbox
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench, bench

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready


async def step() -> float:
    return 1.0


async def samples(numbers: Numbers) -> Samples:
    """Every sample by its name and the values of its labels."""
    families = text_string_to_metric_families((await numbers.text()).decode())
    return {(one.name, tuple(one.labels.values())): one.value for family in families for one in family.samples}


async def test_a_jobs_way_shows_in_the_numbers(engine: Bench) -> None:
    numbers = Numbers(engine.context, Runner([Loop("poller", step)]))
    assert (await samples(numbers))["reelmaker_open_jobs", ("queued",)] == 0
    numbers = Numbers(engine.context, Runner([]))
    job = await engine.ask()
    found = await samples(numbers)
    assert found["reelmaker_open_jobs", ("queued",)] == 1
    assert found["reelmaker_credits_held", ()] == 100
    assert found["reelmaker_database_answers", ()] == 1
    await engine.finish(job)
    numbers = Numbers(engine.context, Runner([]))
    found = await samples(numbers)
    assert found["reelmaker_open_jobs", ("queued",)] == 0
    assert found["reelmaker_ended_jobs_hour", ("veo31_fast", "succeeded")] == 1
    assert found["reelmaker_render_seconds_hour", ("veo31_fast", "succeeded")] > 0
    assert found["reelmaker_credits_charged_total", ()] == 100
    assert found["reelmaker_hourly_posts_left", ()] == engine.context.posts_per_hour - 1
    assert found["reelmaker_deliveries_total", ("channel",)] == 1
    assert found["reelmaker_delivery_seconds_count", ()] == 1


async def test_nothing_names_a_guild_a_channel_or_a_member(engine: Bench) -> None:
    await engine.settled("a", "b")
    await engine.deliver()
    told = (await Numbers(engine.context, Runner([])).text()).decode()
    assert not [number for number in (GUILD, CHANNEL, MEMBER) if f'"{number}"' in told]


async def test_loops_tell_their_failures_and_how_long_they_are_at_it(sqlite_engine: Bench) -> None:
    loop = Loop("poller", step, failures=3, step_began_at=10.0)
    found = await samples(Numbers(sqlite_engine.context, Runner([loop], clock=lambda: 25.0)))
    assert found["reelmaker_loop_failures", ("poller",)] == 3
    assert found["reelmaker_loop_step_seconds", ("poller",)] == 15


@pytest.fixture
async def sqlite_engine(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(sqlite_database, tmp_path) as ready:
        yield ready


async def test_the_database_is_read_once_for_many_who_ask(sqlite_engine: Bench) -> None:
    numbers = Numbers(sqlite_engine.context, Runner([]))
    reads = []
    sqlite_engine.database.observe = lambda kind, _: reads.append(kind)
    for _ in range(5):
        await numbers.text()
    assert reads == ["read"]
    steady = sqlite_engine.context.steady
    sqlite_engine.context.steady = lambda: steady() + READ_SECONDS + 1
    await numbers.text()
    assert reads == ["read", "read"]


async def test_without_the_database_the_rest_is_told(sqlite_engine: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(state, "look", away)
    found = await samples(Numbers(sqlite_engine.context, Runner([Loop("poller", step)])))
    assert found["reelmaker_database_answers", ()] == 0
    assert found["reelmaker_loop_failures", ("poller",)] == 0
    assert ("reelmaker_open_jobs", ("queued",)) not in found


async def test_transactions_are_timed(sqlite_engine: Bench) -> None:
    metrics = Metrics()
    sqlite_engine.database.observe = metrics.transaction_ended
    await sqlite_engine.ask()
    for kind in ("read", "write"):
        assert (metrics.registry.get_sample_value("reelmaker_database_seconds_count", {"kind": kind}) or 0) > 0


async def test_the_providers_answers_are_counted_by_what_they_meant() -> None:
    metrics = Metrics()
    async with StudioSandbox(render=False) as studio:
        provider = MeasuredProvider(StudioClient(studio.base_url, studio.api_key), metrics)
        try:
            await provider.models()
            studio.faults.add("unauthorized", "history")
            with pytest.raises(Unauthorized):
                await provider.history(5)
        finally:
            await provider.close()

    def count(request: str, kind: str) -> float | None:
        return metrics.registry.get_sample_value("reelmaker_provider_answers_total", {"request": request, "kind": kind})

    assert (count("models", "ok"), count("history", "Unauthorized"), count("history", "ok")) == (1, 1, None)


def test_names_from_outside_make_no_series_without_end() -> None:
    metrics = Metrics()
    for number in range(LABEL_VALUES_MAX + 50):
        metrics.interaction_handled(f"command {number}", 0.1)
    names = {
        sample.labels["name"] for family in metrics.registry.collect() for sample in family.samples
        if sample.name == "reelmaker_interaction_seconds_count"
    }  # fmt: skip
    assert len(names) == LABEL_VALUES_MAX + 1
    assert metrics.registry.get_sample_value("reelmaker_interaction_seconds_count", {"name": OTHER}) == 50
