"""Running jobs, whatever the provider says of them or does not say: true charges, nobody's end is another's problem."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete

from bot.domain.jobs import Job, JobState
from bot.domain.notices import NoticeKind
from bot.engine.settlement import settle
from bot.services.operations import Operations, Resolution
from bot.storage import jobs, notices
from bot.storage.tables.jobs import renders_table
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio import errors
from tests.support.bench import MEMBER, Bench
from tests.support.scripted_provider import Row, ScriptedProvider


@pytest.fixture
def provider(engine: Bench) -> ScriptedProvider:
    scripted = ScriptedProvider(engine.context.clock)
    engine.context.providers = {OWNER_ACCOUNT: scripted}
    return scripted


async def running(engine: Bench, count: int = 1, **who: Any) -> list[Job]:
    """Have jobs accepted."""
    asked = [await engine.ask(f"number {number}", **who) for number in range(count)]
    for _ in range(count):
        await engine.submit()
        engine.studio.advance(10)
    return asked


async def poll_for(engine: Bench, seconds: float, step: float = 20.0) -> None:
    passed = 0.0
    while passed < seconds:
        await engine.poller.step()
        engine.studio.advance(step)
        passed += step


def without(*names: str) -> Any:
    def tell(row: Row) -> Row:
        return {name: value for name, value in row.items() if name not in names}

    return tell


async def charges(engine: Bench, asked: list[Job]) -> list[int | None]:
    return [(await engine.job(job.id)).charged for job in asked]


async def test_a_history_that_tells_no_charge_is_not_settled_by(engine: Bench, provider: ScriptedProvider) -> None:
    provider.charge = 80
    provider.tell_history = without("credits_charged")
    asked = await running(engine, 4)
    await poll_for(engine, 200)
    assert await charges(engine, asked) == [80] * 4
    assert provider.asked["history"] > 0


async def test_a_history_that_tells_no_refund_is_not_settled_by(engine: Bench, provider: ScriptedProvider) -> None:
    asked = await running(engine, 4)
    for row in provider.rows:
        row |= {"status": "failed", "error_message": "it broke", "credits_charged": 100, "credits_refunded": True}
    provider.tell_history = without("credits_charged", "credits_refunded")
    await poll_for(engine, 200)
    assert await charges(engine, asked) == [0] * 4


async def test_completed_is_not_believed_before_its_address_is_there(engine: Bench, provider: ScriptedProvider) -> None:
    [job] = await running(engine)
    provider.tell_status = without("result_urls")
    await poll_for(engine, 120)
    assert await engine.state(job) is JobState.RUNNING
    provider.tell_status = lambda row: row
    await poll_for(engine, 120)
    assert await engine.state(job) is JobState.SUCCEEDED


async def test_a_video_that_never_comes_ends_the_job_after_minutes(engine: Bench, provider: ScriptedProvider) -> None:
    [job] = await running(engine)
    provider.tell_status = without("result_urls")
    await poll_for(engine, 1500)
    ended = await engine.job(job.id)
    assert (ended.state, ended.charged) == (JobState.FAILED, 100)
    assert "without a video" in (ended.reason or "")


async def test_a_status_word_that_nobody_knows_is_told_once(engine: Bench, provider: ScriptedProvider) -> None:
    asked = await running(engine, 2)
    for row in provider.rows:
        row["status"] = "simmering"
    await poll_for(engine, 600)
    told = await engine.database.read(notices.untold)
    assert [(notice.kind, notice.data["status"]) for notice in told] == [(NoticeKind.UNKNOWN_STATUS, "simmering")]
    assert await engine.states(asked) == {JobState.RUNNING}


async def test_hours_off_and_one_failed_round_make_no_owners_case(engine: Bench, provider: ScriptedProvider) -> None:
    asked = await running(engine, 5)
    engine.studio.advance(7 * 3600)

    def silent() -> None:
        raise errors.Unreachable("no network yet")

    provider.on_get = silent
    await engine.poller.step()
    assert await engine.states(asked) == {JobState.RUNNING}
    provider.on_get = lambda: None
    await poll_for(engine, 600)
    assert await engine.states(asked) == {JobState.SUCCEEDED}


async def test_an_owners_case_with_a_render_settles_by_itself(engine: Bench, provider: ScriptedProvider) -> None:
    provider.seconds = 7 * 3600.0
    [job] = await running(engine)
    await poll_for(engine, 6.2 * 3600, step=120)
    assert await engine.state(job) is JobState.UNRESOLVED
    asked = provider.asked["status"]
    await poll_for(engine, 2 * 3600, step=60)
    assert await engine.state(job) is JobState.SUCCEEDED
    assert provider.asked["status"] - asked <= 4, "slowly"
    assert await Operations(engine.context).unresolved() == []
    assert await engine.database.read(notices.untold) == []


async def test_a_render_that_the_provider_does_not_know_becomes_an_owners_case_within_minutes(
    engine: Bench, provider: ScriptedProvider
) -> None:
    [job] = await running(engine)
    provider.rows.clear()
    await poll_for(engine, 1500)
    assert await engine.state(job) is JobState.UNRESOLVED


def forget_renders(conn: Connection, job_id: str) -> None:
    """As after an answer that was lost: nobody knows the provider's id."""
    conn.execute(delete(renders_table).where(renders_table.c.job_id == job_id))


