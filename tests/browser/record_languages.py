"""`scripts/record-languages`: pictures of what members read in their own languages, made by using the page."""

import asyncio
import sys
from pathlib import Path

from sandbox.discord.default_world import VIDEOS_ID
from tests.browser.record_settings import picture
from tests.browser.recording import recorded

NEVER_DONE = {"render": False, "job_seconds": (600.0, 600.0)}
"""A provider that is not done with anything while pictures are taken."""
LANGUAGES = ("de", "fr", "hu")
PROMPT = "a red fox trotting through fresh snow"


async def main(folder: Path) -> None:
    """Have one member read help, and a question about a price, in each language."""
    folder.mkdir(parents=True, exist_ok=True)
    async with recorded(600, 1000, NEVER_DONE, credits=180) as (reel, screen):
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
