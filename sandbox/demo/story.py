"""The story that the demo plays, and what it checks of it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

import aiohttp

from sandbox.demo.bot_process import BotProcess
from sandbox.demo.delivered_file import DeliveredFile, NoVideo, probe
from sandbox.demo.transcript import ChannelWatch, Transcript
from sandbox.discord import ClientRefused, DiscordSandbox, Message, Persona
from sandbox.studio import StudioSandbox

T = TypeVar("T")

MEMBER, CHANNEL = "mia", "videos"
COMMAND = "veo fast"
PROMPT = "a red fox trotting through fresh snow at dawn"
RATIO, SECONDS = (16, 9), 8

READY_SECONDS_MAX = 60.0
"""Seconds from the start of the bot's process until it hears its commands."""
ANSWER_SECONDS_MAX = 10.0
"""Seconds from a command to its answer."""
DELIVERY_SECONDS_MAX = 90.0
"""Seconds from the command to the delivered file."""


class DemoFailed(Exception):
    """What went wrong, in one line."""


class Story:
    """One run: the actors, and the story that they play."""

    def __init__(self, studio: StudioSandbox, discord: DiscordSandbox, bot: BotProcess, transcript: Transcript) -> None:
        self._studio = studio
        self._discord = discord
        self._bot = bot
        self._say = transcript.say
        self._member: Persona = discord.persona(MEMBER)
        self._watch = ChannelWatch(discord, self._member, CHANNEL)
        self._video: Message
        self._hidden: set[int] = set()
        """Messages that change too often to be printed."""

    async def play(self) -> None:
        """Play the main job from end to end. Raises DemoFailed."""
        self._say("sandbox", f"Discord at {self._discord.url}, Video Studio at {self._studio.base_url}")
        await self._bot.start()
        self._say("sandbox", f"the bot runs as process {self._bot.pid}; waiting until it hears commands")
        await self._within(READY_SECONDS_MAX, "the bot was not ready for commands", self._registered)
        names = (name.replace(" ", "\N{NO-BREAK SPACE}") for name in self._command_names())
        self._say("bot", "registered " + "  ".join(names))

        before = await self._credits()
        self._say(MEMBER, f"/{COMMAND} prompt: {PROMPT} aspect_ratio: {RATIO[0]}:{RATIO[1]}")
        await self._answered(COMMAND, prompt=PROMPT, aspect_ratio=f"{RATIO[0]}:{RATIO[1]}")
        self._video = message = await self._delivered()
        file = await self._probe(message)
        self._say("file", f"{message.attachments[0].filename}: {file}")
        self._check(file)
        after = await self._credits()
        if before == after:
            raise DemoFailed("/credits shows the same before and after the job")
        totals = self._studio.records.totals()
        self._say("provider", f"{totals['posts']} POST, {totals['jobs']} job, {totals['credits_net']} credits charged")

    async def _answered(self, command: str, **options: str) -> Message:
        """Send a slash command and return the bot's answer, once it is more than "thinking"."""
        try:
            invocation = await self._member.slash(command, CHANNEL, **options)
            return await invocation.wait_message(ANSWER_SECONDS_MAX)
        except TimeoutError:
            raise DemoFailed(f"/{command} was not answered within {ANSWER_SECONDS_MAX:.0f} s") from None
        except (LookupError, ClientRefused) as error:
            raise DemoFailed(f"/{command} was not answered: {error}") from error

    async def _credits(self) -> str:
        self._say(MEMBER, "/credits")
        message = await self._answered("credits")
        text = self._watch.text(message)
        self._say("bot", text)
        self._watch.news()  # Shown already.
        return text

    async def _delivered(self, seconds_max: float = DELIVERY_SECONDS_MAX) -> Message:
        """Print what the channel shows as it changes, until a message of the bot carries a video that is new."""

        def news() -> list[Message] | None:
            failed = next((job for job in self._studio.jobs if job.status == "failed"), None)
            if failed:
                raise DemoFailed(f"the provider's job failed: {failed.error_message}")
            return self._watch.news() or None

        async def story() -> Message:
            while True:
                for message in await self._discord.wait_for(news, seconds_max):
                    if message.id not in self._hidden:
                        self._say("bot", self._watch.text(message))
                    if any(attachment.filename.endswith(".mp4") for attachment in message.attachments):
                        return message

        return await self._race(seconds_max, "the video was not delivered", story())

    async def _probe(self, message: Message) -> DeliveredFile:
        """Download the attachment as a member would, and decode it."""
        data = await self._download(message)
        try:
            return await asyncio.to_thread(probe, data)
        except NoVideo as error:
            raise DemoFailed(f"the delivered file is no video: {error}") from error

    async def _download(self, message: Message) -> bytes:
        payloads = self._member.read_payloads(CHANNEL)
        url = next(one["attachments"][0]["url"] for one in payloads if one["id"] == str(message.id))
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            data = await answer.read()
            if answer.status != 200:
                raise DemoFailed(f"the delivered file cannot be downloaded: HTTP {answer.status}")
        return data

    def _check(self, file: DeliveredFile) -> None:
        if file.codec != "h264" or abs(file.seconds - SECONDS) > 0.1:
            raise DemoFailed(f"asked for {SECONDS} s of h264, got {file}")
        if abs(file.width / file.height - RATIO[0] / RATIO[1]) > 0.03:
            raise DemoFailed(f"asked for {RATIO[0]}:{RATIO[1]}, got {file}")
        accepted = self._studio.records.accepted_posts()
        if len(accepted) != 1 or len(self._studio.jobs) != 1:
            raise DemoFailed(f"one job was asked for, but the provider started {len(self._studio.jobs)}")

    def _registered(self) -> bool:
        """Whether the bot hears commands: it registers them before it is on the gateway."""
        connected = any(event.name == "READY" for event in self._discord.record.events)
        return connected and {COMMAND.partition(" ")[0], "credits"} <= {
            one["name"] for one in self._member.commands(CHANNEL)
        }

    def _command_names(self) -> list[str]:
        names = []
        for command in self._member.commands(CHANNEL):
            if command.get("type", 1) == 1:
                below = [option["name"] for option in command.get("options", []) if option["type"] in (1, 2)]
                names += [f"/{command['name']} {name}" for name in below] or [f"/{command['name']}"]
        return names

    async def _within(self, seconds: float, problem: str, predicate: Callable[[], T | None]) -> T:
        return await self._race(seconds, problem, self._discord.wait_for(predicate, seconds))

    async def _race(self, seconds: float, problem: str, work: Coroutine[None, None, T]) -> T:
        """Return the result of `work`. Raises DemoFailed if time runs out or the bot ends first."""
        task = asyncio.ensure_future(work)
        bot_ended = asyncio.ensure_future(self._bot.wait())
        try:
            await asyncio.wait({task, bot_ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not isinstance(task.exception(), TimeoutError):
                return task.result()
            if bot_ended.done():
                raise DemoFailed(f"{problem}: its process ended with status {bot_ended.result()}")
            raise DemoFailed(f"{problem} within {seconds:.0f} s")
        finally:
            task.cancel()
            bot_ended.cancel()
            await asyncio.gather(task, bot_ended, return_exceptions=True)
