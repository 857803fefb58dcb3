"""A video in front of the people in a test: made, settled and posted as the bot posts it."""

from dataclasses import replace

from sqlalchemy import Connection

from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.domain.jobs import Job, JobState
from bot.domain.outcome import Outcome
from bot.domain.request import GenerationRequest
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import Closing, Result
from bot.engine.settlement import settle
from bot.storage import gallery, jobs, lineage, outbox
from sandbox.discord import DiscordSandbox, Message, Persona
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot


async def posted_video(
    bot: StageBot,
    member: Persona,
    sandbox: DiscordSandbox,
    channel: str = "videos",
    prompt: str = "a fox in the snow",
    results: tuple[Result, ...] = (Result("https://media.example/clip.mp4"),),
    job: Job | None = None,
) -> Message:
    """Return the closing message of a video that a member asked for: of `job`, or of a request that is made first."""
    if job is None:
        await (await member.slash("/veo fast", channel, prompt=prompt)).wait_message()
        job = (await bot.stage.all_jobs())[-1]
    made = job

    def finish(conn: Connection) -> None:
        jobs.transition(conn, made.id, JobState.QUEUED, JobState.SUBMITTING, "test", 0.0)
        jobs.transition(conn, made.id, JobState.SUBMITTING, JobState.RUNNING, "test", 0.0)
        ended = replace(made, state=JobState.RUNNING)
        settle(conn, ended, Outcome(JobState.SUCCEEDED, made.held, None), 0.0, detail="test")

    await bot.stage.database.write(finish)
    return await _posted(bot, sandbox, made, JobState.SUCCEEDED, made.held, results)


async def posted_failure(bot: StageBot, sandbox: DiscordSandbox, job_id: str) -> Message:
    """Return the closing message of a job that failed."""
    view = await bot.services.jobs.get(job_id)
    assert view is not None
    return await _posted(bot, sandbox, view.job, JobState.FAILED, view.job.charged or 0, ())


async def _posted(
    bot: StageBot, sandbox: DiscordSandbox, job: Job, state: JobState, charged: int, results: tuple[Result, ...]
) -> Message:
    done = await DiscordNotifier(bot, bot.mentions, default_settings).post_closing(
        Closing(
            job_id=job.id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            member_id=job.member_id,
            model_name=job.model_name,
            request=GenerationRequest.from_json(job.request),
            state=state,
            held=job.held,
            charged=charged,
            price_certain=True,
            reason=None,
            results=results,
            status_message_id=None,
            owed_at=0.0,
            copy=1,
            parent=await bot.stage.database.read(lineage.parent_of, job),
        ),
        UPLOAD_BYTES_DEFAULT,
    )

    def note(conn: Connection) -> None:
        outbox.claim(conn, "test", 60.0, bot.services.clock(), 100)
        place = {"channel_id": done.channel_id, "message_id": done.message_id}
        outbox.done(conn, job.id, "test", done.how, bot.services.clock(), **place)
        if state is JobState.SUCCEEDED:
            gallery.add_video(conn, job, done.channel_id, done.message_id, bot.services.clock())

    await bot.stage.database.write(note)
    return sandbox.world.channels[done.channel_id].messages[done.message_id]
