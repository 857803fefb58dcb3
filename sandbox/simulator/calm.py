"""Quiet times: before anything goes wrong, and after it, when everything must come to its end."""

from collections import Counter
from functools import partial

from bot.domain.jobs import JobState
from sandbox.simulator.process import Process
from sandbox.simulator.promises import Books
from sandbox.simulator.world import World

WARM_UP_SECONDS_MAX = 1800.0
"""Simulated time after which the first requests are not waited for any longer."""
WARM_UP_REQUESTS = 2
"""Requests that are made before anything goes wrong. The history then shows renders that the bot knows."""
CALM_SECONDS_MAX = 3 * 86_400.0
"""Simulated time within which everything must come to its end once nothing goes wrong any more."""
PLAIN_EVERY_SECONDS, PLAIN_REQUESTS_MAX = 3600.0, 10
"""How often, and how many times, a member asks for something ordinary while everything calms down."""
LOOK_SHARE = 0.02
"""Share of the time since the calm began after which loops are stepped again."""


async def warm_up(world: World) -> None:
    """Have some requests made and delivered while nothing goes wrong, and begin with the faults afterwards."""
    world.story.tell("scheduler", "the bot warms up")
    await _switch_faults_off(world)
    for _ in range(WARM_UP_REQUESTS):
        await world.calmly(world.people.ask_plainly)
    await _work_off(world, WARM_UP_SECONDS_MAX, asks=False)
    await world.clock.advance(300)
    world.provider.rough, world.provider.lossy = world.dials.rough, world.dials.lossy
    world.discord.rough = world.dials.rough_discord
    world.wire.calm = False
    for process in world.processes:
        process.calm = False
    world.story.tell("scheduler", "faults begin")


async def calm_down(world: World) -> None:
    """Switch off every fault, let the bot work until everything has ended, and check that it has."""
    world.story.tell("scheduler", "everything calms down")
    await _switch_faults_off(world)
    world.provider.balance = 10_000_000
    world.clock.set_ahead(0.0)
    for process in world.processes:
        process.skew = 0.0
    await world.clock.advance(120)
    await world.calmly(world.people.lift_limits)
    await _work_off(world, CALM_SECONDS_MAX, asks=True)
    books = await world.books()
    world.result.states = Counter(str(job.state) for job in books.jobs.values())
    world.promises.check_end(books)
    await world.database.read(world.promises.check_counters)


async def _switch_faults_off(world: World) -> None:
    world.provider.refusing, world.provider.rough, world.provider.lossy = None, 0.0, 0.0
    world.discord.away, world.discord.rough = False, 0.0
    world.wire.calm = True
    for process in world.processes:
        process.suspended, process.dies_after_commit, process.calm = False, False, True
        while process.resume_one():
            await world.clock.turns()


async def _work_off(world: World, seconds_max: float, *, asks: bool) -> None:
    """Step the loops until all jobs have ended. If `asks`, members ask for ordinary things meanwhile."""
    began = asked_at = world.clock.now
    asked = number = 0
    while world.clock.now < began + seconds_max:
        number += 1
        await _round(world, world.processes[number % len(world.processes)], await world.books())
        await world.settle()
        if number % 5 == 0:
            awaiting = [job.id for job in (await world.books()).jobs.values() if job.state is JobState.AWAITING]
            await world.calmly(partial(world.people.approve_all, awaiting=awaiting))
            await world.calmly(world.people.decide_cases)
        books = await world.books()
        if books.all_over:
            return
        if asks and world.clock.now > asked_at + PLAIN_EVERY_SECONDS and asked < PLAIN_REQUESTS_MAX:
            # The world goes on: what is wrong with one job shows when others pass.
            asked_at, asked = world.clock.now, asked + 1
            await world.calmly(world.people.ask_plainly)
        await world.clock.advance(_seconds_to_next(world, books, world.clock.now - began))


async def _round(world: World, process: Process, books: Books) -> None:
    """Step the loops of one process that may have something to do."""
    states = {job.state for job in books.jobs.values()}
    wanted = {
        "submitter": JobState.QUEUED in states,
        "reconciliation": bool(states & {JobState.SUBMITTING, JobState.UNKNOWN, JobState.UNRESOLVED}),
        "poller": bool(states & {JobState.RUNNING, JobState.UNRESOLVED}),
        "delivery": any(owed.done_at is None for owed in books.outbox.values()),
        "approvals": JobState.AWAITING in states or bool(books.erasures),
        "cards": bool(books.erasures),
        "erasures": bool(books.erasures),
        "notices": world.chance.random() < 0.1,
    }
    for name, useful in wanted.items():
        if useful:
            process.begin(name)
            await world.clock.advance(0.1)
            await world.clock.turns()


def _seconds_to_next(world: World, books: Books, calm_for: float) -> float:
    """Return how long nothing is due. The longer it has been calm, the less often is looked."""
    due = [job.due_at for job in books.jobs.values() if job.due_at is not None]
    due += [owed.due_at for owed in books.outbox.values() if owed.done_at is None]
    if any(job.state is JobState.QUEUED for job in books.jobs.values()):
        due.append(world.clock.now + 150)
    soonest = min(due, default=world.clock.now + 600)
    return min(900.0, max(1.0, calm_for * LOOK_SHARE, soonest - world.clock.now + 0.5))
