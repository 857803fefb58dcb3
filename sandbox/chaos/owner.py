"""The owner: looks at the provider's own pages and says what became of jobs that nobody else can decide."""

from collections.abc import Sequence

from bot.domain.jobs import JobState
from sandbox.chaos.promises import Book
from sandbox.discord import DiscordSandbox
from sandbox.studio import StudioSandbox

FOUND = "found at the provider: post its video"
NOT_SENT = "never sent: send it again"


async def decide(studio: StudioSandbox, discord: DiscordSandbox, books: Sequence[Book]) -> list[str]:
    """Answer for every unresolved job with `/owner resolve`, and return what the bot said of each."""
    owner = discord.persona(discord.world.owner.name)
    channel = next(one for one in owner.channels() if one.guild_id is not None)
    owned = {remote_id for book in books for remote_id in book.remote_ids}
    said: list[str] = []
    for book in books:
        if book.state is not JobState.UNRESOLVED:
            continue
        found = list(book.remote_ids) or _unowned(studio, book.prompt, owned)
        options = {"verdict": FOUND, "provider_job": " ".join(found)} if found else {"verdict": NOT_SENT}
        answer = await (await owner.slash("owner resolve", channel, job=book.job_id, **options)).wait_message()
        said.append(answer.content)
        owned |= set(found)
    return said


def _unowned(studio: StudioSandbox, prompt: str, owned: set[str]) -> list[str]:
    """Find the oldest render with this prompt that no job of the bot has; the result is empty if there is none."""
    made = (job for job in studio.jobs if job.order.prompt == prompt and job.job_id not in owned)
    return [job.job_id for job in made][:1]
