"""`scripts/record-stories`: a picture of each moment of the stories, as the people in the channel see it."""

import asyncio
import io
import os
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import ViewportSize, async_playwright

from sandbox.discord.default_world import GENERAL_ID, VIDEOS_ID
from tests.browser.launch import LAUNCH
from tests.browser.screen import Screen
from tests.support import stories
from tests.support.stack import stack
from tests.support.stories import Stage

SIZE: ViewportSize = {"width": 900, "height": 3000}
"""High enough for everything that is said in a story, so that nothing is scrolled away."""
COLOURS = 192
HEIGHT_MAX = 1400
"""Pixels. A higher picture is made smaller."""
STILL = """v => new Promise((done) => {
  v.pause();
  v.controls = false;
  v.addEventListener("seeked", () => requestAnimationFrame(done), { once: true });
  v.currentTime = 2.5;
})"""
STORIES = (
    stories.success,
    stories.continuation,
    stories.comparison,
    stories.failure,
    stories.cancel,
    stories.cancelled_by_a_moderator,
    stories.approval,
    stories.refusal,
    stories.crowd,
    stories.large,
    stories.own_list,
)
CHANNELS = {"approval-asked": GENERAL_ID, "approval-decided": GENERAL_ID}
"""Moments at which another channel than #videos is looked at."""
LATEST_ALONE = {"list", "details", "continue-preview", "continue-card", "continue-details"}
"""Moments of which the latest message alone is shown."""


class Camera:
    """Takes a picture of what one person sees of the channel: its messages alone."""

    def __init__(self, browser: Any, stage: Stage, folder: Path) -> None:
        self._browser = browser
        self._stage = stage
        self._folder = folder

    async def take(self, moment: str, persona: str) -> None:
        context = await self._browser.new_context(viewport=SIZE, color_scheme="dark")
        try:
            screen = Screen(await context.new_page(), self._stage.reel.discord)
            await screen.open(f"#{persona}/{CHANNELS.get(moment, VIDEOS_ID)}")
            await screen.messages.last.wait_for()
            for video in await screen.page.locator("video").all():
                await screen.playing(video)
                await video.evaluate(STILL)
            shown = screen.messages.last if moment in LATEST_ALONE else screen.page.locator("ol.messages")
            picture = await shown.screenshot(type="png")
        finally:
            await context.close()
        image = Image.open(io.BytesIO(picture)).convert("RGB")
        if image.height > HEIGHT_MAX:
            image = image.resize((image.width * HEIGHT_MAX // image.height, HEIGHT_MAX), Image.Resampling.LANCZOS)
        small = image.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(self._folder / f"{moment}.png", optimize=True)


async def main(folder: Path, wanted: list[str]) -> None:
    async with AsyncExitStack() as exits:
        driver = await exits.enter_async_context(async_playwright())
        browser = await driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=LAUNCH)
        exits.push_async_callback(browser.close)
        for story in STORIES:
            if not wanted or story.__name__ in wanted:
                await record(story, browser, folder)


async def record(story: Any, browser: Any, folder: Path) -> None:
    """Play one story in a world of its own."""
    async with AsyncExitStack() as exits:
        scratch = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="stories-")))
        url = f"sqlite+aiosqlite:///{scratch / 'bot.db'}"
        reel = await exits.enter_async_context(stack(url, scratch, render=True, job_seconds=(6.0, 6.0)))
        stage = Stage(reel, await reel.start_bot(DEFAULT_GUILD_CREDITS="10000", WAIT_SCALE="0.1"))
        stage.moment = Camera(browser, stage, folder).take
        await story(stage)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(exist_ok=True)
    asyncio.run(main(target, sys.argv[2:]))
    for path in sorted(target.glob("*.png")):
        print(f"{path.stat().st_size / 1000:6.0f} kB  {path}")
