"""A request's way through the engine when all goes well, and the provider's plain refusals."""

import asyncio

import pytest
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.quota import GuildDefaults, RefusalReason
from bot.services.admission_result import Admitted, Refused
from bot.storage import accounts, jobs
from bot.storage.guilds import ensure_guild
from bot.storage.tables.provider import OWNER_ACCOUNT
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench


async def test_a_request_becomes_a_delivered_video_and_settled_credits(engine: Bench) -> None:
    job = await engine.ask("a paper boat")
    assert (job.state, job.held) == (JobState.QUEUED, 100)
    await engine.submit()
    assert await engine.state(job) is JobState.RUNNING
    ended = await engine.poll_until_ended(job)
    assert (ended.state, ended.charged) == (JobState.SUCCEEDED, 100)
    await engine.deliver()
    [(closing, files)] = engine.notifier.closings
    assert (closing.job_id, closing.channel_id, closing.member_id) == (job.id, CHANNEL, MEMBER)
    assert [len(content) for content in files] == [4096]
    assert await engine.ledger(job) == [("hold", 100, 0), ("capture", -100, 100)]
    assert engine.studio.records.charged() == 100


async def test_a_second_delivery_of_the_same_interaction_changes_nothing(engine: Bench) -> None:
    asks = [engine.request(interaction=77) for _ in range(5)]
    results = await asyncio.gather(*(engine.admission.admit(ask) for ask in asks))
    assert all(isinstance(result, Admitted) for result in results)
    assert len({result.job.id for result in results if isinstance(result, Admitted)}) == 1
    assert sorted(result.repeated for result in results if isinstance(result, Admitted)) == [False] + [True] * 4
    await engine.submit()
    assert len(engine.studio.records.posts) == 1


async def test_a_failed_and_refunded_job_releases_its_credits_and_says_why(engine: Bench) -> None:
    engine.studio.faults.add("job_fails")
    job = await engine.ask()
    ended = await engine.finish(job)
    assert (ended.state, ended.charged) == (JobState.FAILED, 0)
    assert await engine.ledger(job) == [("hold", 100, 0), ("release", -100, 0)]
    [(closing, files)] = engine.notifier.closings
    assert closing.reason
    assert files == []


async def test_credits_that_the_provider_kept_for_a_failed_job_are_shown_as_such(engine: Bench) -> None:
    engine.studio.faults.add("job_fails", refunded=False)
    job = await engine.ask()
    ended = await engine.finish(job)
    assert (ended.state, ended.charged) == (JobState.FAILED, 100)
    assert await engine.ledger(job) == [("hold", 100, 0), ("kept", -100, 100)]
    [(closing, _)] = engine.notifier.closings
    assert (closing.state, closing.charged) == (JobState.FAILED, 100)


async def test_several_renders_of_one_request_are_followed_posted_together_and_summed(engine: Bench) -> None:
    engine.studio.renders_per_request = 3
    job = await engine.ask()
    ended = await engine.finish(job)
    assert ended.charged == engine.studio.records.charged() == 300
    [(closing, files)] = engine.notifier.closings
    assert len(closing.results) == len(files) == 3
    assert (await engine.ledger(job))[-1] == ("capture", -100, 300)


async def test_a_request_that_the_provider_refuses_ends_with_its_words(engine: Bench) -> None:
    engine.studio.faults.add("error_before", status=400)
    job = await engine.ask()
    await engine.submit()
    ended = await engine.job(job.id)
    assert (ended.state, ended.charged) == (JobState.FAILED, 0)
    assert ended.reason
    assert await engine.ledger(job) == [("hold", 100, 0), ("release", -100, 0)]


async def test_an_empty_account_makes_the_queue_wait_and_resume_by_itself(engine: Bench) -> None:
    engine.studio.set_credits(40)
    job = await engine.ask()
    await engine.submit()
    assert await engine.state(job) is JobState.QUEUED
    account = await engine.database.read(accounts.find, OWNER_ACCOUNT)
    assert (account.blocked_reason, account.credits_remaining) == ("no_credits", 40)
    engine.studio.set_credits(1000)
    engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
    assert (await engine.finish(job)).state is JobState.SUCCEEDED
    account = await engine.database.read(accounts.find, OWNER_ACCOUNT)
    assert account.blocked_reason is None


