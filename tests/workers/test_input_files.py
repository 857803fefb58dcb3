"""Files that members attach lie at addresses that end after a day; a request may wait for longer before it is sent."""

from dataclasses import replace

import pytest

from bot.domain.attachments import Attachment
from bot.domain.evidence import input_urls_of
from bot.domain.jobs import Job, JobState
from bot.domain.request import GenerationRequest, complete
from bot.services.admission_result import Admitted
from bot.storage import queue
from bot.workers.inputs import AGAIN_SECONDS, FETCH_SECONDS, GONE, LIVES_SECONDS_MIN, WAITED_SECONDS_MAX
from tests.support.bench import Bench

DAY = 86_400.0
BASE = "https://cdn.discordapp.com/ephemeral-attachments/1/2/fox.png"


def address(ends_at: float, mark: str = "aa") -> str:
    return f"{BASE}?ex={int(ends_at):x}&is={int(ends_at - DAY):x}&hm={mark}&"


async def ask_with_picture(engine: Bench, url: str) -> Job:
    asked = engine.request()
    picture = Attachment(url, "fox.png", "image/png", 1000)
    request = GenerationRequest(asked.capability.slug, {"prompt": "make it run", "image": picture})
    admitted = await engine.admission.admit(replace(asked, request=complete(request, asked.capability)))
    assert isinstance(admitted, Admitted), admitted
    return admitted.job


def sent(engine: Bench) -> list[tuple[str, ...]]:
    """The addresses of each POST that arrived."""
    return [input_urls_of(post.body) for post in engine.studio.records.posts if post.body is not None]


async def test_an_address_that_lives_long_enough_is_sent_as_it_is(engine: Bench) -> None:
    url = address(engine.context.clock() + LIVES_SECONDS_MIN + 60)
    await ask_with_picture(engine, url)
    await engine.submit()
    assert sent(engine) == [(url,)]
    assert engine.files.asked == []


@pytest.mark.parametrize("left", [-DAY, 0.0, FETCH_SECONDS + 5, LIVES_SECONDS_MIN - 60])
async def test_an_address_that_ends_soon_is_asked_for_anew_when_the_request_is_sent(engine: Bench, left: float) -> None:
    url = address(engine.context.clock() + left)
    engine.files.fresh[url] = fresh = address(engine.context.clock() + DAY, "bb")
    job = await ask_with_picture(engine, url)
    await engine.submit()
    assert sent(engine) == [(fresh,)]
    assert (await engine.finish(job)).state is JobState.SUCCEEDED


async def test_a_request_that_waited_for_a_day_is_sent_with_addresses_that_work(engine: Bench) -> None:
    url = address(engine.context.clock() + DAY)
    job = await ask_with_picture(engine, url)
    engine.studio.advance(DAY + 3600)
    engine.files.fresh[url] = fresh = address(engine.context.clock() + DAY, "bb")
    await engine.submit()
    assert sent(engine) == [(fresh,)]
    assert await engine.state(job) is JobState.RUNNING


@pytest.mark.parametrize(
    "given", [None, "expired", "not an address"], ids=["none is given", "an old one is given", "nonsense is given"]
)
async def test_a_file_that_is_gone_ends_the_request_and_nothing_is_sent_or_charged(
    engine: Bench, given: str | None
) -> None:
    url = address(engine.context.clock() - 60)
    if given is not None:
        engine.files.fresh[url] = address(engine.context.clock() + 60, "bb") if given == "expired" else given
    job = await ask_with_picture(engine, url)
    await engine.submit()
    ended = await engine.job(job.id)
    assert (ended.state, ended.charged, ended.reason) == (JobState.FAILED, 0, GONE)
    assert [kind for kind, *_ in await engine.ledger(job)] == ["hold", "release"]
    assert sent(engine) == []
    now = engine.context.clock()
    assert await engine.database.read(queue.post_log, job.account_id, now) == [], "its slot is free again"
    await engine.deliver()
    assert [closing.job_id for closing, _ in engine.notifier.closings] == [job.id]


@pytest.mark.parametrize("away", [True, False])
async def test_an_address_that_works_for_a_while_is_sent_if_no_fresh_one_can_be_had(engine: Bench, away: bool) -> None:
    engine.files.away = away
    url = address(engine.context.clock() + FETCH_SECONDS + 60)
    await ask_with_picture(engine, url)
    await engine.submit()
    assert sent(engine) == [(url,)]


async def test_a_request_waits_while_discord_does_not_answer_and_others_pass(engine: Bench) -> None:
    url = address(engine.context.clock() - 60)
    engine.files.away = True
    job = await ask_with_picture(engine, url)
    other = await engine.ask("without a file")
    await engine.submit()
    await engine.submit()
    assert [await engine.state(one) for one in (job, other)] == [JobState.QUEUED, JobState.RUNNING]
    engine.files.away = False
    engine.files.fresh[url] = address(engine.context.clock() + DAY, "bb")
    engine.studio.advance(AGAIN_SECONDS + 1)
    await engine.submit()
    assert await engine.state(job) is JobState.RUNNING


async def test_a_request_does_not_wait_for_its_files_for_ever(engine: Bench) -> None:
    engine.files.away = True
    job = await ask_with_picture(engine, address(engine.context.clock() - 60))
    began = engine.context.clock()
    while await engine.state(job) is JobState.QUEUED:
        await engine.submit()
        engine.studio.advance(AGAIN_SECONDS * 5)
        assert engine.context.clock() - began < WAITED_SECONDS_MAX + 3600
    assert (await engine.job(job.id)).reason == GONE
    assert sent(engine) == []
