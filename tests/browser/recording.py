"""A stage for pictures: the real bot between both sandboxes, and a page in Chromium that shows them."""

import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from tests.browser.launch import LAUNCH
from tests.browser.screen import Screen
from tests.support.stack import Stack, stack

RENDERED = {"render": True, "short_side_max": 360, "job_seconds": (1.0, 1.0), "posts_per_hour": 3600}
"""A provider that makes real videos, small ones, at once and as many as are asked for."""


@asynccontextmanager
async def recorded(
    width: int, height: int, studio: Mapping[str, Any], *, credits: int = 1000
) -> AsyncIterator[tuple[Stack, Screen]]:
    """Run everything, with a page of this size in pixels.

    `studio` are options of the provider, `credits` what a server may spend. The browser is the one that `CHROMIUM`
    names in the environment.
    """
    async with AsyncExitStack() as exits:
        scratch = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="record-")))
        url = f"sqlite+aiosqlite:///{scratch / 'bot.db'}"
        reel = await exits.enter_async_context(stack(url, scratch, **studio))
        await reel.start_bot(DEFAULT_GUILD_CREDITS=str(credits), STUDIO_POSTS_PER_HOUR="3600", WAIT_SCALE="0.1")
        driver = await exits.enter_async_context(async_playwright())
        browser = await driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=LAUNCH)
        exits.push_async_callback(browser.close)
        context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark")
        yield reel, Screen(await context.new_page(), reel.discord)
