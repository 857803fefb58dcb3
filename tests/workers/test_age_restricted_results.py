"""Results of age-restricted models are shown in age-restricted channels only, whatever happened to the channel."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot.domain.jobs import Job, JobState
from bot.domain.lineage import ParentClip
from bot.engine.notifier import Closing, Result, Unattached
from bot.services.admission_result import Admitted, Refused
from bot.services.age_restriction import AgeRestriction
from bot.storage import age_restricted
from bot.storage.database import Database
from bot.storage.tables.jobs import outbox_table
from tests.support.bench import CHANNEL, Bench, bench

RESULTS = 2999


@pytest.fixture
async def engine(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(sqlite_database, tmp_path) as ready:
        await AgeRestriction(ready.context).change("veo31_fast", 77, on=True)
        yield ready


async def settled(engine: Bench, *, results_channel: int | None = None) -> Job:
    """Return a job whose video is to be delivered; it was asked for in an age-restricted channel."""
    admitted = await engine.admission.admit(replace(engine.request(), age_restricted_channel=True))
    assert isinstance(admitted, Admitted)
    await engine.submit()
    job = await engine.poll_until_ended(admitted.job)
    assert job.state is JobState.SUCCEEDED

    def elsewhere(conn: Connection) -> None:
        conn.execute(update(outbox_table).values(channel_id=results_channel))

    if results_channel is not None:
        await engine.database.write(elsewhere)
    return job


async def closing(engine: Bench) -> tuple[Closing, list[bytes]]:
    await engine.deliver()
    [(posted, files)] = engine.notifier.closings
    return posted, files


async def test_elsewhere_it_is_not_even_asked_for(engine: Bench) -> None:
    assert isinstance(await engine.admission.admit(engine.request()), Refused)


async def test_a_video_is_shown_where_its_channel_is_age_restricted(engine: Bench) -> None:
    await settled(engine)
    engine.notifier.age_restricted.add(CHANNEL)
    posted, files = await closing(engine)
    assert (posted.shown_in, len(files)) == (frozenset({CHANNEL}), 1)


async def test_a_video_is_hidden_and_not_even_fetched_where_the_channel_has_lost_its_restriction(
    engine: Bench,
) -> None:
    await settled(engine)
    posted, files = await closing(engine)
    assert (posted.shown_in, files) == (frozenset(), [])
    assert posted.results == (Result(None, problem=Unattached.AGE_RESTRICTED),)


@pytest.mark.parametrize(
    ("restricted", "results_channel"),
    [({RESULTS}, RESULTS), ({CHANNEL}, None), ({CHANNEL, RESULTS}, RESULTS)],
)
async def test_of_two_channels_it_is_shown_in_the_one_that_is_age_restricted(
    engine: Bench, restricted: set[int], results_channel: int | None
) -> None:
    await settled(engine, results_channel=RESULTS)
    engine.notifier.age_restricted |= restricted
    posted, files = await closing(engine)
    assert (posted.results_channel_id, len(files)) == (results_channel, 1)
    assert posted.shown(RESULTS if results_channel else CHANNEL) is posted
    hidden = posted.shown(None)
    assert hidden.results == (Result(None, problem=Unattached.AGE_RESTRICTED),), "a direct message shows nothing"


async def test_other_models_are_shown_anywhere(engine: Bench) -> None:
    await AgeRestriction(engine.context).change("veo31_fast", 77, on=False)
    await settled(engine)
    posted, files = await closing(engine)
    assert (posted.shown_in, len(files)) == (None, 1)


async def continued(engine: Bench, parent: Job, *, age_restricted_channel: bool) -> Admitted | object:
    asked = engine.request(model="kling_3_0")
    parent_clip = ParentClip(parent.id, 0)
    return await engine.admission.admit(
        replace(asked, parent=parent_clip, age_restricted_channel=age_restricted_channel)
    )


async def test_what_continues_such_a_video_is_kept_to_the_same_places(engine: Bench) -> None:
    parent = await settled(engine)
    engine.notifier.age_restricted.add(CHANNEL)
    await engine.deliver()
    assert isinstance(await continued(engine, parent, age_restricted_channel=False), Refused)
    admitted = await continued(engine, parent, age_restricted_channel=True)
    assert isinstance(admitted, Admitted)
    grandchild = await continued(engine, admitted.job, age_restricted_channel=True)
    assert isinstance(grandchild, Admitted)
    await engine.submit()
    await engine.poll_until_ended(grandchild.job)
    engine.notifier.age_restricted.clear()
    await engine.deliver_until_done()
    [posted] = [one for one, _ in engine.notifier.closings if one.job_id == grandchild.job.id]
    assert [result.problem for result in posted.results] == [Unattached.AGE_RESTRICTED]
    assert not await engine.database.read(age_restricted.is_restricted, (await engine.ask(model="kling_3_0")).id)
