"""Refusals of the account: nobody is locked out, nobody waits for what is another's problem, and owners know."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Connection, update

from bot.domain.blocking import BlockedReason
from bot.domain.forecast import HeldUp
from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonValue
from bot.domain.notices import Notice, NoticeKind
from bot.services.admission_result import Admitted, Refused
from bot.storage import accounts, notices
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio import errors
from bot.workers.key_probe import KeyProbe
from bot.workers.owner_notices import OwnerNotices
from bot.workers.refusals import PAUSE_SECONDS_MAX, RETRY_AFTER_SECONDS_MAX
from tests.support.bench import GUILD, MEMBER, Bench
from tests.support.scripted_provider import Row, ScriptedProvider

Payload = Mapping[str, JsonValue]


@pytest.fixture
def provider(engine: Bench) -> ScriptedProvider:
    scripted = ScriptedProvider(engine.context.clock)
    engine.context.providers = {OWNER_ACCOUNT: scripted}
    return scripted


def refusing(provider: ScriptedProvider, *refused: errors.StudioError) -> None:
    """Refuse the next requests, then accept."""
    left = list(refused)

    def generate(payload: Payload) -> Row:
        if left:
            raise left.pop(0)
        return provider.accept(payload)

    provider.on_generate = generate


class Messenger:
    """Keeps what the owners are told."""

    def __init__(self) -> None:
        self.told: list[Notice] = []

    async def tell(self, notice: Notice) -> bool:
        self.told.append(notice)
        return True


async def tell_owners(engine: Bench, messenger: Messenger) -> list[NoticeKind]:
    """Tell what is to be told, and return the kinds of all that was told so far."""
    await OwnerNotices(engine.context, messenger).step()
    return [notice.kind for notice in messenger.told]


async def blocked_for(engine: Bench) -> BlockedReason | None:
    account = await engine.database.read(accounts.find, OWNER_ACCOUNT)
    return account.blocked_for(engine.context.clock())


async def until_sent(engine: Bench, jobs: list[Job], hours: float) -> float:
    """Let time pass until all jobs were accepted or have ended; the hours that it took."""
    began = engine.context.clock()
    while engine.context.clock() - began < hours * 3600:
        await engine.submit()
        states = await engine.states(jobs)
        if not {JobState.QUEUED, JobState.SUBMITTING} & states:
            return (engine.context.clock() - began) / 3600
        engine.studio.advance(30)
    raise AssertionError(f"not all were sent within {hours} hours: {states}")


REFUSED_KEYS = [errors.Unauthorized("Invalid API key"), errors.Forbidden("not for API keys")]


@pytest.mark.parametrize("refusal", REFUSED_KEYS, ids=["401", "403"])
async def test_a_block_ends_with_its_time_although_nothing_was_sent_meanwhile(
    engine: Bench, provider: ScriptedProvider, refusal: errors.StudioError
) -> None:
    refusing(provider, refusal)
    job = await engine.ask()
    await engine.submit()
    assert isinstance(await engine.admission.admit(engine.request()), Refused)
    await engine.people.cancel(job.id, MEMBER)
    engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
    admitted = await engine.admission.admit(engine.request())
    assert isinstance(admitted, Admitted)
    await engine.submit()
    assert await engine.state(admitted.job) is JobState.RUNNING


@pytest.mark.parametrize("refusal", REFUSED_KEYS, ids=["401", "403"])
async def test_a_block_ends_at_a_start(engine: Bench, provider: ScriptedProvider, refusal: errors.StudioError) -> None:
    refusing(provider, refusal)
    await engine.ask()
    await engine.submit()
    await engine.database.write(accounts.end_blocks)
    assert isinstance(await engine.admission.admit(engine.request()), Admitted)


async def test_a_get_that_is_answered_ends_the_block_of_a_refused_key_and_says_so(
    engine: Bench, provider: ScriptedProvider
) -> None:
    messenger = Messenger()
    refusing(provider, errors.Unauthorized("Invalid API key"))
    await engine.ask()
    await engine.submit()
    assert await tell_owners(engine, messenger) == [NoticeKind.KEY_REFUSED]
    await KeyProbe(engine.context).step()
    assert await blocked_for(engine) is BlockedReason.UNAUTHORIZED, "not so soon"
    engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
    await KeyProbe(engine.context).step()
    assert await tell_owners(engine, messenger) == [NoticeKind.KEY_REFUSED, NoticeKind.WORKS_AGAIN]


async def test_a_key_that_is_still_refused_is_asked_for_now_and_then(engine: Bench, provider: ScriptedProvider) -> None:
    refusal = errors.Unauthorized("Invalid API key")
    refusing(provider, refusal)
    job = await engine.ask()
    await engine.submit()
    await engine.people.cancel(job.id, MEMBER)

    def refuse() -> None:
        raise refusal

    provider.on_get = refuse
    probe = KeyProbe(engine.context)
    for _ in range(4):
        engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
        await probe.step()
        await probe.step()
        assert await blocked_for(engine) is BlockedReason.UNAUTHORIZED, "members hear it at once, and no POST is spent"
    assert provider.asked["history"] == 4
    assert len(provider.posts) == 1


async def test_a_403_that_strikes_one_job_while_others_pass_is_that_jobs_problem(
    engine: Bench, provider: ScriptedProvider
) -> None:
    def firewall(payload: Payload) -> Row:
        if "forbidden word" in str(payload["prompt"]):
            raise errors.Forbidden("Request blocked")
        return provider.accept(payload)

    provider.on_generate = firewall
    good = [await engine.ask(f"first {number}") for number in range(2)]
    await engine.submit()
    bad = await engine.ask("a forbidden word")
    rest = [await engine.ask(f"number {number}", guild=GUILD + number % 3) for number in range(20)]
    assert await until_sent(engine, [*good, bad, *rest], hours=3) < 1.2
    ended = await engine.job(bad.id)
    assert (ended.state, ended.charged) == (JobState.FAILED, 0)
    assert ended.reason == "Request blocked"
    assert sum("forbidden word" in str(post["prompt"]) for post in provider.posts) == 2
    assert await engine.states([*good, *rest]) == {JobState.RUNNING}


async def test_a_job_that_alone_is_refused_by_403_again_and_again_ends(
    engine: Bench, provider: ScriptedProvider
) -> None:
    good = await engine.ask("good")
    await engine.submit()
    refusing(provider, *[errors.Forbidden("Request blocked")] * 100)
    bad = await engine.ask("bad")
    await until_sent(engine, [good, bad], hours=3)
    assert (await engine.job(bad.id)).reason == "Request blocked"
    assert len(provider.posts) == 1 + 4
    assert await blocked_for(engine) is None


ACCOUNT_LIKE: dict[str, errors.StudioError] = {
    "401": errors.Unauthorized("Invalid API key"),
    "403": errors.Forbidden("Request blocked"),
    "402": errors.OutOfCredits("No purchased credits"),
    "402 with numbers": errors.OutOfCredits("No purchased credits", required=100, available=0),
    "429": errors.RateLimited("This model is limited"),
    "a gateway's 404": errors.Unreachable("The provider's API is not at this address (HTTP 404)"),
}


@pytest.mark.parametrize("which", ACCOUNT_LIKE)
async def test_a_lone_job_that_is_always_refused_ends_and_costs_nothing(
    engine: Bench, provider: ScriptedProvider, which: str
) -> None:
    """Whatever the error blames: its member reads why, and the owner hears of the end once."""
    messenger = Messenger()
    refusing(provider, *[ACCOUNT_LIKE[which]] * 10_000)
    job, probe = await engine.ask(), KeyProbe(engine.context)
    while await engine.state(job) is JobState.QUEUED:
        await engine.submit()
        await probe.step()
        await tell_owners(engine, messenger)
        engine.studio.advance(60)
        assert engine.context.clock() - job.created_at < 25.5 * 3600
    ended = await engine.job(job.id)
    assert (ended.state, ended.charged) == (JobState.FAILED, 0)
    assert ended.reason in (ACCOUNT_LIKE[which].message, "the provider could not be reached")
    assert [kind for kind, *_ in await engine.ledger(job)] == ["hold", "release"]
    assert len(provider.posts) < 160
    await tell_owners(engine, messenger)
    told = [notice.data for notice in messenger.told if notice.kind is NoticeKind.JOB_REFUSED]
    assert told == [{"job_id": job.id, "model_name": job.model_name, "why": ACCOUNT_LIKE[which].message}]


@pytest.mark.parametrize("refusal", REFUSED_KEYS, ids=["401", "403"])
async def test_a_request_whose_words_make_the_key_look_refused_ends_and_others_pass(
    engine: Bench, provider: ScriptedProvider, refusal: errors.StudioError
) -> None:
    def firewall(payload: Payload) -> Row:
        if payload["prompt"] == "bad":
            raise refusal
        return provider.accept(payload)

    provider.on_generate = firewall
    bad = await engine.ask("bad")
    await engine.submit()
    engine.studio.advance(1000)
    rest = [await engine.ask(f"number {number}") for number in range(8)]
    assert await until_sent(engine, [bad, *rest], hours=3) < 1.5
    assert await engine.state(bad) is JobState.FAILED
    assert await engine.states(rest) == {JobState.RUNNING}
    assert sum(post["prompt"] == "bad" for post in provider.posts) <= 3


async def test_owners_hear_within_minutes_that_the_api_is_not_reached_and_that_it_is_again(
    engine: Bench, provider: ScriptedProvider
) -> None:
    messenger = Messenger()
    refusing(provider, *[ACCOUNT_LIKE["a gateway's 404"]] * 20)
    job = await engine.ask()
    for _ in range(20):
        await engine.submit()
        await tell_owners(engine, messenger)
        engine.studio.advance(15)
    assert [notice.kind for notice in messenger.told] == [NoticeKind.UNREACHABLE]
    await until_sent(engine, [job], hours=4)
    await tell_owners(engine, messenger)
    assert [notice.kind for notice in messenger.told] == [NoticeKind.UNREACHABLE, NoticeKind.WORKS_AGAIN]


async def test_a_short_outage_is_nobodys_business(engine: Bench, provider: ScriptedProvider) -> None:
    refusing(provider, *[ACCOUNT_LIKE["a gateway's 404"]] * 3)
    job = await engine.ask()
    await until_sent(engine, [job], hours=1)
    assert await engine.database.read(notices.untold) == []


async def test_a_403_to_everybody_is_the_keys_problem_and_names_the_other_api(
    engine: Bench, provider: ScriptedProvider
) -> None:
    messenger = Messenger()
    engine.context.legacy_may_help = True
    refusing(provider, *[errors.Forbidden("not for API keys")] * 100)
    jobs = [await engine.ask(f"number {number}") for number in range(5)]
    for _ in range(8):
        await engine.submit()
        engine.studio.advance(900)
    assert await engine.states(jobs) == {JobState.QUEUED}, "no job is lost"
    assert len(provider.posts) <= 4 + 7, "one try each time"
    await tell_owners(engine, messenger)
    [notice] = messenger.told
    assert (notice.kind, notice.data) == (NoticeKind.KEY_FORBIDDEN, {"legacy_may_help": True})


async def test_an_account_that_can_pay_for_some_jobs_sends_these(engine: Bench, provider: ScriptedProvider) -> None:
    """30 requests of 3 guilds, one of them dearer than what is left: the others do not wait for it."""

    def poor(payload: Payload) -> Row:
        if payload["prompt"] == "too dear":
            raise errors.OutOfCredits("Insufficient credits", required=4000, available=2500)
        return provider.accept(payload)

    provider.on_generate = poor
    dear = await engine.ask("too dear")
    await engine.database.write(make_dearer, dear.id)
    await engine.submit()
    view = await engine.people.get(dear.id)
    assert view is not None
    assert view.forecast.held_up is HeldUp.NO_CREDITS
    cheap = [await engine.ask(f"number {number}", guild=GUILD + number % 3) for number in range(10)]
    assert await until_sent(engine, cheap, hours=1) < 0.5
    assert sum(post["prompt"] == "too dear" for post in provider.posts) <= 3


def make_dearer(conn: Connection, job_id: str) -> None:
    """Have a job hold more than its model costs."""
    conn.execute(update(jobs_table).where(jobs_table.c.id == job_id).values(held=4000))


async def test_without_numbers_everything_waits_for_credits(engine: Bench, provider: ScriptedProvider) -> None:
    # All that leave at once: an answer that accepts one of them would end the block.
    refusing(provider, *[errors.OutOfCredits("Insufficient credits")] * 3)
    jobs = [await engine.ask(f"number {number}") for number in range(3)]
    await engine.submit()
    tried = len(provider.posts)
    engine.studio.advance(engine.context.timings.no_credits_retry_seconds - 60)
    await engine.submit()
    assert len(provider.posts) == tried, "nothing is sent meanwhile"
    refusing(provider)
    engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
    assert await until_sent(engine, jobs, hours=1) < 0.5
    assert await engine.states(jobs) == {JobState.RUNNING}


@pytest.mark.parametrize("asked", [1_793_620_800.0, 40_000.0, 3600.0, float("inf")])
async def test_a_long_retry_after_is_capped_and_told(engine: Bench, provider: ScriptedProvider, asked: float) -> None:
    messenger = Messenger()
    refusing(provider, errors.RateLimited("slow down", asked))
    job = await engine.ask()
    await engine.submit()
    account = await engine.database.read(accounts.find, OWNER_ACCOUNT)
    assert account.blocked_until is not None
    assert account.blocked_until - engine.context.clock() == pytest.approx(min(asked, RETRY_AFTER_SECONDS_MAX), abs=1)
    assert await tell_owners(engine, messenger) == [NoticeKind.LONG_PAUSE]
    engine.studio.advance(RETRY_AFTER_SECONDS_MAX + 1)
    await engine.submit()
    assert await engine.state(job) is JobState.RUNNING


async def test_owners_are_told_the_pause_that_was_asked_for(engine: Bench, provider: ScriptedProvider) -> None:
    messenger = Messenger()
    refusing(provider, errors.RateLimited("slow down", RETRY_AFTER_SECONDS_MAX, asked_for=86_400.0))
    await engine.ask()
    await engine.submit()
    await tell_owners(engine, messenger)
    assert [notice.data for notice in messenger.told] == [{"asked": 86_400, "seconds": RETRY_AFTER_SECONDS_MAX}]


async def test_a_short_retry_after_is_nobodys_business(engine: Bench, provider: ScriptedProvider) -> None:
    refusing(provider, errors.RateLimited("slow down", PAUSE_SECONDS_MAX))
    await engine.ask()
    await engine.submit()
    assert await engine.database.read(notices.untold) == []


async def hourly_posts(engine: Bench) -> int:
    return (await engine.database.read(accounts.find, OWNER_ACCOUNT)).hourly_posts


async def test_a_storm_of_429s_is_a_pause_and_no_limit(engine: Bench, provider: ScriptedProvider) -> None:
    refusing(provider, *[errors.RateLimited("slow down")] * 6)
    job = await engine.ask()
    for _ in range(60):
        await engine.submit()
        engine.studio.advance(60)
    assert await engine.state(job) is JobState.RUNNING
    assert await hourly_posts(engine) == 24
    assert len(provider.posts) == 7, "pauses grow"


async def test_a_429_near_the_limit_teaches_a_stricter_one_for_an_hour(
    engine: Bench, provider: ScriptedProvider
) -> None:
    """Something else uses the key as well."""
    jobs = [await engine.ask(f"number {number}") for number in range(16)]
    await until_sent(engine, jobs, hours=1)
    refusing(provider, errors.RateLimited("slow down", 10.0))
    await engine.ask()
    while len(provider.posts) == len(jobs):
        engine.studio.advance(30)
        await engine.submit()
    learned = await hourly_posts(engine)
    assert 12 <= learned < 24
    await engine.database.write(accounts.forget_lowered_limits, 24, engine.context.clock() + 3601)
    assert await hourly_posts(engine) == 24


async def test_a_pause_beside_a_block_keeps_the_blocks_reason(engine: Bench) -> None:
    until = engine.context.clock() + 900
    await engine.database.write(accounts.block, OWNER_ACCOUNT, BlockedReason.UNAUTHORIZED, until)
    await engine.database.write(accounts.pause, OWNER_ACCOUNT, until - 800)
    assert await blocked_for(engine) is BlockedReason.UNAUTHORIZED


async def test_owners_read_which_job_cannot_be_paid_and_when_each_trouble_is_over(
    engine: Bench, provider: ScriptedProvider
) -> None:
    messenger = Messenger()
    refusing(provider, errors.OutOfCredits("Insufficient credits", available=0), errors.Unauthorized("Invalid API key"))
    job = await engine.ask()
    wait = engine.context.timings.no_credits_retry_seconds + 1
    for _ in range(2):
        await engine.submit()
        await tell_owners(engine, messenger)
        engine.studio.advance(wait)
    await KeyProbe(engine.context).step()
    kinds = [NoticeKind.NO_CREDITS, NoticeKind.KEY_REFUSED, NoticeKind.WORKS_AGAIN]
    assert await tell_owners(engine, messenger) == kinds
    assert messenger.told[0].data == {
        "job_id": job.id,
        "model_name": job.model_name,
        "required": job.held,
        "available": 0,
    }
    assert await until_sent(engine, [job], hours=1) < 1
    assert await tell_owners(engine, messenger) == [*kinds, NoticeKind.WORKS_AGAIN]
    assert [notice.data for notice in messenger.told[2:]] == [{"was": "unauthorized"}, {"was": "no_credits"}]
