"""`scripts/record-gallery`: the pictures of `/gallery` and of a showcase in docs/images, with the real bot."""

import asyncio
import sys
from functools import partial
from pathlib import Path

from sandbox.discord.default_world import GENERAL_ID, VIDEOS_ID
from tests.browser.record_settings import picture
from tests.browser.recording import RENDERED, recorded
from tests.browser.screen import VIDEO_WAIT_MS
from tests.cogs.panel import open_panel
from tests.support.stack import Stack

PROMPTS = {
    "a red fox trotting through fresh snow at dawn": ("mia", ("noah", "ada", "omar")),
    "a lighthouse in a storm, waves over the rocks": ("noah", ("mia",)),
    "a paper boat on a rainy street, seen from above": ("mia", ("noah", "ada")),
    "an old tram climbing a hill in the evening sun": ("ada", ()),
}
"""What is asked for, by whom, and who likes it."""


async def make_and_like(reel: Stack) -> None:
    """Have members make videos and react to them."""
    panel = await open_panel(reel.discord, reel.discord.persona("ada"), "showcase")
    await panel.choose(":showcase_channel:", GENERAL_ID)
    await panel.choose(":showcase_likes:", "3")
    for number, (prompt, (maker, fans)) in enumerate(PROMPTS.items(), 1):
        await (await reel.discord.persona(maker).slash("veo fast", "videos", prompt=prompt)).wait_message()
        await reel.until(partial(reel.has_closings, number))
        message = reel.discord.world.channels[VIDEOS_ID].messages[reel.closings()[-1].message_id]
        for fan, emoji in zip(fans, "❤🔥🎉", strict=False):
            await reel.discord.persona(fan).react(message, emoji)
    await reel.until(lambda: [one for one in reel.posted() if one.forward_of is not None])


async def main(folder: Path) -> None:
    async with recorded(860, 1400, RENDERED) as (reel, screen):
        await make_and_like(reel)
        await screen.open(f"#mia/{GENERAL_ID}")
        await picture(await screen.sees("Forwarded"), folder / "showcase.png")
        await screen.command("gallery")
        page = await screen.sees("Keep my videos out", timeout=VIDEO_WAIT_MS)
        await page.get_by_text("❤️ 3").wait_for()
        await asyncio.sleep(2)
        await picture(page, folder / "gallery.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
