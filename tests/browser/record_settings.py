"""`scripts/record-settings`: pictures of the moderators' panel and log, made by using the page."""

import asyncio
import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from bot.discord_ui.interactions.cooldown import COOLDOWN_SECONDS
from sandbox.discord import LocalFile
from sandbox.discord.default_world import GENERAL_ID, STAFF_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from sandbox.discord.permissions import Permission
from tests.browser.recording import recorded
from tests.browser.screen import VIDEO_WAIT_MS, Screen
from tests.cogs.panel import OpenPanel, open_panel
from tests.support.stack import Stack
from tests.support.stage import button, words

AT_ONCE = {"render": False, "job_seconds": (1.0, 1.0)}
"""A provider that is done at once, with files that are no videos."""
PAGES = ("overview", "access", "styles", "results", "showcase", "words", "members")
LINES = "zombie\nvery bad\nnaz*\n*gore*\n/gh?ost(ly)? \\d+/"

STYLES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Film noir", "{prompt}, black and white, hard shadows, rain on the windows", {"aspect_ratio": "16:9"}),
    ("Phone clip", "{prompt}, filmed by hand on a phone, natural light", {"aspect_ratio": "9:16", "duration": "8"}),
    ("Stop motion", "A stop-motion film with clay figures: {prompt}", {}),
)


async def choose_rules(reel: Stack) -> OpenPanel:
    """Have a moderator choose what the pictures show. Returns the panel."""
    me = reel.discord.world.bot.id
    seen = Overwrite(me, is_member=True, allow=int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES))
    reel.discord.world.channels[STAFF_ID].overwrites[me] = seen
    reel.discord.core.channel_changed("CHANNEL_UPDATE", reel.discord.world.channels[STAFF_ID])
    panel = await open_panel(reel.discord, reel.discord.persona("ada"), "records")
    await panel.choose(":log_channel:", STAFF_ID)
    await panel.turn("models")
    await panel.choose(":default_model:", "veo31_fast")
    await panel.turn("access")
    await panel.choose(":allowed_channels:", GENERAL_ID, VIDEOS_ID)
    await panel.turn("showcase")
    await panel.choose(":showcase_channel:", GENERAL_ID)
    await panel.choose(":weekly_reel_day:", "6")
    await asyncio.sleep(COOLDOWN_SECONDS)
    await panel.turn("prices")
    await panel.choose(":approval_channel_id:", STAFF_ID)
    await panel.fill_in("Change the price that is approved", amount="500")
    await asyncio.sleep(COOLDOWN_SECONDS)
    await panel.turn("words")
    await panel.fill_in("Add…", lines=LINES)
    await panel.turn("styles")
    for name, template, options in STYLES:
        await panel.fill_in("Add a style…", name=name, template=template, **options)
    await asyncio.sleep(COOLDOWN_SECONDS)
    await panel.turn("members")
    await panel.fill_in("Block a member…", member="noah", time="week", reason="Kept asking for gore")
    return panel


def portrait(sky: str, coat: str, skin: str) -> bytes:
    """Return a drawn portrait as a PNG."""
    drawn = Image.new("RGB", (480, 360), sky)
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((90, 240, 390, 560), fill=coat)
    pen.ellipse((170, 70, 310, 250), fill=skin)
    pen.pieslice((160, 50, 320, 220), 180, 360, fill="#2b1b12")
    for x in (215, 265):
        pen.ellipse((x - 8, 150, x + 8, 166), fill="#1c1c22")
    pen.arc((210, 170, 270, 215), 20, 160, fill="#7a2f2f", width=5)
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


async def save_pictures(reel: Stack) -> None:
    """Have a moderator save two pictures and share a third, and list them."""
    ada = reel.discord.persona("ada")
    for name, colours, shared in (
        ("Zoe", ("#9cc4e4", "#b3344a", "#e8b48a"), False),
        ("Captain Rex", ("#f2d7a0", "#2f4d73", "#8d5a3b"), False),
        ("Mascot", ("#cfe8c9", "#e0a030", "#f4d3b5"), True),
    ):
        file = LocalFile(f"{name}.png", portrait(*colours))
        await (await ada.slash("cast add", GENERAL_ID, name=name, image=file, shared=shared)).wait_message()
    await (await ada.slash("cast list", GENERAL_ID)).wait_message()
    await asyncio.sleep(0.5)


async def ask_with_picture(reel: Stack) -> None:
    """Have a video asked for from two saved pictures, while the queue waits, so that its card stays."""
    ada = reel.discord.persona("ada")
    await (await ada.slash("queue pause", GENERAL_ID)).wait_message()
    asked = await ada.slash("veo fast", GENERAL_ID, prompt="Zoe waves from the bridge", cast="Zoe, Captain Rex")
    await asked.wait_message()
    await asyncio.sleep(0.5)
    await (await ada.slash("queue resume", GENERAL_ID)).wait_message()


async def ask_and_delete(reel: Stack, screen: Screen) -> None:
    """Have a member ask for a video, so that the log has something to tell."""
    mia = reel.discord.persona("mia")
    await (await mia.slash("veo fast", "videos", prompt="a red fox trotting through fresh snow")).wait_message()
    await reel.until(reel.closings)
    await screen.sees("done", timeout=VIDEO_WAIT_MS)


async def report(reel: Stack, screen: Screen) -> None:
    """Have two members report the video, and a third be stopped by the word list."""
    omar, ada = reel.discord.persona("omar"), reel.discord.persona("ada")
    video = next(message for message in reversed(omar.read("videos")) if "ready" in words(message))
    for person, reason in ((ada, "There is blood on the snow"), (omar, "This is not our kind of video")):
        opened = await person.press(video, button(video, "Report"))
        await opened.wait_modal()
        await person.submit(opened, reason=reason)
    await reel.discord.persona("mia").slash("veo fast", "videos", prompt="a very polite z-o-m-b-i-e")
    await screen.sees("2 reports")
    await screen.sees("A request was stopped")


async def picture(message: Any, path: Path) -> None:
    """Take a picture of one message."""
    await message.scroll_into_view_if_needed()
    await message.page.mouse.move(5, 5)
    await message.screenshot(path=path)
    print(f"{path.stat().st_size / 1000:6.0f} kB  {path}")


async def main(folder: Path) -> None:
    async with recorded(860, 1400, AT_ONCE) as (reel, screen):
        panel = await choose_rules(reel)
        await asyncio.sleep(COOLDOWN_SECONDS)
        await screen.open(f"#ada/{GENERAL_ID}")
        for page in PAGES:
            await panel.turn(page)
            if page == "styles":
                await panel.choose(":look:", "1")
            shown = screen.messages.filter(has_text="Settings ·").last
            await shown.wait_for()
            await asyncio.sleep(0.3)
            await picture(shown, folder / f"settings-{page}.png")
        await save_pictures(reel)
        await picture(screen.messages.filter(has_text="Your pictures:").last, folder / "cast-list.png")
        await ask_with_picture(reel)
        await picture(screen.messages.filter(has_text="waves from the bridge").last, folder / "cast-card.png")
        await screen.open(f"#ada/{STAFF_ID}")
        await ask_and_delete(reel, screen)
        await picture(screen.page.locator("ol.messages"), folder / "settings-log.png")
        await report(reel, screen)
        await picture(screen.messages.filter(has_text="2 reports").last, folder / "report-card.png")
        await picture(screen.messages.filter(has_text="A request was stopped").last, folder / "stopped-card.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
