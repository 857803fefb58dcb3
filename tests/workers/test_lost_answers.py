"""A lost answer, whatever the provider's history tells: paid once, or an owner is asked. And no id is thrown away."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.notices import NoticeKind
from bot.engine import acceptance
from bot.services.operations import Operations, Resolution
from bot.storage import jobs, notices, queue, renders
from bot.studio import errors
from bot.studio.protocol import Accepted, History
from bot.workers.refusals import Refusals
from tests.support.bench import MEMBER, Bench
from tests.support.lost_answers import lose, run, scripted, two_earlier
from tests.support.scripted_provider import Row

PROMPT = "a lighthouse & a very long description " * 8


async def kinds(engine: Bench) -> list[NoticeKind]:
    return [notice.kind for notice in await engine.database.read(notices.untold)]


TOLD_OTHERWISE: dict[str, Callable[[Row], Row]] = {
    "a cut prompt": lambda row: {**row, "prompt": row["prompt"][:20]},
    "an escaped prompt": lambda row: {**row, "prompt": row["prompt"].replace("&", "&amp;")},
    "a rewritten prompt": lambda row: {**row, "prompt": "Cinematic. " + row["prompt"]},
    "a naive time of another zone": lambda row: {**row, "created_at": row["created_at"].replace("+00:00", "+05:00")},
    "no prompt": lambda row: {name: value for name, value in row.items() if name != "prompt"},
}


@pytest.mark.parametrize("how", TOLD_OTHERWISE)
async def test_a_render_that_the_history_tells_otherwise_is_not_paid_for_twice(engine: Bench, how: str) -> None:
    provider = scripted(engine)
    provider.tell_history = TOLD_OTHERWISE[how]
    await two_earlier(engine)
    lose(provider, arrives=True)
    job = await engine.ask(PROMPT)
    await run(engine, 2400)
    assert len(provider.rows) == 3, "paid once"
    assert await engine.state(job) is JobState.UNRESOLVED
    [case] = await Operations(engine.context).unresolved()
    assert provider.rows[0]["job_id"] in [candidate.remote_id for candidate in case.candidates]


@pytest.mark.parametrize("skew", [-180.0, 180.0])
async def test_a_clock_that_differs_by_minutes_pays_nothing_twice(engine: Bench, skew: float) -> None:
    provider = scripted(engine)
    provider.skew = skew
    await two_earlier(engine)
    lose(provider, arrives=True)
    await engine.ask(PROMPT)
    await run(engine, 2400)
    assert len(provider.rows) == 3


async def test_a_candidate_that_an_owner_chooses_is_delivered(engine: Bench) -> None:
    provider = scripted(engine)
    provider.tell_history = TOLD_OTHERWISE["a cut prompt"]
    await two_earlier(engine)
    lose(provider, arrives=True)
    job = await engine.ask(PROMPT)
    await run(engine, 2400)
    operations = Operations(engine.context)
    [case] = await operations.unresolved()
    await operations.resolve(job.id, Resolution.FOUND, MEMBER, case.candidates[0].remote_id)
    await run(engine, 200)
    assert await engine.state(job) is JobState.SUCCEEDED
    assert await operations.unresolved() == []


async def test_a_history_that_is_five_minutes_late_pays_nothing_twice(engine: Bench) -> None:
    provider = scripted(engine)
    provider.shown = lambda rows: [row for row in rows if engine.context.clock() - row["at"] >= 290]
    await two_earlier(engine)
    lose(provider, arrives=True)
    job = await engine.ask(PROMPT)
    await run(engine, 1200)
    assert len(provider.rows) == 3
    assert await engine.state(job) is JobState.SUCCEEDED


async def test_what_somebody_makes_later_with_the_same_key_is_not_adopted(engine: Bench) -> None:
    provider = scripted(engine)
    await two_earlier(engine)
    lose(provider, arrives=False)
    job = await engine.ask("a dragon")
    await engine.submit()
    engine.studio.advance(1200)
    provider.accept({"model_slug": "veo31_fast", "prompt": "a dragon"})
    await run(engine, 1200)
    assert await engine.database.read(renders.of_jobs, [job.id]) == {}
    assert await engine.state(job) is JobState.UNRESOLVED


async def test_alike_requests_with_other_options_are_not_swapped(engine: Bench) -> None:
    provider = scripted(engine)
    provider.tell_history = lambda row: {name: value for name, value in row.items() if name != "aspect_ratio"}
    await two_earlier(engine)
    lose(provider, arrives=True, times=2)
    wide = await engine.ask("the same", ratio="16:9")
    tall = await engine.ask("the same", ratio="9:16")
    await run(engine, 2400)
    assert [await engine.state(job) for job in (wide, tall)] == [JobState.UNRESOLVED] * 2
    assert len(provider.rows) == 4


async def test_a_request_that_never_gets_an_answer_is_sent_three_times_at_most(engine: Bench) -> None:
    provider = scripted(engine)
    await two_earlier(engine)
    lose(provider, arrives=False, times=1000, prompt="never")
    job = await engine.ask("never")
    for number in range(6):
        await run(engine, 3600, step=60)
        await engine.ask(f"others pass meanwhile {number}")
    assert len([post for post in provider.posts if post["prompt"] == "never"]) == 3
    assert await engine.state(job) is JobState.UNRESOLVED
    assert NoticeKind.UNRESOLVED in await kinds(engine)
    await engine.cards.step()
    assert JobState.UNRESOLVED in [card.state for card in engine.notifier.cards], "the member sees it on the card"


async def test_hours_off_do_not_make_owners_cases_of_what_a_look_up_can_decide(engine: Bench) -> None:
    provider = scripted(engine)
    await two_earlier(engine)
    lose(provider, arrives=True)
    job = await engine.ask("lost before the night")
    await engine.submit()
    engine.studio.advance(8 * 3600)

    def silent() -> None:
        raise errors.Unreachable("no network yet")

    provider.on_get = silent
    await engine.reconciliation.step()
    assert await engine.state(job) is JobState.UNKNOWN, "silence tells nothing"
    provider.on_get = lambda: None
    engine.studio.advance(150)
    await engine.reconciliation.step()
    assert await engine.state(job) is JobState.RUNNING


async def test_an_id_that_another_job_owns_is_an_owners_case_at_once(engine: Bench) -> None:
    """Perhaps the provider folds equal requests. Nothing is sent again and again."""
    provider = scripted(engine)
    first = await engine.ask("the same")
    await engine.submit()
    provider.on_generate = lambda payload: {"success": True, "job_ids": [provider.rows[0]["job_id"]]}
    second = await engine.ask("the same")
    await run(engine, 3600)
    assert len(provider.posts) == 2
    assert [await engine.state(job) for job in (first, second)] == [JobState.SUCCEEDED, JobState.UNRESOLVED]


async def test_ids_are_written_again_when_a_write_fails(engine: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    job, write, failures = await engine.ask(), acceptance.run, [OSError("disk full"), OSError("disk full")]

    def failing(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        write(*arguments)

    monkeypatch.setattr(acceptance, "run", failing)
    await engine.submit()
    assert await engine.state(job) is JobState.RUNNING
    assert len(engine.studio.records.posts) == 1


LATE = {
    "unknown": JobState.RUNNING,
    "queued": JobState.RUNNING,
    "unresolved": JobState.RUNNING,
    "cancelled": JobState.CANCELLED,
    "running": JobState.RUNNING,
}


@pytest.mark.parametrize("meanwhile", LATE)
async def test_a_late_answers_ids_are_taken_or_told_to_the_owner(engine: Bench, meanwhile: str) -> None:
    job = await engine.ask()
    lease, clock = engine.context.timings.lease_seconds, engine.context.clock
    claim = await engine.database.write(queue.claim, job.account_id, "late", lease, clock())
    assert claim.job is not None
    await engine.database.write(queue.fence, claim.job, "late", lease, 10.0, clock())

    def move_on(conn: Connection) -> None:
        def move(target: JobState) -> None:
            current = jobs.find(conn, job.id)
            assert current is not None
            jobs.transition(conn, job.id, current.state, target, "meanwhile", clock())

        move(JobState.UNKNOWN)
        match meanwhile:
            case "unresolved":
                move(JobState.UNRESOLVED)
            case "queued":
                move(JobState.QUEUED)
            case "cancelled":
                move(JobState.QUEUED)
                move(JobState.CANCELLED)
            case "running":
                current = jobs.find(conn, job.id)
                assert current is not None
                acceptance.run(conn, engine.context, current, ["another"], "found")

    await engine.database.write(move_on)
    for _ in range(2):
        await engine.database.write(acceptance.accept, engine.context, job.id, Accepted(("late-1",)))
    assert await engine.state(job) is LATE[meanwhile]
    owned = "late-1" in await engine.database.read(renders.owners, ["late-1"])
    told = NoticeKind.UNOWNED_RENDER in await kinds(engine)
    assert (owned, told) == (meanwhile not in ("cancelled", "running"), meanwhile in ("cancelled", "running"))


async def test_a_late_refusal_does_not_touch_a_later_attempt(engine: Bench) -> None:
    job = await engine.ask()
    lease, clock = engine.context.timings.lease_seconds, engine.context.clock
    sent: list[Job] = []

    def put_back(conn: Connection, job: Job) -> None:
        jobs.transition(conn, job.id, JobState.SUBMITTING, JobState.UNKNOWN, "meanwhile", clock())
        jobs.transition(conn, job.id, JobState.UNKNOWN, JobState.QUEUED, "meanwhile", clock())

    for owner in ("late", "later"):
        claim = await engine.database.write(queue.claim, job.account_id, owner, lease, clock())
        assert claim.job is not None
        fenced = await engine.database.write(queue.fence, claim.job, owner, lease, 10.0, clock())
        assert fenced is not None
        sent.append(fenced)
        if owner == "late":
            await engine.database.write(put_back, fenced)
    refusal, refusals = errors.BadRequest("refused"), Refusals(engine.context)
    with pytest.raises(jobs.StaleState):
        await engine.database.write(refusals.note, sent[0], refusal)
    assert await engine.state(job) is JobState.SUBMITTING
    await engine.database.write(refusals.note, sent[1], refusal)
    assert await engine.state(job) is JobState.FAILED


async def test_a_history_that_grew_old_in_a_stopped_process_proves_nothing(
    engine: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked for before the process was stopped, and judged after it woke."""
    provider = scripted(engine)
    await two_earlier(engine)
    provider.shown = lambda rows: [row for row in rows if engine.context.clock() - row["at"] >= 400]
    lose(provider, arrives=True)
    job = await engine.ask("lost")
    await engine.submit()
    engine.studio.advance(30)
    history = provider.history

    async def slow(limit: int) -> History:
        shown = await history(limit)
        engine.studio.advance(1200)
        return shown

    with monkeypatch.context() as stopped:
        stopped.setattr(provider, "history", slow)
        await engine.reconciliation.step()
    await run(engine, 600)
    assert len(provider.rows) == 3
    assert await engine.state(job) is JobState.SUCCEEDED
