"""Messages that are to go from Discord: every copy of a deleted video, and a line whose link leads nowhere."""

from dataclasses import dataclass

import pytest

from bot.domain.jobs import Job
from bot.domain.moderation import IncidentDecision
from bot.domain.postings import PostedKind, PostedMessage
from bot.domain.quota import GuildDefaults
from bot.engine.notifier import DeliveryLater
from bot.services.job_views import RESEND_SECONDS, Resend
from bot.services.moderation import Moderation
from bot.services.reports import Reports
from bot.storage import comparisons, posted_messages, postings
from bot.workers.removals import Removals
from tests.support.bench import CHANNEL, ENOUGH, GUILD, MEMBER, Bench
from tests.support.removal import RecordingRemover

MODERATOR, NOAH, LINE = 91, 4001, 777


@dataclass
class Copies:
    """A video of which two copies stand: the older one could not be deleted when its member pressed Delete."""

    engine: Bench
    job: Job
    remover: RecordingRemover
    worker: Removals
    older: tuple[int, int]
    newest: tuple[int, int]

    async def noted(self) -> set[tuple[int, int]]:
        """Return the channels and ids of the messages that stand, as far as is known."""
        found = await self.engine.database.read(posted_messages.of_jobs, [self.job.id])
        return {(one.channel_id, one.message_id) for one in found[self.job.id]}

    async def decide(self, decision: IncidentDecision) -> None:
        await Reports(self.engine.context).report(self.job.id, NOAH, "gore")
        moderation = Moderation(self.engine.context, GuildDefaults(ENOUGH))
        [incident] = await moderation.open_incidents(GUILD)
        await moderation.decide(GUILD, incident.id, decision, MODERATOR)


async def place_of(engine: Bench, job: Job) -> tuple[int, int]:
    """Return channel and id of the latest closing message."""
    posting = await engine.database.read(postings.posting_of, job.id)
    assert posting is not None
    assert posting.channel_id is not None
    assert posting.message_id is not None
    return posting.channel_id, posting.message_id


@pytest.fixture
async def copies(engine: Bench) -> Copies:
    job = await engine.finish(await engine.ask())
    older = await place_of(engine, job)
    remover = RecordingRemover(trouble=[DeliveryLater("503", 1e9)])
    worker = Removals(engine.context, remover)
    await engine.people.note_deleted(job.id, older[1], MEMBER)
    engine.studio.advance(RESEND_SECONDS)
    await worker.step()
    assert remover.trouble == [], "the deletion was tried, and failed"
    assert await engine.people.resend(job.id, MEMBER) is Resend.OWED
    await engine.deliver_until_done()
    newest = await place_of(engine, job)
    assert older != newest
    return Copies(engine, job, remover, worker, older, newest)


async def test_moderators_who_delete_a_reported_video_delete_all_copies_of_it(copies: Copies) -> None:
    await copies.decide(IncidentDecision.DELETED)
    await copies.worker.step()
    assert set(copies.remover.removed) == {copies.older, copies.newest}
    assert await copies.noted() == set()
    assert await copies.engine.people.resend(copies.job.id, MEMBER) is Resend.REMOVED


async def test_a_dismissed_report_deletes_nothing(copies: Copies) -> None:
    await copies.decide(IncidentDecision.DISMISSED)
    await copies.worker.step()
    assert copies.remover.removed == []


@pytest.mark.parametrize("pressed", ["older", "newest"])
async def test_a_moderator_who_presses_delete_on_one_copy_deletes_all(copies: Copies, pressed: str) -> None:
    _, message_id = getattr(copies, pressed)
    people = copies.engine.people
    await people.note_deleted(copies.job.id, message_id, MODERATOR)
    await people.note_removed(copies.job.id, message_id)
    await copies.worker.step()
    assert set(copies.remover.removed) | {getattr(copies, pressed)} == {copies.older, copies.newest}
    assert await copies.noted() == set()
    assert await people.resend(copies.job.id, MEMBER) is Resend.REMOVED


async def test_its_member_deletes_one_copy(copies: Copies) -> None:
    people = copies.engine.people
    await people.note_deleted(copies.job.id, copies.newest[1], MEMBER)
    await people.note_removed(copies.job.id, copies.newest[1])
    await copies.worker.step()
    assert copies.remover.removed == []
    assert await copies.noted() == {copies.older}


