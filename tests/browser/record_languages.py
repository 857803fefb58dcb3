"""`scripts/record-languages`: pictures of what members read in their own languages, made by using the page."""

import asyncio
import os
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import async_playwright

from sandbox.discord.default_world import VIDEOS_ID
from tests.browser.launch import LAUNCH
from tests.browser.record_settings import picture
from tests.browser.screen import Screen
from tests.support.stack import stack

LANGUAGES = ("de", "fr", "hu")
PROMPT = "a red fox trotting through fresh snow"


async def main(folder: Path) -> None:
    """Have one member read help, and a question about a price, in each language."""
    folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as exits:
        scratch = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="record-")))
        url = f"sqlite+aiosqlite:///{scratch / 'bot.db'}"
        reel = await exits.enter_async_context(stack(url, scratch, render=False, job_seconds=(600.0, 600.0)))
        await reel.start_bot(DEFAULT_GUILD_CREDITS="180", WAIT_SCALE="0.1")
        driver = await exits.enter_async_context(async_playwright())
        browser = await driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=LAUNCH)
        exits.push_async_callback(browser.close)
        context = await browser.new_context(viewport={"width": 600, "height": 1000}, color_scheme="dark")
        screen = Screen(await context.new_page(), reel.discord)
        mia = reel.discord.persona("mia")
        await screen.open(f"#mia/{VIDEOS_ID}")
        for locale in LANGUAGES:
            mia.user.locale = locale
            await screen.reload()
            for name, command, options in (("help", "/help", {}), ("question", "/veo fast", {"prompt": PROMPT})):
                before = await screen.messages.count()
                await (await mia.slash(command, "videos", **options)).wait_message()
                shown = screen.messages.nth(before)
                await shown.wait_for()
                await picture(shown, folder / f"{name}-{locale}.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
