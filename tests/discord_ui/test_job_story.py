"""The story of a job, as its member, a moderator and the bot's owner read it."""

import pytest
from sqlalchemy import Connection

from bot.domain.jobs import JobState
from bot.domain.outcome import Outcome
from bot.engine.settlement import settle
from bot.storage import jobs as job_rows
from bot.storage import outbox, renders
from sandbox.discord import Message, Persona
from sandbox.discord.default_world import MIA_ID, VIDEOS_ID
from sandbox.discord.walk import walk
from tests.support.stage import StageServices, words

FOX = "a fox in the snow"
DETAILS = "reel:details"


async def a_life(member: Persona, services: StageServices, prompt: str = FOX) -> str:
    """Have a job live through a lost answer to its end; return its id. A message of anybody's stands for its result."""
    await (await member.slash("/veo fast", "videos", prompt=prompt)).wait_message()
    message = await member.say("videos", "here it is")
    job = (await services.all_jobs())[-1]

    def live(conn: Connection) -> None:
        moves = [
            (JobState.QUEUED, JobState.SUBMITTING, "claimed", 3.0),
            (JobState.SUBMITTING, JobState.UNKNOWN, "no clear answer: **boom**", 5.0),
            (JobState.UNKNOWN, JobState.RUNNING, "found", 65.0),
        ]
        for before, after, detail, later in moves:
            job_rows.transition(conn, job.id, before, after, detail, job.created_at + later)
        renders.add(conn, job.id, ["remote_7"])
        running = job_rows.find(conn, job.id)
        assert running is not None
        end = Outcome(JobState.SUCCEEDED, 90, None)
        settle(conn, running, end, job.created_at + 185, detail="the provider reports succeeded")
        outbox.claim(conn, "w", 60.0, job.created_at + 186, 1)
        outbox.done(
            conn, job.id, "w", "channel", job.created_at + 187, channel_id=VIDEOS_ID, message_id=message.id,
        )  # fmt: skip

    await services.database.write(live)
    return job.id


async def listed(reader: Persona, **options: object) -> Message:
    return await (await reader.slash("/jobs", "videos", **options)).wait_message()


async def test_a_member_reads_what_happened_to_a_job_and_when(mia: Persona, services: StageServices) -> None:
    job_id = await a_life(mia, services)
    page = await listed(mia)
    story = words(await (await mia.select(page, DETAILS, job_id)).wait_message())
    assert "✅ done · Veo 3.1 Fast" in story
    assert FOX in story
    assert "90 credits charged" in story
    for line in (
        "requested · in the queue",
        "sent to the provider · after 3 s",
        "the provider's answer was lost; it is looked up, so that it is not paid twice · after 2 s",
        "rendering · after 60 s",
        "done · after 2 min",
        f"https://discord.com/channels/{(await services.all_jobs())[0].guild_id}/{VIDEOS_ID}/",
    ):
        assert line in story
    assert "boom" not in story
    assert "remote_7" not in story


async def test_each_listed_job_can_be_chosen_by_its_words(mia: Persona, services: StageServices) -> None:
    for prompt in ("first", "second"):
        await (await mia.slash("/veo fast", "videos", prompt=prompt)).wait_message()
    page = await listed(mia)
    [select] = [part for _, part in walk(page.components) if part.get("custom_id") == DETAILS]
    assert [option["label"] for option in select["options"]] == ["Veo 3.1 Fast: second", "Veo 3.1 Fast: first"]


async def test_a_strangers_story_is_for_moderators_only(
    mia: Persona, noah: Persona, ada: Persona, services: StageServices
) -> None:
    job_id = await a_life(mia, services)
    page = await listed(ada, member=MIA_ID)
    assert "✅ done" in words(await (await ada.select(page, DETAILS, job_id)).wait_message())
    await (await noah.slash("/veo fast", "videos", prompt="another")).wait_message()
    own = await listed(noah)
    [select] = [part for _, part in walk(own.components) if part.get("custom_id") == DETAILS]
    select["options"][0]["value"] = job_id  # a client that was tampered with
    refused = await (await noah.select(own, DETAILS, job_id)).wait_message()
    assert "Only the member" in words(refused)


@pytest.mark.parametrize(
    "prompt",
    [
        "a fox, " * 700,
        "first line\nsecond line",
        "an owl for @everyone",
        "like https://example.com/picture",
        "  two  blanks",
        "a family 👨\u200d👩\u200d👧 " * 60,
    ],
)
async def test_a_prompt_that_the_card_does_not_show_exactly_comes_as_a_file(
    mia: Persona, services: StageServices, prompt: str
) -> None:
    job_id = await a_life(mia, services, prompt)
    answer = await (await mia.select(await listed(mia), DETAILS, job_id)).wait_message()
    [file] = answer.attachments
    assert file.filename == f"prompt-{job_id}.txt"
    assert file.path.read_text() == prompt
    assert f"attachment://{file.filename}" in str(answer.components)


async def test_a_prompt_that_can_be_copied_from_the_card_needs_no_file(mia: Persona, services: StageServices) -> None:
    job_id = await a_life(mia, services, "a *fox* in the snow")
    answer = await (await mia.select(await listed(mia), DETAILS, job_id)).wait_message()
    assert answer.attachments == []
