"""Attached files are looked at before anything is spent, and only where Discord keeps them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from discord.http import Route

from bot.discord_ui.interactions.input_files import InputFiles
from bot.discord_ui.views.problem_words import problem_words
from bot.domain.attachments import Attachment
from bot.domain.media_type import HEAD_BYTES
from bot.domain.request import GenerationRequest
from sandbox.discord import LocalFile, Persona
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX
from tests.support.stage import StageServices, words

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
FAKE = LocalFile("fox.png", b"These are words and no picture.")
NOT_AN_IMAGE = "That file is not an image, whatever its name says. `image`: “fox.png”."


@pytest.mark.parametrize(("command", "options"), [("/veo fast", {}), ("/video", {"model": "veo31_fast"})])
async def test_a_text_that_is_named_as_an_image_costs_nothing(
    mia: Persona, services: StageServices, command: str, options: dict[str, str]
) -> None:
    answer = await (await mia.slash(command, "videos", prompt="a fox", image=FAKE, **options)).wait_message()
    assert words(answer) == f"{NOT_AN_IMAGE}\nNothing was charged."
    assert answer.visible_to == mia.id
    assert await services.all_jobs() == []


async def test_an_image_that_claims_to_be_a_clip_is_refused_as_one(mia: Persona, services: StageServices) -> None:
    asked = await mia.slash("/wan 2-6-v2v", "videos", prompt="a fox", video=LocalFile("fox.mp4", PNG))
    assert "That file is not a video" in words(await asked.wait_message())
    assert await services.all_jobs() == []


@pytest.mark.parametrize(
    ("menu", "file", "model", "words_of_it"),
    [
        ("Animate this image", FAKE, VEO_FAST.slug, "That file is not an image"),
        ("Remix this video", LocalFile("fox.mp4", FAKE.data), WAN_REMIX.slug, "That file is not a video"),
    ],
)
async def test_a_message_menu_looks_at_the_file_as_well(
    mia: Persona, noah: Persona, services: StageServices, menu: str, file: LocalFile, model: str, words_of_it: str
) -> None:
    message = await noah.say("videos", "look", files=[file])
    opened = await mia.message_menu(menu, message)
    await opened.wait_modal()
    sent = await mia.submit(opened, model0=model, prompt="it runs")
    assert words_of_it in words(await sent.wait_message())
    assert await services.all_jobs() == []


@dataclass
class Cdn:
    """A file store on loopback."""

    base: str = ""
    body: bytes = PNG
    status: int = 200
    ranges: list[str | None] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.ranges.append(request.headers.get("Range"))
        if request.path == "/hangs":
            await asyncio.Event().wait()
        if self.status in (301, 302):
            return web.Response(status=self.status, headers={"Location": f"{self.base}/elsewhere"})
        return web.Response(body=self.body, status=self.status)

    def request(self, path: str = "/fox.png") -> GenerationRequest:
        return GenerationRequest(KLING.slug, {"image": Attachment(f"{self.base}{path}", "fox.png", "image/png")})


@pytest.fixture
async def cdn(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cdn]:
    store = Cdn()
    app = web.Application()
    app.router.add_get("/{name}", store.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    store.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    monkeypatch.setattr(Route, "BASE", f"{store.base}/api/v10")
    yield store
    await runner.cleanup()


async def said(cdn: Cdn, path: str = "/fox.png", *, look_seconds: float = 5.0) -> list[str]:
    problems = await InputFiles(look_seconds).problems_in(cdn.request(path), KLING)
    return [problem_words(problem) for problem in problems]


async def test_no_more_than_the_first_bytes_are_asked_for(cdn: Cdn) -> None:
    assert await said(cdn) == []
    assert cdn.ranges == [f"bytes=0-{HEAD_BYTES - 1}"]


async def test_of_a_store_that_sends_everything_no_more_is_read(cdn: Cdn) -> None:
    cdn.body = PNG + b"\0" * 50_000_000
    assert await asyncio.wait_for(said(cdn), 5.0) == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, "Discord no longer has this file: “fox.png”. Please attach it again."),
        (403, "Discord no longer has this file: “fox.png”. Please attach it again."),
        (500, "Please try again in a moment."),
        (302, "Please try again in a moment."),  # not followed
        (416, "That file is not an image"),  # it is empty
    ],
)
async def test_a_store_without_the_file_is_told(cdn: Cdn, status: int, answer: str) -> None:
    cdn.status = status
    [message] = await said(cdn)
    assert answer in message
    assert len(cdn.ranges) == 1


async def test_a_store_that_does_not_answer_is_not_waited_for_and_nothing_passes(cdn: Cdn) -> None:
    [message] = await said(cdn, "/hangs", look_seconds=0.2)
    assert "I could not look at this file: “fox.png”." in message
    assert "Please try again in a moment." in message


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/fox.png",
        "http://cdn.discordapp.com/fox.png",
        "https://cdn.discordapp.com.evil.example/fox.png",
        "https://cdn.discordapp.com@evil.example/fox.png",
    ],
)
async def test_only_the_places_where_discord_keeps_files_are_asked(cdn: Cdn, address: str) -> None:
    request = GenerationRequest(KLING.slug, {"image": Attachment(address, "fox.png", "image/png")})
    [problem] = await InputFiles(0.2).problems_in(request, KLING)
    assert "Please attach it again." in problem_words(problem)
    assert cdn.ranges == []
