"""Reports: one card for each result, a decision that holds, and an end that each reporter hears."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.guild_notices import GuildNotice, GuildNoticeKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import Job
from bot.domain.moderation import BlockKind, IncidentDecision
from bot.domain.quota import GuildDefaults
from bot.domain.refusals import Impossible, NotPossible
from bot.engine.approval import CardLater
from bot.services.guild_settings import GuildSettingsService
from bot.services.job_views import Resend
from bot.services.moderation import Moderation
from bot.services.reports import REPORTS_MAX, Reported, ReportOutcome, Reports
from bot.storage import guild_notices, incidents, jobs
from bot.storage.database import Database
from bot.workers.incidents import LATER_SECONDS, NO_CHANNEL_SECONDS, Incidents
from bot.workers.removals import Removals
from tests.conftest import opened
from tests.support.bench import ENOUGH, GUILD, MEMBER, Bench, bench
from tests.support.moderators import RecordingCards
from tests.support.removal import RecordingRemover

MODERATOR, NOAH, ZOE, LOG = 77, 4001, 4002, 555


class Desk:
    """Everything that reports go through."""

    def __init__(self, engine: Bench) -> None:
        self.engine = engine
        self.reports = Reports(engine.context)
        self.moderation = Moderation(engine.context, GuildDefaults(ENOUGH, None, None))
        self.cards = RecordingCards()
        self.incidents = Incidents(engine.context, self.cards)
        self.remover = RecordingRemover()
        self.removals = Removals(engine.context, self.remover)

    async def has_log(self) -> None:
        settings = GuildSettingsService(self.engine.database, self.engine.context.clock)
        await settings.change(GUILD, MODERATOR, GuildSetting.LOG_CHANNEL, LOG)

    async def notices(self) -> tuple[GuildNotice, ...]:
        return await self.engine.database.read(guild_notices.of_guild, GUILD)

    async def decide(self, decision: IncidentDecision) -> None:
        [incident] = await self.moderation.open_incidents(GUILD)
        await self.moderation.decide(GUILD, incident.id, decision, MODERATOR)
        await self.work()

    async def work(self) -> None:
        """Take a step of each worker that carries out what moderators decided."""
        await self.incidents.step()
        await self.removals.step()


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with bench(database, tmp_path) as engine:
        yield Desk(engine)


@pytest.fixture
async def job(desk: Desk) -> Job:
    """A job whose result was posted."""
    return await desk.engine.finish(await desk.engine.ask())


async def test_reports_of_one_result_join_one_card_that_names_no_reporter(desk: Desk, job: Job) -> None:
    await desk.has_log()
    assert await desk.reports.state(job.id, NOAH) is None
    assert await desk.reports.report(job.id, NOAH, "gore") == ReportOutcome(Reported.SENT)
    await desk.work()
    assert await desk.reports.report(job.id, ZOE, "scary") == ReportOutcome(Reported.SENT)
    assert await desk.reports.report(job.id, NOAH, "gore!") == ReportOutcome(Reported.REPEATED)
    await desk.work()
    assert (len(desk.cards.posted), desk.cards.channels) == (1, [LOG])
    [edited] = desk.cards.edited
    assert [one.reason for one in edited.reports] == ["gore", "scary"]
    assert edited.posting is not None
    assert edited.posting.message_id == desk.engine.notifier.posted[job.id]
    await desk.work()
    assert len(desk.cards.edited) == 1, "nothing is new"


async def test_a_deletion_is_final_and_every_reporter_hears_of_it(desk: Desk, job: Job) -> None:
    await desk.has_log()
    await desk.reports.report(job.id, NOAH, "gore")
    await desk.reports.report(job.id, ZOE, "scary")
    await desk.work()
    await desk.decide(IncidentDecision.DELETED)
    assert desk.remover.removed == [(job.channel_id, desk.engine.notifier.posted[job.id])]
    assert desk.cards.answered == [NOAH, ZOE]
    assert await desk.engine.people.resend(job.id, job.member_id) is Resend.REMOVED
    late = await desk.reports.report(job.id, 4003, "late")
    assert late == ReportOutcome(Reported.ENDED, IncidentDecision.DELETED)
    await desk.work()
    assert (len(desk.remover.removed), len(desk.cards.answered)) == (1, 2), "each thing is done once"


async def test_a_card_is_noted_while_moderators_decide_and_neither_waits_for_the_other_for_ever(
    desk: Desk, job: Job
) -> None:
    if desk.engine.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    await desk.reports.report(job.id, NOAH, "gore")
    [incident] = await desk.moderation.open_incidents(GUILD)
    seen = await desk.engine.database.read(incidents.due_at, incident.id)
    url = desk.engine.database.url.render_as_string(hide_password=False)

    async def note() -> None:
        async with opened(url) as another:
            await another.write(incidents.note_shown, incident.id, 9_999, seen)

    def decide(conn: Connection) -> None:
        jobs.lock(conn, job.id)
        noting = threading.Thread(target=asyncio.run, args=(note(),))
        noting.start()
        noting.join(30)
        assert not noting.is_alive(), "it waits for the job, and whoever has the job will wait for the incident"
        incidents.find(conn, incident.id, lock=True)

    await desk.engine.database.write(decide)


@pytest.mark.parametrize("decided", [True, False])
async def test_a_card_that_was_posted_and_not_noted_is_found_and_kept_true(desk: Desk, job: Job, decided: bool) -> None:
    await desk.has_log()
    await desk.reports.report(job.id, NOAH, "gore")
    [incident] = await desk.moderation.open_incidents(GUILD)
    # The process dies between the post and the note; moderators may decide on that card before it is started again.
    await desk.engine.database.write(incidents.note_place, incident.id, LOG)
    desk.cards.unnoted[incident.id] = 9_999
    if decided:
        await desk.moderation.decide(GUILD, incident.id, IncidentDecision.DISMISSED, MODERATOR)
    await desk.work()
    assert desk.cards.posted == []
    [edited] = desk.cards.edited
    assert edited.incident.card_message_id == 9_999
    assert edited.incident.decision is (IncidentDecision.DISMISSED if decided else None)
    await desk.work()
    assert len(desk.cards.edited) == 1, "it is noted now"


async def test_a_deletion_by_a_moderator_whose_video_it_is_is_final_too(desk: Desk, job: Job) -> None:
    await desk.reports.report(job.id, NOAH, "gore")
    [incident] = await desk.moderation.open_incidents(GUILD)
    await desk.moderation.decide(GUILD, incident.id, IncidentDecision.DELETED, MEMBER)
    assert await desk.engine.people.resend(job.id, MEMBER) is Resend.REMOVED


async def test_a_dismissed_report_is_not_opened_again(desk: Desk, job: Job) -> None:
    await desk.has_log()
    await desk.reports.report(job.id, NOAH, "boring")
    await desk.work()
    await desk.decide(IncidentDecision.DISMISSED)
    assert desk.remover.removed == []
    assert desk.cards.answered == [NOAH]
    ended = ReportOutcome(Reported.ENDED, IncidentDecision.DISMISSED)
    assert await desk.reports.report(job.id, ZOE, "boring too") == ended


async def test_a_block_leaves_the_report_open_for_its_video(desk: Desk, job: Job) -> None:
    await desk.has_log()
    await desk.reports.report(job.id, NOAH, "gore")
    await desk.work()
    [incident] = await desk.moderation.open_incidents(GUILD)
    await desk.moderation.block(GUILD, MEMBER, MODERATOR, "gore", None, incident_id=incident.id)
    await desk.work()
    [edited] = desk.cards.edited
    assert edited.incident.decision is None
    assert edited.block is not None
    assert edited.block.kind is BlockKind.BLOCK
    await desk.decide(IncidentDecision.DELETED)
    assert len(desk.remover.removed) == 1


async def test_without_a_log_channel_a_report_is_kept_and_told_when_there_is_one(desk: Desk, job: Job) -> None:
    assert await desk.reports.report(job.id, NOAH, "gore") == ReportOutcome(Reported.KEPT)
    await desk.work()
    assert desk.cards.posted == []
    assert len(await desk.moderation.open_incidents(GUILD)) == 1
    desk.engine.studio.advance(NO_CHANNEL_SECONDS + 1)
    await desk.work()
    assert desk.cards.owners == [GUILD], "the server's owner is told once"
    assert [one.kind for one in await desk.notices()] == [GuildNoticeKind.REPORTS_WAIT]
    await desk.has_log()
    desk.engine.studio.advance(NO_CHANNEL_SECONDS + 1)
    await desk.work()
    assert len(desk.cards.posted) == 1
    assert await desk.notices() == ()


async def test_a_log_channel_that_is_gone_holds_nothing_up(desk: Desk, job: Job) -> None:
    await desk.has_log()
    desk.cards.closed.add(LOG)
    await desk.reports.report(job.id, NOAH, "gore")
    await desk.work()
    assert desk.cards.posted == []
    assert [one.kind for one in await desk.notices()] == [GuildNoticeKind.LOG_CHANNEL_LOST]
    await desk.decide(IncidentDecision.DELETED)
    assert len(desk.remover.removed) == 1, "moderators decided on their panel"
    assert desk.cards.answered == [NOAH]


@pytest.mark.parametrize("calls", [1, 2, 3])
async def test_what_discord_does_not_take_now_is_done_later(desk: Desk, job: Job, calls: int) -> None:
    await desk.has_log()
    await desk.reports.report(job.id, NOAH, "gore")
    await desk.work()
    [incident] = await desk.moderation.open_incidents(GUILD)
    await desk.moderation.decide(GUILD, incident.id, IncidentDecision.DELETED, MODERATOR)
    desk.cards.trouble = [CardLater("503")] * calls
    for _ in range(calls + 1):
        await desk.work()
        desk.engine.studio.advance(LATER_SECONDS + 1)
    assert desk.cards.edited[-1].incident.decision is IncidentDecision.DELETED
    assert desk.remover.removed
    assert desk.cards.answered == [NOAH]


async def test_there_is_nothing_to_report_where_there_is_no_result(desk: Desk, job: Job) -> None:
    waiting = await desk.engine.ask()
    for job_id in (waiting.id, "0" * 12):
        with pytest.raises(NotPossible) as refusal:
            await desk.reports.report(job_id, NOAH, "gore")
        assert refusal.value.why is Impossible.NO_SUCH_RESULT
    await desk.engine.people.note_deleted(job.id, desk.engine.notifier.posted[job.id], MEMBER)
    assert await desk.reports.report(job.id, NOAH, "gore") == ReportOutcome(Reported.GONE)


async def test_one_member_reports_so_many_results_an_hour(desk: Desk) -> None:
    made = [await desk.engine.finish(await desk.engine.ask()) for _ in range(REPORTS_MAX + 1)]
    for job in made[:-1]:
        await desk.reports.report(job.id, NOAH, "gore")
    with pytest.raises(NotPossible) as refusal:
        await desk.reports.report(made[-1].id, NOAH, "gore")
    assert refusal.value.why is Impossible.TOO_MANY_REPORTS
    assert (await desk.reports.report(made[-1].id, ZOE, "gore")).reported is Reported.KEPT