async def test_a_mistyped_id_can_be_corrected(engine: Bench, provider: ScriptedProvider) -> None:
    operations = Operations(engine.context)
    [job] = await running(engine)
    [row] = provider.rows
    provider.rows.clear()
    await poll_for(engine, 1500)
    await engine.database.write(forget_renders, job.id)
    provider.rows.append(row)
    await operations.resolve(job.id, Resolution.FOUND, MEMBER, "mistyped")
    await poll_for(engine, 100)
    await operations.resolve(job.id, Resolution.FOUND, MEMBER, "mistyped too")
    await poll_for(engine, 1500)
    assert await engine.state(job) is JobState.UNRESOLVED
    await operations.resolve(job.id, Resolution.FOUND, MEMBER, row["job_id"])
    await poll_for(engine, 100)
    assert await engine.state(job) is JobState.SUCCEEDED


async def test_what_cannot_be_noted_of_one_job_harms_no_other(
    engine: Bench, provider: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *good = await running(engine, 4)

    def failing(conn: Connection, job: Job, *arguments: Any, **more: Any) -> None:
        if job.id == bad.id:
            raise ValueError("a text that the database does not take")
        settle(conn, job, *arguments, **more)

    monkeypatch.setattr("bot.workers.poller.settle", failing)
    await poll_for(engine, 200)
    assert await engine.states(good) == {JobState.SUCCEEDED}
    monkeypatch.setattr("bot.workers.poller.settle", settle)
    await poll_for(engine, 400)
    assert await engine.state(bad) is JobState.SUCCEEDED


async def test_a_job_that_was_ended_elsewhere_undoes_no_other(
    engine: Bench, provider: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await running(engine, 4)
    ended, write = asked[1], engine.database.write

    def end(conn: Connection) -> None:
        jobs.transition(conn, ended.id, JobState.RUNNING, JobState.FAILED, "by another worker", 0.0)

    async def racing(work: Any, *arguments: Any, **more: Any) -> Any:
        """Let another worker be quicker with one of the jobs."""
        if getattr(work, "__name__", "") == "_note" and arguments[0].id == ended.id:
            await write(end)
        return await write(work, *arguments, **more)

    monkeypatch.setattr(engine.database, "write", racing)
    engine.studio.advance(60)
    await engine.poller.step()
    states = [await engine.state(job) for job in asked]
    assert states == [JobState.SUCCEEDED, JobState.FAILED, JobState.SUCCEEDED, JobState.SUCCEEDED]


@pytest.mark.parametrize("asked", [1_793_620_800.0, 40_000.0, float("inf")])
async def test_a_long_retry_after_of_a_question_is_capped(
    engine: Bench, provider: ScriptedProvider, asked: float
) -> None:
    [job] = await running(engine)
    refused = [errors.RateLimited("slow down", asked)]

    def refuse_once() -> None:
        if refused:
            raise refused.pop()

    provider.on_get = refuse_once
    await poll_for(engine, 500)
    assert await engine.state(job) is JobState.SUCCEEDED


async def test_hours_offline_are_not_learned(engine: Bench, provider: ScriptedProvider) -> None:
    await running(engine, 3)
    engine.studio.advance(2 * 86_400)
    await poll_for(engine, 200)
    learned = engine.context.durations.of("veo31_fast").median
    assert learned == pytest.approx(30.0, rel=0.25), "the provider's own times, beside the documentation's"


async def test_a_question_that_is_refused_for_the_key_is_told_to_the_owner(
    engine: Bench, provider: ScriptedProvider
) -> None:
    await running(engine)

    def refuse() -> None:
        raise errors.Unauthorized("Invalid API key")

    provider.on_get = refuse
    await poll_for(engine, 200)
    assert [notice.kind for notice in await engine.database.read(notices.untold)] == [NoticeKind.KEY_REFUSED]
