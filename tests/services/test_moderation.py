"""Blocked and paused members: nothing of theirs passes, nothing is lost, and everything has an end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.audit import AuditAction
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonValue
from bot.domain.moderation import Bar, BlockKind, IncidentDecision, IncidentKind
from bot.domain.quota import GuildDefaults, Rules
from bot.domain.refusals import Impossible, NotPossible
from bot.engine import failpoints
from bot.services.admission_result import Admitted, Refused
from bot.services.guild_settings import GuildSettingsService
from bot.services.moderation import Moderation
from bot.storage import audit, incidents, job_lists, jobs
from bot.storage.database import Database
from bot.storage.guilds import set_rules
from bot.storage.ledger_check import disagreements
from bot.studio.errors import BadRequest
from bot.workers.incidents import Incidents
from bot.workers.refusals import Refusals
from tests.support.bench import CHANNEL, ENOUGH, GUILD, MEMBER, Bench, bench
from tests.support.moderators import RecordingCards

MODERATOR, HOUR = 77, 3600.0


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready
        for guild in (GUILD, GUILD + 1):
            assert await database.read(disagreements, guild) == []


@pytest.fixture
def moderation(engine: Bench) -> Moderation:
    return Moderation(engine.context, GuildDefaults(ENOUGH, None, None))


@pytest.fixture
def cards() -> RecordingCards:
    return RecordingCards()


@pytest.fixture
def worker(engine: Bench, cards: RecordingCards) -> Incidents:
    return Incidents(engine.context, cards)


async def barred(engine: Bench, guild: int = GUILD, member: int = MEMBER) -> Bar | None:
    result = await engine.admission.admit(engine.request(guild=guild, member=member))
    assert isinstance(result, (Admitted, Refused)), result
    return result.bar if isinstance(result, Refused) else None


async def choose(engine: Bench, setting: GuildSetting, value: JsonValue) -> None:
    await GuildSettingsService(engine.database, engine.context.clock).change(GUILD, MODERATOR, setting, value)


async def test_a_block_cancels_what_waits_and_gives_its_credits_back(engine: Bench, moderation: Moderation) -> None:
    rules = Rules(approval_above=10, approval_channel_id=CHANNEL)
    queued = await engine.ask()
    elsewhere, others = await engine.ask(guild=GUILD + 1), await engine.ask(member=MEMBER + 1)
    await engine.database.write(set_rules, GUILD, rules)
    awaiting = await engine.ask()
    assert await engine.state(awaiting) is JobState.AWAITING

    done = await moderation.block(GUILD, MEMBER, MODERATOR, "spam", HOUR)
    assert done.cancelled == 2
    for job in (queued, awaiting):
        ended = await engine.job(job.id)
        assert (ended.state, ended.charged, ended.reason) == (JobState.CANCELLED, 0, "a moderator cancelled it")
        assert [kind for kind, _, _ in await engine.ledger(job)] == ["hold", "release"]
    assert await engine.state(elsewhere) is JobState.QUEUED
    assert await engine.state(others) is JobState.QUEUED

    result = await engine.admission.admit(engine.request())
    assert isinstance(result, Refused)
    assert (result.bar, result.block) == (Bar.BLOCKED, done.block)
    assert await barred(engine, guild=GUILD + 1) is None
    assert await barred(engine, member=MEMBER + 1) is None


async def test_what_renders_already_is_delivered(engine: Bench, moderation: Moderation) -> None:
    job = await engine.ask()
    await engine.submit()
    assert (await moderation.block(GUILD, MEMBER, MODERATOR, "", None)).cancelled == 0
    assert (await engine.poll_until_ended(job)).state is JobState.SUCCEEDED


async def test_a_block_ends_by_time_or_by_a_moderator(engine: Bench, moderation: Moderation) -> None:
    await moderation.block(GUILD, MEMBER, MODERATOR, "", HOUR)
    engine.studio.advance(HOUR - 1)
    assert await barred(engine) is Bar.BLOCKED
    engine.studio.advance(2)
    assert await barred(engine) is None
    assert await moderation.blocks(GUILD) == ()
    await moderation.block(GUILD, MEMBER, MODERATOR, "again", None)
    engine.studio.advance(400 * 24 * HOUR)
    assert [one.reason for one in await moderation.blocks(GUILD)] == ["again"]
    assert await moderation.lift(GUILD, MEMBER, MODERATOR)
    assert not await moderation.lift(GUILD, MEMBER, MODERATOR)
    assert await barred(engine) is None
    done = [one.action for one in await engine.database.read(audit.latest, GUILD, 10)]
    assert done == [AuditAction.LIFT_BLOCK, AuditAction.BLOCK_MEMBER, AuditAction.BLOCK_MEMBER]


async def test_a_block_that_is_cut_off_has_done_nothing(
    engine: Bench, moderation: Moderation, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [await engine.ask(), await engine.ask()]
    settled: list[str] = []

    def cut_off(name: str) -> None:
        settled.append(name)
        if settled.count("settle.before_commit") == 2:
            raise ConnectionResetError("power cut")

    monkeypatch.setattr(failpoints, "hit", cut_off)
    with pytest.raises(ConnectionResetError):
        await moderation.block(GUILD, MEMBER, MODERATOR, "", None)
    monkeypatch.undo()
    assert await moderation.blocks(GUILD) == ()
    assert [await engine.state(job) for job in waiting] == [JobState.QUEUED, JobState.QUEUED]
    assert (await moderation.block(GUILD, MEMBER, MODERATOR, "", None)).cancelled == 2


@pytest.mark.parametrize("known", [True, False])
async def test_no_request_passes_between_a_block_and_its_cancellations(
    engine: Bench, moderation: Moderation, known: bool
) -> None:
    if known:
        await engine.ask(member=MEMBER + 1)
    asking = [engine.admission.admit(engine.request()) for _ in range(10)]
    await asyncio.gather(*asking[:5], moderation.block(GUILD, MEMBER, MODERATOR, "", None), *asking[5:])
    left = await engine.database.read(job_lists.recent, GUILD, member_id=MEMBER, active_only=True)
    assert left == []


async def test_a_job_that_comes_back_to_the_queue_after_a_block_is_cancelled_then(
    engine: Bench, moderation: Moderation, worker: Incidents
) -> None:
    job = await engine.ask()
    await engine.database.write(_sending, job)
    await moderation.block(GUILD, MEMBER, MODERATOR, "", None)
    assert await engine.state(job) is JobState.SUBMITTING
    await engine.database.write(_back, job)
    await worker.step()
    assert await engine.state(job) is JobState.CANCELLED


def _sending(conn: Connection, job: Job) -> None:
    jobs.transition(conn, job.id, JobState.QUEUED, JobState.SUBMITTING, "test", 0.0)


def _back(conn: Connection, job: Job) -> None:
    jobs.transition(conn, job.id, JobState.SUBMITTING, JobState.QUEUED, "test", 0.0)


async def refused_by_the_provider(engine: Bench) -> Job:
    """Ask for a video that the provider refuses for its content after a while."""
    job = await engine.ask()
    engine.studio.faults.add("job_fails", message="The result was flagged by content moderation")
    return await engine.finish(job)


async def test_a_member_whom_the_provider_refuses_again_and_again_is_paused_and_moderators_are_asked(
    engine: Bench, moderation: Moderation, worker: Incidents, cards: RecordingCards
) -> None:
    await choose(engine, GuildSetting.LOG_CHANNEL, 555)
    for number in range(3):
        assert await moderation.block_of(GUILD, MEMBER) is None, f"after {number} refusals"
        ended = await refused_by_the_provider(engine)
        assert ended.state is JobState.FAILED
    block = await moderation.block_of(GUILD, MEMBER)
    assert block is not None
    assert (block.kind, block.actor_id, block.ends_at) == (BlockKind.PAUSE, None, block.created_at + 24 * HOUR)
    assert await barred(engine) is Bar.BLOCKED
    assert await moderation.block_of(GUILD, MEMBER + 1) is None
    await worker.step()
    [card] = cards.posted
    assert card.incident.kind is IncidentKind.REFUSALS
    assert card.incident.data["count"] == 3

    await moderation.decide(GUILD, card.incident.id, IncidentDecision.LIFTED, MODERATOR)
    await worker.step()
    assert [one.incident.decision for one in cards.edited] == [IncidentDecision.LIFTED]
    assert (await refused_by_the_provider(engine)).state is JobState.FAILED
    assert await moderation.block_of(GUILD, MEMBER) is None, "what was lifted does not count again"
    assert await barred(engine) is None


@pytest.mark.parametrize(
    ("message", "counts"),
    [("Your prompt violates our content policy", True), ("NSFW", True), ("prompt is too long", False)],
)
async def test_a_refusal_before_anything_was_started_counts_too(
    engine: Bench, moderation: Moderation, message: str, counts: bool
) -> None:
    await choose(engine, GuildSetting.CONTENT_REFUSALS_MAX, 1)
    job = await engine.ask()
    await engine.database.write(_sending, job)
    await engine.database.write(Refusals(engine.context).note, await engine.job(job.id), BadRequest(message))
    assert await engine.state(job) is JobState.FAILED
    assert (await moderation.block_of(GUILD, MEMBER) is not None) is counts


async def test_refusals_of_other_kinds_and_of_another_day_do_not_count(engine: Bench, moderation: Moderation) -> None:
    for _ in range(3):
        job = await engine.ask()
        engine.studio.faults.add("job_fails", message="Invalid duration for this model")
        await engine.finish(job)
    for _ in range(4):
        await refused_by_the_provider(engine)
        engine.studio.advance(12 * HOUR + 1)
    assert await moderation.block_of(GUILD, MEMBER) is None


@pytest.mark.parametrize(("allowed", "pauses"), [(1, True), (2, False), (None, False)])
async def test_the_number_and_the_time_are_the_guilds_choice(
    engine: Bench, moderation: Moderation, allowed: int | None, pauses: bool
) -> None:
    await choose(engine, GuildSetting.CONTENT_REFUSALS_MAX, allowed)
    await choose(engine, GuildSetting.CONTENT_PAUSE_HOURS, 2)
    await refused_by_the_provider(engine)
    block = await moderation.block_of(GUILD, MEMBER)
    assert (block is not None) is pauses
    if block is not None:
        assert block.ends_at == block.created_at + 2 * HOUR


async def test_a_moderator_makes_a_block_of_a_pause(engine: Bench, moderation: Moderation) -> None:
    await choose(engine, GuildSetting.CONTENT_REFUSALS_MAX, 1)
    waiting = await engine.ask()
    await engine.database.write(_sending, waiting)
    await engine.database.write(_back, waiting)
    await refused_by_the_provider(engine)
    [asked] = await moderation.open_incidents(GUILD)
    await moderation.block(GUILD, MEMBER, MODERATOR, "enough", None, incident_id=asked.id)
    block = await moderation.block_of(GUILD, MEMBER)
    assert block is not None
    assert (block.kind, block.reason) == (BlockKind.BLOCK, "enough")
    with pytest.raises(NotPossible) as refusal:
        await moderation.decide(GUILD, asked.id, IncidentDecision.LIFTED, MODERATOR)
    assert refusal.value.why is Impossible.INCIDENT_ENDED
    with pytest.raises(NotPossible) as refusal:
        await moderation.decide(GUILD + 1, asked.id, IncidentDecision.LIFTED, MODERATOR)
    assert refusal.value.why is Impossible.NO_SUCH_INCIDENT
    ended = await engine.database.read(incidents.find, asked.id)
    assert ended is not None
    assert ended.decision is IncidentDecision.BLOCKED
