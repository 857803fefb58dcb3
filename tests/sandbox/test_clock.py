"""The clock of both sandboxes."""

import asyncio
import time

import pytest

from sandbox.clock import Clock, iso


def test_it_agrees_with_the_wall_clock_until_it_is_changed() -> None:
    assert abs(Clock().now() - time.time()) < 1


async def test_sleepers_wake_when_it_is_advanced_or_sped_up() -> None:
    clock = Clock()
    sleepers = [asyncio.create_task(clock.sleep(3600)), asyncio.create_task(clock.sleep(7200))]
    await asyncio.sleep(0)
    clock.advance(3600)
    await sleepers[0]
    clock.set_speed(1e6)
    await sleepers[1]


async def test_it_is_set_back_to_the_wall_clock_and_goes_on() -> None:
    clock = Clock()
    clock.advance(3600)
    clock.reset()
    assert abs(clock.now() - time.time()) < 1
    moment = clock.now() + 1800
    sleeper = asyncio.create_task(clock.sleep_until(moment))
    await asyncio.sleep(0)
    clock.reset()
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(1800)
    await sleeper


def test_it_does_not_run_backwards_or_stand_still() -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="positive"):
        clock.set_speed(0)


def test_moments_are_written_with_microseconds() -> None:
    assert iso(1.5) == "1970-01-01T00:00:01.500000+00:00"
