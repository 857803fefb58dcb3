"""The bot's own files of a request travel on its card: nothing is sent before the provider can fetch them there."""

from dataclasses import replace

import pytest

from bot.domain.attachments import ON_CARD, Attachment, CardFile
from bot.domain.evidence import input_urls_of
from bot.domain.jobs import Job, JobState
from bot.domain.lineage import ParentClip
from bot.domain.post_ages import PostAges
from bot.domain.request import GenerationRequest, complete
from bot.services.admission_result import Admitted
from bot.storage import job_cards, job_files, queue
from bot.workers.inputs import AGAIN_SECONDS, CARD_GONE, CARD_SECONDS_MAX, CARDS_POSTED_MAX, Inputs
from tests.support.bench import Bench

DAY = 86_400.0
NAME = "continues-0123456789ab-1.jpg"
FRAME = CardFile(NAME, b"\xff\xd8\xff a picture")
CARD = 777
"""The id of the message that is the card."""


def address(ends_at: float, mark: str = "aa") -> str:
    return f"https://cdn.discordapp.com/attachments/1/2/{NAME}?ex={int(ends_at):x}&is={int(ends_at - DAY):x}&hm={mark}&"


async def continue_a_clip(engine: Bench) -> Job:
    asked = engine.request()
    picture = Attachment(f"{ON_CARD}{NAME}", NAME, "image/jpeg", len(FRAME.content), 1280, 720)
    request = complete(GenerationRequest(asked.capability.slug, {"prompt": "on", "image": picture}), asked.capability)
    parent = ParentClip("0123456789ab", 0)
    admitted = await engine.admission.admit(replace(asked, request=request, parent=parent, files=(FRAME,)))
    assert isinstance(admitted, Admitted), admitted
    return admitted.job


async def note_card(engine: Bench, job: Job, message_id: int = CARD) -> None:
    """The card stands, with its file."""
    engine.files.cards[message_id] = {NAME: address(engine.context.clock() + DAY, str(message_id))}
    await engine.database.write(job_cards.set_message, job.id, message_id)


def sent(engine: Bench) -> list[tuple[str, ...]]:
    return [input_urls_of(post.body) for post in engine.studio.records.posts if post.body is not None]


async def test_the_request_leaves_as_soon_as_its_card_stands_with_the_true_address(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    await engine.submit()
    assert sent(engine) == []
    await note_card(engine, job)
    await engine.submit()
    assert sent(engine) == [(engine.files.cards[CARD][NAME],)]
    assert (await engine.job(job.id)).parent_id == "0123456789ab"


async def test_the_file_goes_with_the_end_of_the_job(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    await note_card(engine, job)
    assert await engine.database.read(job_files.of_job, job.id) == (FRAME,)
    assert (await engine.finish(job)).state is JobState.SUCCEEDED
    assert await engine.database.read(job_files.of_job, job.id) == ()


async def test_a_worker_posts_the_card_with_the_file_where_nobody_else_did(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    engine.studio.advance(60)
    await engine.cards.step()
    [card] = engine.notifier.cards
    assert (card.files, card.pictures) == ((FRAME,), (NAME,))
    posted = (await engine.job(job.id)).status_message_id
    assert posted is not None
    engine.files.cards[posted] = {NAME: address(engine.context.clock() + DAY)}
    await engine.submit()
    assert sent(engine) == [(engine.files.cards[posted][NAME],)]


async def test_a_request_that_waited_for_days_takes_the_address_of_that_moment(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    await note_card(engine, job)
    engine.studio.advance(3 * DAY)
    engine.files.cards[CARD][NAME] = fresh = address(engine.context.clock() + DAY, "bb")
    await engine.submit()
    assert sent(engine) == [(fresh,)]


async def test_a_second_attempt_asks_the_card_again(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    await note_card(engine, job)
    engine.studio.faults.add("rate_limited", "generate", seconds=1)
    await engine.submit()
    assert (await engine.job(job.id)).state is JobState.QUEUED
    engine.studio.advance(3 * DAY)
    engine.files.cards[CARD][NAME] = fresh = address(engine.context.clock() + DAY, "bb")
    await engine.submit()
    assert sent(engine)[-1] == (fresh,)
    assert await engine.state(job) is JobState.RUNNING


async def test_a_card_that_was_deleted_is_posted_again_with_its_file(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    await note_card(engine, job)
    engine.files.cards.clear()
    await engine.submit()
    assert sent(engine) == []
    await engine.cards.step()
    posted = (await engine.job(job.id)).status_message_id
    assert posted not in (None, CARD)
    assert engine.notifier.cards[-1].files == (FRAME,)
    engine.files.cards[posted] = {NAME: address(engine.context.clock() + DAY)}
    engine.studio.advance(AGAIN_SECONDS + 1)
    await engine.submit()
    assert sent(engine) == [(engine.files.cards[posted][NAME],)]


async def test_a_request_whose_card_is_deleted_again_and_again_ends_at_no_cost(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    await note_card(engine, job)
    engine.files.cards.clear()
    for _ in range(int(CARD_SECONDS_MAX / AGAIN_SECONDS) + 3):
        await engine.submit()
        await engine.cards.step()
        engine.studio.advance(AGAIN_SECONDS + 1)
    ended = await engine.job(job.id)
    assert (ended.state, ended.charged, ended.reason) == (JobState.FAILED, 0, CARD_GONE)
    assert len([card for card in engine.notifier.cards if card.files]) == CARDS_POSTED_MAX, Inputs
    assert sent(engine) == []
    assert [kind for kind, *_ in await engine.ledger(job)] == ["hold", "release"]


async def test_while_discord_is_away_the_request_waits(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    await note_card(engine, job)
    engine.files.away = True
    await engine.submit()
    assert await engine.state(job) is JobState.QUEUED
    engine.files.away = False
    engine.studio.advance(AGAIN_SECONDS + 1)
    await engine.submit()
    assert await engine.state(job) is JobState.RUNNING


@pytest.mark.parametrize("times", [1, 2])
async def test_the_same_interaction_again_changes_nothing(engine: Bench, times: int) -> None:
    job = await continue_a_clip(engine)
    asked = engine.request(interaction=job.interaction_id)
    for _ in range(times):
        again = await engine.admission.admit(replace(asked, files=(FRAME,)))
        assert isinstance(again, Admitted)
        assert (again.job.id, again.repeated) == (job.id, True)
    assert await engine.database.read(job_files.of_job, job.id) == (FRAME,)


async def test_a_card_that_is_noted_while_the_request_is_claimed_does_not_hold_it_up(engine: Bench) -> None:
    job = await continue_a_clip(engine)
    engine.studio.advance(60)
    claimed = await engine.database.write(
        queue.claim, job.account_id, "one", 60.0, engine.context.clock(), PostAges(engine.context.steady)
    )
    assert claimed.job is not None
    await note_card(engine, job)
    assert not await Inputs(engine.context, engine.files).ready(claimed.job)
    await engine.submit()
    assert sent(engine) == [(engine.files.cards[CARD][NAME],)]
