"""`python -m sandbox.demo`: plays the story, then stays up for whoever wants to go on by hand, until Ctrl-C.

With `DEMO_EXIT=1` it ends after the story: status 0, or 1 with a line that says what went wrong.
"""

import argparse
import asyncio
import errno
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from sandbox.demo.bot_process import BotProcess
from sandbox.demo.reel_story import ReelStory
from sandbox.demo.story import DemoFailed
from sandbox.demo.transcript import Transcript
from sandbox.discord import DiscordSandbox
from sandbox.playground import playground_routes
from sandbox.studio import StudioSandbox

GUILD_CREDITS = 1000
JOB_SECONDS = 6.0
"""Seconds that the provider takes for a job. The real one takes 30 s to 3 minutes."""
HOURLY_POSTS = 600
"""Requests an hour that the provider takes. The real one takes 24, for which whoever plays around would soon wait."""
WAIT_SCALE = 0.1
"""Factor of the bot's own waiting times, which shrink with the provider's."""
DEFAULT_PORT = 8642
"""The page's port: the same at each start, so that a bookmark and an open tab go on working."""
PORTS_TRIED = 20
"""Ports that are tried, from the one that was asked for."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(
        prog="make demo",
        description="Start a local Discord, a local Video Studio and the real bot, ask for a video, its continuation "
        "and a film of both, check the files that arrive, and stay up with a page in which you are the members. "
        "Nothing leaves this machine.",
        epilog="DEMO_EXIT=1 in the environment ends it after the film: status 0, or 1 and a line that says why.",
    )
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="the page's port, or the next free one (default %(default)s)"
    )
    return parser.parse_args(arguments)


async def main(arguments: argparse.Namespace) -> int:
    """Play the story and return the exit status."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    transcript = Transcript()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-")))
        studio = await stack.enter_async_context(
            StudioSandbox(job_seconds=(JOB_SECONDS, JOB_SECONDS), posts_per_hour=HOURLY_POSTS)
        )
        try:
            discord = await _discord(stack, arguments.port, studio)
        except (OSError, OverflowError) as error:
            print(f"The demo cannot listen on port {arguments.port}: {error}", file=sys.stderr)
            return 1
        settings = _settings(studio, discord, folder)
        bot = BotProcess(folder, settings)
        stack.push_async_callback(_stop, bot, transcript)
        story = ReelStory(studio, discord, bot, transcript)
        try:
            if await _until(stop, story.play()) and not os.environ.get("DEMO_EXIT"):
                await _invite(studio, discord, transcript)
                await _until(stop, _watch(bot))
        except DemoFailed as failed:
            for line in bot.last_lines():
                print(f"    {line}", file=sys.stderr)
            print(f"The demo failed: {failed}", file=sys.stderr, flush=True)
            return 1
    return 0


async def _discord(stack: AsyncExitStack, wanted_port: int, studio: StudioSandbox) -> DiscordSandbox:
    """Start the local Discord on the first free port. Raises OSError if none of those that are tried is free."""
    # Nobody but this bot needs the token, so it is another one at each start.
    token = secrets.token_urlsafe(32)
    last_port = wanted_port + PORTS_TRIED - 1 if wanted_port else 0
    for port in range(wanted_port, last_port + 1):
        discord = DiscordSandbox(port=port, token=token, extra_routes=playground_routes(studio.base_url))
        try:
            return await stack.enter_async_context(discord)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or port == last_port:
                raise
    raise AssertionError("the last port returns or raises")


def _settings(studio: StudioSandbox, discord: DiscordSandbox, folder: Path) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_BASE": discord.api_base,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "STUDIO_API_KEY": studio.api_key,
        "STUDIO_BASE_URL": studio.base_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.db'}",
        "OWNER_IDS": str(discord.world.owner.id),
        "DEFAULT_GUILD_CREDITS": str(GUILD_CREDITS),
        "STUDIO_POSTS_PER_HOUR": str(HOURLY_POSTS),
        "WAIT_SCALE": str(WAIT_SCALE),
    }


async def _until(stop: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do `work`; return False if the signal to stop came first."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        stopped.cancel()
        task.result()
        return True
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return False


async def _invite(studio: StudioSandbox, discord: DiscordSandbox, transcript: Transcript) -> None:
    async with aiohttp.ClientSession() as session, session.get(discord.url + "/") as answer:
        if answer.status == 200:
            transcript.say("sandbox", f"Try it yourself: open {discord.url}/ in a browser. Ctrl-C ends everything.")
            return
    addresses = f"Discord {discord.api_base}, Video Studio's controls {studio.base_url}/sandbox/studio/"
    transcript.say("sandbox", f"Everything stays up until Ctrl-C. {addresses}")


async def _watch(bot: BotProcess) -> None:
    raise DemoFailed(f"the bot's process ended by itself with status {await bot.wait()}")


async def _stop(bot: BotProcess, transcript: Transcript) -> None:
    if bot.pid is not None:
        transcript.say("sandbox", f"the bot ended with status {await bot.stop()}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(parse())))
