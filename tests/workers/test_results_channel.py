"""Where closing messages go: fixed when a job is settled, and what becomes of a results channel that is lost."""

from pathlib import Path

import pytest

from bot.domain.guild_notices import GuildNoticeKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.postings import Posting
from bot.engine.notifier import Closing, Delivered
from bot.services.guild_settings import GuildSettingsService
from bot.storage import age_restricted, audit, posted_messages, postings
from bot.storage.database import Database
from tests.support.bench import CHANNEL, GUILD, Bench, bench

RESULTS, ANOTHER, ADA = 2002, 2003, 77


class ResultsNotifier:
    """Posts in the results channel of a closing, if it may."""

    def __init__(self, made: Bench, *, may_post: bool = True) -> None:
        self.may_post = may_post
        self._notifier = made.notifier
        self._post = made.notifier.post_closing
        made.notifier.post_closing = self.post_closing  # type: ignore[method-assign]  # it stands before the bench's own

    async def post_closing(self, closing: Closing, upload_limit: int) -> Delivered:
        posted = await self._post(closing, upload_limit)
        if closing.results_channel_id is None:
            return posted
        if self.may_post:
            return Delivered(closing.results_channel_id, posted.message_id, "results")
        return Delivered(closing.channel_id, posted.message_id, "channel", results_channel_lost=True)


@pytest.fixture
async def settings(database: Database) -> GuildSettingsService:
    return GuildSettingsService(database, lambda: 1_000.0)


async def posting_of(made: Bench, job_id: str) -> Posting:
    posting = await made.database.read(postings.posting_of, job_id)
    assert posting is not None
    return posting


async def test_a_video_goes_where_the_server_wanted_it_when_it_was_made(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        ResultsNotifier(made)
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, RESULTS)
        [job] = await made.settled("a job")
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, ANOTHER)
        await made.deliver()
        posting = await posting_of(made, job.id)
        assert (posting.channel_id, posting.outcome, posting.stands) == (RESULTS, "channel", True)
        [closing] = [closing for closing, _ in made.notifier.closings]
        assert (closing.channel_id, closing.results_channel_id) == (CHANNEL, RESULTS)
        assert await settings.notices(GUILD) == ()


async def test_the_line_that_stays_where_a_video_was_asked_for_is_known_unless_the_video_is_gone(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        ResultsNotifier(made)
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, RESULTS)
        kept, deleted = await made.ask("kept"), await made.ask("deleted")
        await made.cards.step()
        for job in (kept, deleted):
            await made.finish(job)
        await made.people.note_deleted(deleted.id, made.notifier.posted[deleted.id], ADA)
        await made.cards.step()
        known = await made.database.read(posted_messages.of_jobs, [kept.id, deleted.id])
        assert {one.channel_id for one in known[kept.id]} == {RESULTS, CHANNEL}
        assert {one.channel_id for one in known[deleted.id]} == {RESULTS}, "its card was deleted as a whole"
        assert sorted(made.notifier.removed) == sorted([kept.id, deleted.id])


async def test_why_there_is_no_video_is_told_where_it_was_asked_for(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, RESULTS)
        made.studio.faults.add("job_fails", message="no")
        [job] = await made.settled("a job")
        await made.deliver()
        assert (await posting_of(made, job.id)).channel_id == CHANNEL


async def test_an_attempt_whose_answer_was_lost_is_looked_for_in_both_channels(
    database: Database, tmp_path: Path, settings: GuildSettingsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(database, tmp_path) as made:
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, RESULTS)
        searched: list[int] = []
        found: dict[int, int] = {}

        async def find_posted(channel_id: int, job_id: str, since: float) -> tuple[int, int] | None:
            searched.append(channel_id)
            return (channel_id, found[channel_id]) if channel_id in found else None

        monkeypatch.setattr(made.notifier, "find_posted", find_posted)
        made.notifier.lose_answers = 1
        [job] = await made.settled("a job")
        await made.deliver()
        found[RESULTS] = 4711
        await made.deliver_until_done()
        assert RESULTS in searched
        assert len(made.notifier.closings) == 1
        posting = await posting_of(made, job.id)
        assert (posting.channel_id, posting.message_id) == (RESULTS, 4711)


async def test_a_lost_results_channel_is_given_up_and_the_moderators_know_once(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        ResultsNotifier(made, may_post=False)
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, RESULTS)
        first, second = await made.settled("one", "two")
        await made.deliver_until_done()
        for job in (first, second):
            assert (await posting_of(made, job.id)).channel_id == CHANNEL
        assert (await settings.of(GUILD)).results_channel is None
        [notice] = await settings.notices(GUILD)
        assert (notice.kind, notice.data) == (GuildNoticeKind.RESULTS_CHANNEL_LOST, {"channel_id": RESULTS})
        latest, _ = await database.read(audit.latest, GUILD, 5)
        assert latest.data == {"setting": "results_channel", "before": RESULTS, "after": None}
        # Choosing a channel, the same or another, ends the notice.
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, ANOTHER)
        assert await settings.notices(GUILD) == ()


async def test_another_channel_that_was_chosen_meanwhile_stays(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        ResultsNotifier(made, may_post=False)
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, RESULTS)
        await made.settled("one")
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, ANOTHER)
        await made.deliver()
        assert (await settings.of(GUILD)).results_channel == ANOTHER
        assert await settings.notices(GUILD) == ()


async def test_a_video_of_an_age_restricted_model_stays_where_it_was_asked_for(
    database: Database, tmp_path: Path, settings: GuildSettingsService
) -> None:
    async with bench(database, tmp_path) as made:
        ResultsNotifier(made)
        await settings.change(GUILD, ADA, GuildSetting.RESULTS_CHANNEL, RESULTS)
        job = await made.ask()
        await database.write(age_restricted.mark, job.model_slug, ADA, 1.0)
        await made.finish(job)
        assert (await posting_of(made, job.id)).channel_id == CHANNEL
