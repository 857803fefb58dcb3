"""`scripts/record-playground`: the pictures and the recording in docs/images, made by using the page."""

import asyncio
import io
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import ViewportSize, async_playwright

from tests.browser.launch import LAUNCH
from tests.browser.screen import VIDEO_WAIT_MS, Screen
from tests.support.stack import Stack, stack

PROMPT = "a red fox trotting through fresh snow at dawn"
SIZE: ViewportSize = {"width": 960, "height": 620}
FRAME_SECONDS = 0.12
FRAME_SECONDS_MAX = 1.2
"""Where nothing happens for longer, the recording does not wait."""
LAST_FRAME_SECONDS = 2.5
BYTES_MAX = 3_000_000
KEY_MS = 35


class Film:
    """Takes a picture every moment, and makes a GIF of those that differ."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._frames: list[tuple[float, bytes]] = []

    @asynccontextmanager
    async def rolling(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._roll())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _roll(self) -> None:
        while True:
            at = time.monotonic()
            picture = await self._page.screenshot(type="png")
            if not self._frames or self._frames[-1][1] != picture:
                self._frames.append((at, picture))
            await asyncio.sleep(max(0.0, at + FRAME_SECONDS - time.monotonic()))

    def write(self, path: Path) -> None:
        pictures = [Image.open(io.BytesIO(data)).convert("RGB") for _, data in self._frames]
        # One palette for all, from the last picture, which has every colour of the page and of the video.
        palette = pictures[-1].quantize(255, Image.Quantize.FASTOCTREE)
        frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
        times = [min(after - before, FRAME_SECONDS_MAX) for (before, _), (after, _) in pairwise(self._frames)]
        durations = [round(seconds * 1000) for seconds in [*times, LAST_FRAME_SECONDS]]
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True)


async def generate(screen: Screen) -> None:
    """Ask for a video with the keyboard, at a pace that can be followed."""
    keys = screen.page.keyboard
    await screen.box.focus()
    await keys.type("/veo", delay=KEY_MS * 3)
    await screen.page.locator(".choice.active", has_text="/veo fast").wait_for()
    await asyncio.sleep(0.8)
    await keys.press("Enter")
    await keys.type(PROMPT, delay=KEY_MS)
    await screen.add_option("aspect_ratio")
    await asyncio.sleep(0.8)
    await keys.type("16", delay=KEY_MS * 3)
    await keys.press("Enter")
    await asyncio.sleep(0.3)
    await keys.press("Enter")
    ready = screen.message("your video is ready")
    await ready.locator("video").wait_for(timeout=VIDEO_WAIT_MS)


async def record(screen: Screen, folder: Path) -> None:
    """The story of the README: a command, its card, the video that plays."""
    film = Film(screen.page)
    async with film.rolling():
        await asyncio.sleep(0.5)
        await generate(screen)
        await asyncio.sleep(0.8)
        await screen.playing(screen.page.locator("video").last)
        await asyncio.sleep(3)
    film.write(folder / "playground.gif")


async def pictures(browser: Any, reel: Stack, folder: Path) -> None:
    """The same channel: dark and light with a tool open, and on a phone."""
    for name, theme, size, tool in (
        ("playground.png", "dark", {"width": 1440, "height": 900}, "Requests and events"),
        ("playground-light.png", "light", {"width": 1440, "height": 900}, "Levers"),
        ("playground-phone.png", "dark", {"width": 390, "height": 780}, None),
    ):
        context = await browser.new_context(viewport=size, color_scheme=theme)
        screen = Screen(await context.new_page(), reel.discord)
        await screen.open("#mia/1301000000000000002")
        video = screen.page.locator("video").last
        await screen.playing(video)
        await video.evaluate("v => { v.pause(); v.currentTime = 2.5; }")
        if tool:
            await screen.page.get_by_role("button", name=tool).click()
            await screen.page.get_by_role("button", name="Close").blur()
        await screen.page.wait_for_function("v => !v.seeking && v.readyState >= 2", arg=await video.element_handle())
        await screen.page.mouse.move(size["width"] / 2, 5)
        # The controls of the video fade away.
        await asyncio.sleep(4)
        await screen.page.screenshot(path=folder / name)
        await context.close()


async def main(folder: Path) -> None:
    async with AsyncExitStack() as exits:
        scratch = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="record-")))
        url = f"sqlite+aiosqlite:///{scratch / 'bot.db'}"
        reel = await exits.enter_async_context(stack(url, scratch, render=True, job_seconds=(3.0, 3.0)))
        await reel.start_bot(DEFAULT_GUILD_CREDITS="1000", WAIT_SCALE="0.1")
        driver = await exits.enter_async_context(async_playwright())
        browser = await driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=LAUNCH)
        exits.push_async_callback(browser.close)
        context = await browser.new_context(viewport=SIZE, color_scheme="dark")
        screen = Screen(await context.new_page(), reel.discord)
        await screen.open("#mia/1301000000000000002")
        await record(screen, folder)
        await pictures(browser, reel, folder)


def report(folder: Path) -> None:
    """Say what was made; the recording must fit a README."""
    for path in sorted(folder.glob("playground*")):
        print(f"{path.stat().st_size / 1000:6.0f} kB  {path}")
    size = (folder / "playground.gif").stat().st_size
    if size > BYTES_MAX:
        sys.exit(f"the recording is too large: {size} bytes")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    asyncio.run(main(target))
    report(target)
