"""A history may be late by any time. What is missing was never made only if something is shown that was made later."""

import pytest

from bot.domain.jobs import JobState
from bot.domain.notices import NoticeKind
from bot.services.operations import Operations
from bot.storage import notices, renders
from tests.support.bench import Bench
from tests.support.lost_answers import lose, run, scripted, two_earlier

DAY = 86_400.0


async def owner_hears_of_cases(engine: Bench) -> int:
    untold = await engine.database.read(notices.untold)
    return sum(1 for notice in untold if notice.kind is NoticeKind.UNRESOLVED)


@pytest.mark.parametrize("lag", [900.0, 1800.0, 3600.0, 6 * 3600.0])
async def test_a_history_that_stands_still_for_hours_pays_nothing_twice(engine: Bench, lag: float) -> None:
    """Nobody asks for anything else meanwhile, and all that is known was shown before."""
    provider = scripted(engine)
    await two_earlier(engine)
    stood_still_at = engine.context.clock()
    provider.shown = lambda rows: [
        row for row in rows if row["at"] <= stood_still_at or engine.context.clock() - stood_still_at >= lag
    ]
    lose(provider, arrives=True)
    job = await engine.ask("lost")
    await run(engine, lag + 3600, step=60)
    assert len(provider.rows) == 3, "paid once"
    assert await engine.state(job) is JobState.SUCCEEDED
    assert await Operations(engine.context).unresolved() == [], "also if it was the owner's case meanwhile"
    assert not await owner_hears_of_cases(engine)


async def test_a_lone_lost_answer_needs_no_owner_once_anything_else_is_made(engine: Bench) -> None:
    provider = scripted(engine)
    await two_earlier(engine)
    lose(provider, arrives=False)
    job = await engine.ask("lost")
    await run(engine, 3 * 3600, step=60)
    assert await engine.state(job) is JobState.UNRESOLVED
    assert await owner_hears_of_cases(engine)
    await engine.ask("anything else")
    await run(engine, 3600, step=60)
    assert await engine.state(job) is JobState.SUCCEEDED
    assert len(provider.rows) == 4, "each was made once"
    assert await Operations(engine.context).unresolved() == []
    assert not await owner_hears_of_cases(engine)


async def test_a_lone_lost_answer_ends_after_a_day_and_costs_nothing(engine: Bench) -> None:
    provider = scripted(engine)
    await two_earlier(engine)
    lose(provider, arrives=False)
    job = await engine.ask("lost")
    await run(engine, DAY + 3600, step=600)
    ended = await engine.job(job.id)
    assert (ended.state, ended.charged) == (JobState.FAILED, 0)
    assert [kind for kind, *_ in await engine.ledger(job)] == ["hold", "release"]
    await engine.ask("anything else")
    await run(engine, 3600, step=60)
    assert len(provider.posts) == 4, "a request that is a day old is not sent again"
    assert not await owner_hears_of_cases(engine)


async def test_a_bot_that_was_off_for_days_does_not_send_what_nobody_waits_for_any_more(engine: Bench) -> None:
    provider = scripted(engine)
    await two_earlier(engine)
    lose(provider, arrives=False)
    job = await engine.ask("lost")
    await engine.submit()
    assert await engine.state(job) is JobState.UNKNOWN
    engine.studio.advance(2 * DAY)
    await engine.reconciliation.step()
    assert await engine.state(job) is JobState.FAILED
    assert len(provider.posts) == 3


async def test_a_case_that_came_from_a_clear_answer_is_the_owners(engine: Bench) -> None:
    """The provider named a render that another job has. It is not sent again, whatever the history shows later."""
    provider = scripted(engine)
    await two_earlier(engine)
    provider.on_generate = lambda payload: {"success": True, "job_ids": [provider.rows[0]["job_id"]]}
    folded = await engine.ask("folded")
    await engine.submit()
    assert await engine.state(folded) is JobState.UNRESOLVED
    provider.on_generate = None
    await engine.ask("anything else")
    await run(engine, DAY + 3600, step=600)
    assert await engine.state(folded) is JobState.UNRESOLVED
    assert len(provider.posts) == 4


async def test_a_case_keeps_the_candidates_of_the_latest_look(engine: Bench) -> None:
    provider = scripted(engine)
    provider.tell_history = lambda row: {**row, "prompt": row["prompt"][:5]}
    await two_earlier(engine)
    late_until = engine.context.clock() + 2 * 3600
    provider.shown = lambda rows: rows if engine.context.clock() > late_until else rows[1:]
    lose(provider, arrives=True)
    job = await engine.ask("lost, and told with a cut prompt")
    await run(engine, 2 * 3600, step=60)
    [case] = await Operations(engine.context).unresolved()
    assert case.candidates == ()
    await run(engine, 2 * 3600, step=60)
    [case] = await Operations(engine.context).unresolved()
    assert [one.remote_id for one in case.candidates] == [provider.rows[0]["job_id"]]
    assert await engine.database.read(renders.of_jobs, [job.id]) == {}
