"""The second half of the demo: a continuation of the video, and a film of both with a title card."""

import asyncio

from sandbox.demo.delivered_file import NoVideo
from sandbox.demo.film_check import check_film, decode
from sandbox.demo.story import ANSWER_SECONDS_MAX, MEMBER, DemoFailed, Story
from sandbox.discord import ClientRefused, Message
from sandbox.discord.people import Invocation
from sandbox.discord.walk import walk

NEXT_PROMPT = "the fox looks up: a flock of geese crosses the sky"
TITLE = "The fox"
TITLE_SECONDS = 2
CREDIT_LINES = 2
"""The heading, and the one member who made both clips."""
FILM_SECONDS_MAX = 120.0
"""Seconds from the press to the film."""


class ReelStory(Story):
    """Plays on where the first half ended."""

    async def play(self) -> None:
        """Play both halves. Raises DemoFailed."""
        await super().play()
        try:
            child = await self._continue()
            film = await self._film(child)
        except (LookupError, ClientRefused, TimeoutError) as error:
            raise DemoFailed(f"the film was not made: {type(error).__name__}: {error}") from error
        files = [await self._download(message) for message in (film, self._video, child)]
        try:
            decoded = [await asyncio.to_thread(decode, data) for data in files]
            facts = check_film(decoded[0], decoded[1:], TITLE_SECONDS, CREDIT_LINES)
        except NoVideo as error:
            raise DemoFailed(f"the film is not what it should be: {error}") from error
        self._say("file", f"{film.attachments[0].filename}: {facts}")

    async def _continue(self) -> Message:
        """Continue the video, and return the message with the continuation."""
        self._say(MEMBER, f"presses Continue and writes: {NEXT_PROMPT}")
        preview = await self._answer_to(await self._press(self._video, "Continue"))
        asked = await self._press(preview, "Write")
        await asked.wait_modal(ANSWER_SECONDS_MAX)
        await self._member.submit(asked, prompt=NEXT_PROMPT)
        return await self._delivered()

    async def _film(self, child: Message) -> Message:
        """Make a reel of a title card and both videos, have it rendered, and return the message with the film."""
        self._say(MEMBER, f"/reel new title: {TITLE}")
        panel = await self._answered("reel new", title=TITLE)
        self._say("bot", self._watch.text(panel))
        self._hidden.add(panel.id)
        asked = await self._press(panel, "Title card")
        await asked.wait_modal(ANSWER_SECONDS_MAX)
        await self._member.submit(asked, text=TITLE, seconds=str(TITLE_SECONDS))
        # A clip that is added before the panel shows the card could come before it.
        await self._within(
            ANSWER_SECONDS_MAX, "the title card is not in the reel", lambda: "1. " in self._watch.text(panel) or None
        )
        for video in (self._video, child):
            self._say(MEMBER, "presses Add to reel")
            self._say("bot", self._watch.text(await self._answer_to(await self._press(video, "Add to reel"))))
        self._watch.news()
        self._say(MEMBER, f"/reel render reel: {TITLE}")
        await self._answered("reel render", reel=TITLE)
        return await self._delivered(FILM_SECONDS_MAX)

    async def _press(self, message: Message, label: str) -> Invocation:
        """Press the first button whose label begins so, once it is there."""

        def found() -> str | None:
            labelled = (one for _, one in walk(message.components) if str(one.get("label", "")).startswith(label))
            return next((str(one["custom_id"]) for one in labelled if "custom_id" in one), None)

        custom_id = await self._within(ANSWER_SECONDS_MAX, f"there was no button “{label}”", found)
        return await self._member.press(message, custom_id)

    async def _answer_to(self, invocation: Invocation) -> Message:
        """Return the private answer to a press, once it says something."""

        def answer() -> Message | None:
            return next((one for one in invocation.messages if one.visible_to and not one.is_loading), None)

        return await self._within(ANSWER_SECONDS_MAX, "a press was not answered", answer)
