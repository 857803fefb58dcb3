"""What people say to the bot in these tests, and what comes of it."""

from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.jobs import Job, JobState
from bot.domain.outcome import Outcome
from bot.engine.settlement import settle
from bot.storage import holds, job_lists, jobs
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.support.stage import StageBot, button, words


async def told(person: Persona, command: str, **options: object) -> str:
    """Use a command and return the words of its answer."""
    return words(await answered(person, command, **options))


async def answered(person: Persona, command: str, **options: object) -> Message:
    """Use a command and return its answer. Only that person sees it, unless it is the card of an accepted request."""
    message = await (await person.slash(command, "general", **options)).wait_message()
    is_card = "reel:details:" in str(message.components)
    assert message.visible_to == (None if is_card else person.id)
    return message


async def say_yes(sandbox: DiscordSandbox, person: Persona, command: str, label: str, **options: object) -> str:
    """Use a command that asks back, press the button with this label, and return what replaces the question."""
    question = await answered(person, command, **options)
    asked = words(question)
    await person.press(question, button(question, label))
    await sandbox.wait_for(lambda: words(question) != asked)
    return words(question)


async def spend(bot: StageBot, person: Persona, charged: int | None) -> str:
    """Ask for a video, end its job at this charge, or as failed if None, and return the job's id."""
    await told(person, "/veo fast", prompt="a fox")
    [job] = [job for job in await newest(bot) if job.state is JobState.QUEUED][:1]
    if charged is None:
        await bot.services.database.write(holds.release, job.id, bot.services.clock(), "failed")
    else:
        await bot.services.database.write(holds.capture, job.id, charged, bot.services.clock())
    return job.id


async def fail(bot: StageBot, person: Persona, charged: int) -> str:
    """Ask for a video that fails, and for which the provider keeps `charged` credits. Returns the job's id."""
    await told(person, "/veo fast", prompt="a fox")
    [job] = [job for job in await newest(bot) if job.state is JobState.QUEUED][:1]

    def end(conn: Connection) -> None:
        now = bot.services.clock()
        jobs.transition(conn, job.id, JobState.QUEUED, JobState.SUBMITTING, "test", now)
        sending = replace(job, state=JobState.SUBMITTING)
        settle(conn, sending, Outcome(JobState.FAILED, charged, "Generation failed"), now, detail="failed")

    await bot.services.database.write(end)
    return job.id


async def newest(bot: StageBot) -> list[Job]:
    """Return the server's jobs, newest first."""
    return await bot.services.database.read(job_lists.recent, FILM_CLUB_ID)
