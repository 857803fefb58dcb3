"""The supervised loops: what fails is restarted, what hangs is seen, and a stop takes no longer than it says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.test_utils import unused_port

from bot.engine.runner import Loop, Runner
from bot.watching.health import health_server


class Clock:
    """A monotonic clock that tests move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def running(runner: Runner) -> AsyncIterator[None]:
    runner.start()
    try:
        yield
    finally:
        await runner.stop()


async def health(runner: Runner) -> tuple[int, dict[str, dict[str, object]]]:
    """Return the status of `/health` and what it says of each loop."""
    address = f"127.0.0.1:{unused_port()}"
    async with (
        health_server(address, runner, None),
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}/health") as answer,
    ):
        return answer.status, (await answer.json())["loops"]


async def test_a_step_that_never_returns_makes_the_process_unhealthy() -> None:
    clock, began = Clock(), asyncio.Event()

    async def hang() -> float:
        began.set()
        await asyncio.Event().wait()
        return 0.0

    async def work() -> float:
        return 3600.0

    runner = Runner([Loop("hangs", hang, step_seconds_max=60.0), Loop("works", work)], clock=clock, drain_seconds=0.01)
    async with running(runner):
        await began.wait()
        clock.now = 59.0
        assert (await health(runner))[0] == 200
        clock.now = 61.0
        status, loops = await health(runner)
        assert status == 503
        assert [name for name, loop in loops.items() if not loop["healthy"]] == ["hangs"]
        clock.now = 10_000.0
        assert (await health(runner))[1]["works"]["healthy"], "a loop that waits does not hang"


async def test_a_failing_step_is_told_by_its_kind_only_and_tried_again() -> None:
    outcomes: list[Exception | None] = [ValueError("a prompt"), None]
    failed, mended = asyncio.Event(), asyncio.Event()
    gate = asyncio.Event()

    async def step() -> float:
        if failed.is_set():
            await gate.wait()
        problem = outcomes.pop(0)
        if problem is not None:
            failed.set()
            raise problem
        mended.set()
        return 3600.0

    runner = Runner([Loop("shaky", step)], restart_seconds=0.001)
    async with running(runner):
        await failed.wait()
        await asyncio.sleep(0)
        status, loops = await health(runner)
        assert (status, loops["shaky"]["problem"]) == (503, "ValueError")
        gate.set()
        await mended.wait()
        await asyncio.sleep(0)
        assert (await health(runner))[0] == 200


async def test_a_stop_waits_for_steps_and_then_for_what_outlives_them() -> None:
    order: list[str] = []
    began, go_on = asyncio.Event(), asyncio.Event()

    async def step() -> float:
        began.set()
        await go_on.wait()
        order.append("step")
        return 0.0

    async def drain() -> None:
        order.append("drain")

    runner = Runner([Loop("one", step)], [drain])
    runner.start()
    await began.wait()
    stopping = asyncio.create_task(runner.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert order == ["step", "drain"]


async def test_a_stop_takes_one_limit_for_steps_and_drains_together() -> None:
    async def quick() -> float:
        return 3600.0

    async def never() -> None:
        await asyncio.Event().wait()

    runner = Runner([Loop("quick", quick)], [never, never], drain_seconds=0.05)
    runner.start()
    async with asyncio.timeout(2):
        await runner.stop()