async def test_a_revoked_key_refuses_new_requests_and_keeps_the_queued_ones(engine: Bench) -> None:
    engine.studio.faults.add("unauthorized")
    job = await engine.ask()
    await engine.submit()
    assert await engine.state(job) is JobState.QUEUED
    refused = await engine.admission.admit(engine.request())
    assert isinstance(refused, Refused)
    assert refused.outage is not None
    engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
    assert (await engine.finish(job)).state is JobState.SUCCEEDED
    assert isinstance(await engine.admission.admit(engine.request()), Admitted)


async def test_a_429_is_waited_out_and_nothing_is_lost(engine: Bench) -> None:
    engine.studio.faults.add("rate_limited", seconds=40)
    job = await engine.ask()
    await engine.submit()
    assert await engine.state(job) is JobState.QUEUED
    engine.studio.advance(30)
    await engine.submit()
    assert len(engine.studio.records.posts) == 1, "nothing is sent before Retry-After has passed"
    engine.studio.advance(11)
    assert (await engine.finish(job)).state is JobState.SUCCEEDED


@pytest.mark.parametrize("actor_id", [MEMBER, MEMBER + 1])
async def test_cancelled_while_queued_costs_nothing_and_is_told_once(engine: Bench, actor_id: int) -> None:
    job = await engine.ask()
    assert await engine.people.cancel(job.id, actor_id)
    assert not await engine.people.cancel(job.id, MEMBER)
    await engine.submit()
    await engine.deliver()
    assert engine.studio.records.posts == []
    assert await engine.ledger(job) == [("hold", 100, 0), ("release", -100, 0)]
    [(closing, _)] = engine.notifier.closings
    assert (closing.state, closing.cancelled_by) == (JobState.CANCELLED, actor_id)


async def test_a_job_that_is_being_sent_cannot_be_cancelled(engine: Bench) -> None:
    job = await engine.ask()
    await engine.submit()
    assert not await engine.people.cancel(job.id, MEMBER)
    assert (await engine.finish(job)).state is JobState.SUCCEEDED


async def test_every_move_leaves_an_event(engine: Bench) -> None:
    job = await engine.ask()
    await engine.finish(job)
    story = await engine.people.story(job.id)
    assert story is not None
    events = story.events
    assert [event.state for event in events] == ["queued", "submitting", "running", "succeeded"]
    assert events[0].actor_id == MEMBER


def transition(conn: Connection, job_id: str, expected: JobState, target: JobState) -> None:
    jobs.transition(conn, job_id, expected, target, "on purpose", 0.0)


async def test_no_job_makes_a_move_that_is_not_allowed(engine: Bench) -> None:
    job = await engine.ask()
    with pytest.raises(ValueError, match="no job moves"):
        await engine.database.write(transition, job.id, JobState.QUEUED, JobState.SUCCEEDED)
    with pytest.raises(jobs.StaleState):
        await engine.database.write(transition, job.id, JobState.RUNNING, JobState.SUCCEEDED)
    assert await engine.state(job) is JobState.QUEUED


async def test_an_exhausted_quota_is_refused_before_anything_is_sent(engine: Bench) -> None:
    await engine.database.write(ensure_guild, GUILD + 1, GuildDefaults(150), engine.context.clock())
    await engine.ask(guild=GUILD + 1)
    refused = await engine.admission.admit(engine.request(guild=GUILD + 1))
    assert isinstance(refused, Refused)
    assert refused.refusals[0].reason is RefusalReason.LIMIT
    await engine.submit()
    assert len(engine.studio.records.posts) == 1


async def test_cards_follow_the_job_and_are_edited_only_every_so_often(engine: Bench) -> None:
    job = await engine.ask()
    await engine.cards.step()
    await engine.cards.step()
    assert [card.state for card in engine.notifier.cards] == [JobState.QUEUED]
    await engine.submit()
    await engine.cards.step()
    assert [card.state for card in engine.notifier.cards] == [JobState.QUEUED, JobState.RUNNING], "its Cancel must go"
    assert engine.notifier.cards[0].message_id is None
    assert engine.notifier.cards[1].message_id is not None
    await engine.poll_until_ended(job)
    engine.studio.advance(engine.context.timings.card_seconds_min + 1)
    await engine.cards.step()
    assert engine.notifier.cards[-1].state is JobState.SUCCEEDED