async def test_what_the_pressed_process_did_not_finish_is_deleted_a_little_later(copies: Copies) -> None:
    await copies.engine.people.note_deleted(copies.job.id, copies.newest[1], MEMBER)
    await copies.worker.step()
    assert copies.remover.removed == [], "whoever was pressed is at it"
    copies.engine.studio.advance(copies.engine.context.timings.removal_retry_seconds)
    await copies.worker.step()
    assert copies.remover.removed == [copies.newest]


async def test_a_copy_that_was_on_its_way_when_moderators_deleted_the_video_goes_too(copies: Copies) -> None:
    engine, people = copies.engine, copies.engine.people
    await people.note_deleted(copies.job.id, copies.newest[1], MEMBER)
    engine.studio.advance(RESEND_SECONDS)
    assert await people.resend(copies.job.id, MEMBER) is Resend.OWED
    await copies.decide(IncidentDecision.DELETED)
    await engine.deliver_until_done()
    third = engine.notifier.posted[copies.job.id]
    await copies.worker.step()
    assert (CHANNEL, third) in copies.remover.removed
    assert await copies.noted() == set()


async def test_a_deletion_that_discord_does_not_take_now_is_made_later(copies: Copies) -> None:
    await copies.decide(IncidentDecision.DELETED)
    copies.remover.trouble = [DeliveryLater("503"), DeliveryLater("429", 90.0)]
    await copies.worker.step()
    assert copies.remover.removed == []
    copies.engine.studio.advance(31)
    await copies.worker.step()
    assert len(copies.remover.removed) == 1
    copies.engine.studio.advance(60)
    await copies.worker.step()
    assert set(copies.remover.removed) == {copies.older, copies.newest}


@pytest.mark.parametrize("how", ["deleted", "missing", "its channel is gone"])
async def test_the_line_that_links_to_a_result_goes_with_it(copies: Copies, how: str) -> None:
    engine, job = copies.engine, copies.job
    line = PostedMessage(job.id, CHANNEL, LINE)
    await engine.database.write(posted_messages.note, PostedKind.CARD, line, engine.context.clock())
    await copies.worker.step()
    assert copies.remover.removed == []
    if how == "deleted":
        await engine.people.note_deleted(job.id, copies.newest[1], MEMBER)
    else:
        await engine.people.note_missing(job.id, copies.newest[1], channel_is_gone=how != "missing")
    await copies.worker.step()
    assert (CHANNEL, LINE) in copies.remover.removed
    assert ((CHANNEL, LINE) in await copies.noted()) is False


async def test_a_line_that_is_made_after_the_result_was_deleted_goes_at_once(copies: Copies) -> None:
    engine, job = copies.engine, copies.job
    await engine.people.note_deleted(job.id, copies.newest[1], MEMBER)
    line = PostedMessage(job.id, CHANNEL, LINE)
    await engine.database.write(posted_messages.note, PostedKind.CARD, line, engine.context.clock())
    await copies.worker.step()
    assert copies.remover.removed == [(CHANNEL, LINE)]


async def test_a_deleted_clip_takes_the_message_of_its_comparison_and_the_others_can_be_posted_again(
    engine: Bench,
) -> None:
    admitted = await engine.compare("veo31_fast", "kling_3_0")
    await engine.submit()
    for job in admitted.jobs:
        await engine.poll_until_ended(job)
    await engine.comparisons.step()
    await engine.deliver()
    reported, other = admitted.jobs
    place = await place_of(engine, reported)
    copies = Copies(engine, reported, RecordingRemover(), Removals(engine.context, RecordingRemover()), place, place)
    await copies.decide(IncidentDecision.DELETED)
    await copies.worker.step()
    assert place not in await copies.noted()
    engine.studio.advance(RESEND_SECONDS)
    assert await engine.people.resend(reported.id, MEMBER) is Resend.REMOVED
    assert await engine.people.resend(other.id, MEMBER) is Resend.OWED
    comparison = await engine.database.read(comparisons.find, admitted.comparison.id)
    assert comparison is not None
    assert not comparison.is_open
