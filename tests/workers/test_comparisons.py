"""A comparison's way: single jobs in the engine, one card, one message, one vote, on both kinds of database."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.comparisons import Clip, Comparison
from bot.domain.guild_log import LogKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import JobState
from bot.domain.ledger_views import JobLine, LedgerFilter
from bot.domain.uploads import REQUEST_BYTES_MAX
from bot.engine.notifier import DeliveryImpossible, DeliveryLater, Unattached, UploadTooLarge
from bot.engine.settlement import failed, settle
from bot.services.guild_settings import GuildSettingsService
from bot.services.job_views import RESEND_SECONDS, Resend
from bot.storage import age_restricted, comparisons, jobs, ledger_pages, outbox, postings, retention
from bot.storage.database import Database
from bot.storage.ledger_check import disagreements
from bot.storage.tables.comparisons import comparison_clips_table, comparison_votes_table, comparisons_table
from bot.storage.tables.gallery import gallery_entries_table
from bot.storage.tables.guild_settings import log_entries_table
from bot.storage.tables.jobs import outbox_table
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench, bench

VEO, LITE, KLING = "veo31_fast", "veo31_quality", "kling_3_0"


async def read(engine: Bench, comparison_id: str) -> tuple[Comparison, tuple[Clip, ...]]:
    found = await engine.database.read(comparisons.find, comparison_id)
    assert found is not None
    return found, await engine.database.read(comparisons.clips_of, comparison_id)


async def made(engine: Bench, *models: str) -> str:
    """Have a comparison made whose jobs have ended, and whose message is not owed yet. Returns its id."""
    admitted = await engine.compare(*models)
    await engine.submit()
    for job in admitted.jobs:
        await engine.poll_until_ended(job)
    return admitted.comparison.id


async def posted(engine: Bench, *models: str) -> str:
    comparison_id = await made(engine, *models)
    await engine.comparisons.step()
    await engine.deliver()
    return comparison_id


async def places(engine: Bench, comparison_id: str) -> set[tuple[str | None, int | None]]:
    """Return how the jobs of a comparison were delivered, and in which message."""
    query = select(outbox_table.c.outcome, outbox_table.c.message_id).where(
        outbox_table.c.comparison_id == comparison_id
    )
    return {tuple(row) for row in await engine.database.read(lambda conn: conn.execute(query).all())}


async def test_all_clips_are_in_one_message_and_no_job_has_one_of_its_own(engine: Bench) -> None:
    comparison_id = await made(engine, VEO, KLING)
    await engine.deliver()
    assert engine.compared.closings == [], "not before it is decided what it shows"
    await engine.comparisons.step()
    await engine.deliver_until_done()
    [(closing, files)] = engine.compared.closings
    assert len(files) == 2
    assert {clip.letter for clip in closing.clips} == {"A", "B"}
    assert closing.voting_ends_at is not None
    assert not closing.names_shown
    assert engine.notifier.closings == []
    assert engine.notifier.cards == []
    assert await places(engine, comparison_id) == {("channel", engine.compared.posted[comparison_id])}
    comparison, clips = await read(engine, comparison_id)
    assert comparison.is_open
    assert sorted(clip.letter for clip in clips) == ["A", "B"]
    assert await engine.database.read(disagreements, GUILD) == []


async def test_one_card_tells_of_all_jobs_and_goes_when_all_is_over(engine: Bench) -> None:
    admitted = await engine.compare(VEO, KLING)
    engine.studio.advance(11)
    await engine.comparison_cards.step()
    assert await engine.cards.step() > 0
    assert engine.notifier.cards == []
    [card] = engine.compared.cards
    assert [job.model_name for job in card.jobs] == ["Veo 3.1 Fast", "Kling 3.0"]
    await engine.submit()
    engine.studio.advance(16)
    await engine.comparison_cards.step()
    assert {job.state for job in engine.compared.cards[-1].jobs} == {JobState.RUNNING}
    for job in admitted.jobs:
        await engine.poll_until_ended(job)
    await engine.comparisons.step()
    await engine.deliver()
    await engine.comparison_cards.step()
    assert [card.comparison_id for card in engine.compared.removed] == [admitted.comparison.id]
    comparison, _ = await read(engine, admitted.comparison.id)
    assert comparison.status_message_id is None


async def test_an_answer_that_got_through_unnoticed_is_found_and_is_the_card(engine: Bench) -> None:
    admitted = await engine.compare(VEO, KLING)
    engine.compared.answers[admitted.comparison.id] = 4711
    engine.studio.advance(11)
    await engine.comparison_cards.step()
    engine.studio.advance(130)
    await engine.submit()
    await engine.comparison_cards.step()
    assert engine.compared.cards[-1].message_id is not None


async def test_a_card_that_was_found_and_said_done_before_the_worker_was_lost_goes_with_the_message(
    engine: Bench,
) -> None:
    admitted = await engine.compare(VEO, KLING)
    engine.compared.lose_cards = 2
    await engine.comparison_cards.step()
    engine.compared.answers[admitted.comparison.id] = 4711
    await engine.submit()
    for job in admitted.jobs:
        await engine.poll_until_ended(job)
    engine.studio.advance(16)
    await engine.comparison_cards.step()
    assert [card.message_id for card in engine.compared.cards] == [None, 4711]
    await engine.comparisons.step()
    await engine.deliver()
    engine.studio.advance(200)
    await engine.comparison_cards.step()
    assert [card.message_id for card in engine.compared.removed] == [4711]
    comparison, _ = await read(engine, admitted.comparison.id)
    assert comparison.status_message_id is None


async def test_after_a_time_the_message_is_posted_with_those_that_are_ready_and_a_late_one_has_its_own(
    engine: Bench,
) -> None:
    engine.studio.faults.add("job_stuck", times=1)
    admitted = await engine.compare(VEO, KLING, LITE)
    await engine.submit()
    engine.studio.advance(60)
    await engine.comparison_cards.step()
    await engine.poller.step()
    [slow] = [job for job in admitted.jobs if await engine.state(job) is JobState.RUNNING]
    await engine.comparisons.step()
    await engine.deliver()
    assert engine.compared.closings == []
    engine.studio.advance(engine.context.timings.comparison_seconds_max)
    await engine.comparisons.step()
    await engine.deliver()
    [(closing, files)] = engine.compared.closings
    assert (len(files), closing.late) == (2, 1)
    assert slow.id not in {clip.job_id for clip in closing.clips}
    await engine.comparison_cards.step()
    assert engine.compared.removed == [], "one is still under way"
    late = await engine.job(slow.id)
    await engine.database.write(settle, late, failed("sorry"), engine.context.clock(), detail="sorry")
    await engine.comparisons.step()
    await engine.deliver_until_done()
    [(single, _)] = engine.notifier.closings
    assert single.job_id == slow.id
    assert len(engine.compared.closings) == 1
    engine.studio.advance(200)
    await engine.comparison_cards.step()
    assert len(engine.compared.removed) == 1


async def test_a_failed_one_is_told_in_the_message_and_costs_nothing(engine: Bench) -> None:
    admitted = await engine.compare(VEO, KLING, LITE)
    engine.studio.faults.add("job_fails", times=1)
    await engine.submit()
    for job in admitted.jobs:
        await engine.poll_until_ended(job)
    await engine.comparisons.step()
    await engine.deliver_until_done()
    [(closing, files)] = engine.compared.closings
    assert len(files) == 2
    [failed] = [clip for clip in closing.clips if not clip.letter]
    assert failed.state is JobState.FAILED
    assert (failed.charged, failed.reason is not None) == (0, True)
    assert engine.notifier.closings == []
    assert await engine.database.read(disagreements, GUILD) == []


async def test_if_none_could_be_made_there_is_one_message_and_nothing_to_vote_on(engine: Bench) -> None:
    admitted = await engine.compare(VEO, KLING)
    for job in admitted.jobs:
        assert await engine.people.cancel(job.id, MEMBER + 1)
    await engine.comparisons.step()
    await engine.deliver_until_done()
    [(closing, _)] = engine.compared.closings
    assert closing.shown_clips == ()
    comparison, _ = await read(engine, admitted.comparison.id)
    assert comparison.ended_at is not None
    assert comparison.voting_ends_at is None


async def test_one_that_its_member_cancelled_ends_on_its_card(engine: Bench) -> None:
    admitted = await engine.compare(VEO, KLING)
    engine.studio.advance(11)
    await engine.comparison_cards.step()
    for job in admitted.jobs:
        assert await engine.people.cancel(job.id, MEMBER)
    await engine.comparisons.step()
    await engine.deliver_until_done()
    assert await places(engine, admitted.comparison.id) == {("card", engine.compared.cards[0].message_id or 700)}
    assert engine.compared.posted == {}


async def test_an_answer_lost_after_posting_does_not_post_twice(engine: Bench) -> None:
    comparison_id = await made(engine, VEO, KLING)
    await engine.comparisons.step()
    engine.compared.lose_answers = 1
    await engine.deliver_until_done()
    assert len(engine.compared.closings) == 1
    assert await places(engine, comparison_id) == {("channel", engine.compared.posted[comparison_id])}


async def test_another_message_of_the_channel_does_not_wait_for_clips_that_wait_for_theirs(engine: Bench) -> None:
    await made(engine, VEO, KLING)
    [single] = await engine.settled()
    await engine.deliver()
    assert [closing.job_id for closing, _ in engine.notifier.closings] == [single.id]


@pytest.mark.parametrize("trouble", [UploadTooLarge(4096), DeliveryLater("503")])
async def test_what_discord_does_not_take_now_is_tried_again(engine: Bench, trouble: Exception) -> None:
    await made(engine, VEO, KLING)
    await engine.comparisons.step()
    engine.compared.trouble = [trouble]
    await engine.deliver_until_done()
    assert len(engine.compared.closings) == 1


async def test_a_message_that_nobody_takes_ends_the_comparison(engine: Bench) -> None:
    comparison_id = await made(engine, VEO, KLING)
    await engine.comparisons.step()
    engine.compared.trouble = [DeliveryImpossible("no place is left")]
    await engine.deliver_until_done()
    comparison, _ = await read(engine, comparison_id)
    assert comparison.ended_at is not None


async def test_videos_go_to_the_results_channel_but_not_beside_one_of_an_age_restricted_model(engine: Bench) -> None:
    settings = GuildSettingsService(engine.database, engine.context.clock)
    await settings.change(GUILD, 1, GuildSetting.RESULTS_CHANNEL, 77)
    await posted(engine, VEO, KLING)
    assert engine.compared.closings[-1][0].results_channel_id == 77
    admitted = await engine.compare(VEO, KLING)
    await engine.database.write(age_restricted.mark, KLING, 1, 1.0)
    await engine.submit()
    for job in admitted.jobs:
        await engine.poll_until_ended(job)
    await engine.comparisons.step()
    await engine.deliver()
    closing, files = engine.compared.closings[-1]
    assert closing.results_channel_id is None
    assert len(files) == 1, "the channel is not age-restricted"
    hidden = closing.shown(CHANNEL)
    assert [clip.job_id for clip in hidden.clips if clip.results[0].url is None] == [admitted.jobs[1].id]


async def test_votes_are_counted_once_at_their_time_and_who_chose_what_is_forgotten(engine: Bench) -> None:
    comparison_id = await posted(engine, VEO, KLING)
    _, clips = await read(engine, comparison_id)
    first, second = sorted(clips, key=lambda clip: clip.letter)
    for member, clip in ((1, first), (2, second), (3, second), (1, second)):
        await engine.database.write(comparisons.vote, comparison_id, member, clip.job_id or "", engine.context.clock())
    await engine.comparisons.step()
    assert engine.compared.revealed == []
    engine.studio.advance(engine.context.timings.voting_seconds)
    engine.compared.trouble = [DeliveryLater("503", 30.0)]
    await engine.comparisons.step()
    assert engine.compared.revealed == []
    engine.studio.advance(30)
    await engine.comparisons.step()
    await engine.comparisons.step()
    [closing] = engine.compared.revealed
    assert closing.names_shown
    assert [(clip.letter, clip.votes, clip.won) for clip in closing.clips] == [("A", 0, False), ("B", 3, True)]
    left = await engine.database.read(lambda conn: conn.execute(select(comparison_votes_table)).all())
    assert left == []
    standings = await engine.database.read(comparisons.standings, GUILD)
    assert {slug: (each.won, each.compared, each.votes) for slug, each in standings.items()} == {
        first.model_slug: (0, 1, 0),
        second.model_slug: (1, 1, 3),
    }
    assert await engine.database.read(comparisons.standings, GUILD + 1) == {}


async def test_a_comparison_on_which_nobody_voted_says_nothing_of_its_models(engine: Bench) -> None:
    await posted(engine, VEO, KLING)
    engine.studio.advance(engine.context.timings.voting_seconds)
    await engine.comparisons.step()
    [closing] = engine.compared.revealed
    assert [(clip.votes, clip.won) for clip in closing.clips] == [(0, False), (0, False)]
    assert await engine.database.read(comparisons.standings, GUILD) == {}


async def test_its_clips_are_in_the_moderators_log_once_each_and_not_in_the_gallery(engine: Bench) -> None:
    settings = GuildSettingsService(engine.database, engine.context.clock)
    await settings.change(GUILD, 1, GuildSetting.LOG_CHANNEL, 78)
    await posted(engine, VEO, KLING)
    lines = await engine.database.read(lambda conn: conn.execute(select(log_entries_table)).all())
    ended = [line.data["job_id"] for line in lines if line.kind == LogKind.ENDED]
    assert len(ended) == len(set(ended)) == 2
    assert await engine.database.read(lambda conn: conn.execute(select(gallery_entries_table)).all()) == []


async def test_the_ledger_tells_which_jobs_were_compared(engine: Bench) -> None:
    await engine.settled()
    await posted(engine, VEO, KLING)
    page = await engine.database.read(ledger_pages.page, LedgerFilter(GUILD), 10)
    assert [line.compared for line in page.lines if isinstance(line, JobLine)] == [True, True, False]


async def test_a_message_that_was_deleted_is_not_looked_for_when_votes_are_counted(engine: Bench) -> None:
    comparison_id = await posted(engine, VEO, KLING)
    comparison, _ = await read(engine, comparison_id)
    await engine.database.write(postings.note_deleted, comparison.lead_job_id or "", MEMBER, engine.context.clock())
    engine.studio.advance(engine.context.timings.voting_seconds)
    await engine.comparisons.step()
    assert engine.compared.revealed == []


async def test_a_clip_whose_message_is_gone_is_posted_again_by_itself(engine: Bench) -> None:
    comparison_id = await posted(engine, VEO, KLING)
    _, clips = await read(engine, comparison_id)
    job_id = clips[0].job_id or ""
    await engine.database.write(postings.note_deleted, job_id, MEMBER, engine.context.clock())
    engine.studio.advance(RESEND_SECONDS)
    assert await engine.people.resend(job_id, MEMBER) is Resend.OWED
    await engine.deliver_until_done()
    [(single, _)] = engine.notifier.closings
    assert (single.job_id, single.copy) == (job_id, 2)
    assert len(engine.compared.closings) == 1


async def test_a_comparison_is_forgotten_with_the_last_of_its_jobs(
    engine: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_NEWEST_GONE", retention._NEWEST_GONE.offset(0))
    comparison_id = await posted(engine, VEO, KLING)
    await engine.comparison_cards.step()
    now = engine.context.clock() + 2 * 86_400
    assert await engine.database.write(retention.forget_words, now, now, 10) == 2
    assert await engine.database.write(retention.forget_jobs, now, 1) == 1
    _, clips = await read(engine, comparison_id)
    assert sorted(clip.job_id is None for clip in clips) == [False, True]
    assert await engine.database.write(retention.forget_jobs, now, 1) == 1
    for table in (comparisons_table, comparison_clips_table):
        assert await engine.database.read(lambda conn, table: conn.execute(select(table)).all(), table) == []


async def test_a_worker_that_died_after_the_decision_leaves_a_message_that_is_still_owed(engine: Bench) -> None:
    comparison_id = await made(engine, VEO, KLING)
    await engine.comparisons.step()
    [owed] = await engine.database.write(outbox.claim, "dead worker", 120.0, engine.context.clock(), 4)
    assert owed.comparison_id == comparison_id
    await engine.comparisons.step()
    engine.studio.advance(121)
    await engine.deliver()
    assert len(engine.compared.closings) == 1
    assert all([await engine.database.read(jobs.find, owed.job_id)])


async def test_files_that_fit_one_by_one_are_made_smaller_where_they_do_not_fit_together(
    database: Database, tmp_path: Path
) -> None:
    size = REQUEST_BYTES_MAX // 2 + 1
    async with bench(database, tmp_path, payload_bytes=size) as engine:
        engine.fitter.available = True
        await posted(engine, VEO, KLING)
        assert engine.fitter.limits == [REQUEST_BYTES_MAX // 2] * 2
        [(_, files)] = engine.compared.closings
        assert files == [b"small"] * 2


async def test_without_an_encoder_they_are_attached_as_far_as_they_fit(database: Database, tmp_path: Path) -> None:
    async with bench(database, tmp_path, payload_bytes=REQUEST_BYTES_MAX // 2 + 1) as engine:
        await posted(engine, VEO, KLING)
        [(closing, _)] = engine.compared.closings
        assert [clip.results[0].problem for clip in closing.clips] == [None, None], "left to whoever posts them"
        assert list((tmp_path / "one").iterdir()) == []


async def test_a_clip_that_cannot_be_had_is_told_and_the_others_are_shown(engine: Bench) -> None:
    await made(engine, VEO, KLING)
    await engine.comparisons.step()
    engine.studio.faults.add("error_before", "media", status=404, times=None)
    await engine.deliver_until_done()
    [(closing, files)] = engine.compared.closings
    assert files == []
    assert [clip.results[0].problem for clip in closing.clips] == [Unattached.GONE] * 2
