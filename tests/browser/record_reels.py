"""`scripts/record-reels`: the pictures of a reel's panel, of a private card and of a film, with the real bot."""

import asyncio
import io
import math
import sys
import wave
from functools import partial
from pathlib import Path

from sandbox.discord import LocalFile, Message
from sandbox.discord.default_world import VIDEOS_ID
from tests.browser.record_settings import picture
from tests.browser.recording import RENDERED, recorded
from tests.browser.screen import VIDEO_WAIT_MS
from tests.cogs.reel_desk import add, control, new_reel
from tests.support.stack import Stack
from tests.support.stage import button, words

PROMPTS = {
    "a lighthouse at dusk, the lamp begins to turn": "mia",
    "waves over the rocks, seen from above": "noah",
    "a paper boat rocks on the waves": "mia",
    "gulls over the harbour in the evening sun": "ada",
}
"""What is asked for, and by whom."""
FILM_SECONDS = 120.0


def hum() -> LocalFile:
    """Return three seconds of a low tone."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        tone = (round(6000 * math.sin(2 * math.pi * 110 * number / 8000)) for number in range(24_000))
        sound.writeframes(b"".join(value.to_bytes(2, "little", signed=True) for value in tone))
    return LocalFile("sea.wav", file.getvalue())


def film_in(reel: Stack) -> bool:
    """Tell whether a film was posted."""
    return any(name.startswith("reel-") for fact in reel.posted() for name in fact.attachments)


def shows(panel: Message, text: str) -> bool:
    return text in words(panel)


async def make_reel(reel: Stack) -> Message:
    """Have members make videos and put them into a reel, and its maker give it a title card. Returns the panel."""
    mia = reel.discord.persona("mia")
    panel = await new_reel(mia, "The lighthouse")
    for number, (prompt, maker) in enumerate(PROMPTS.items(), 1):
        member = reel.discord.persona(maker)
        await (await member.slash("veo fast", "videos", prompt=prompt)).wait_message()
        await reel.until(partial(reel.has_closings, number))
        video = reel.discord.world.channels[VIDEOS_ID].messages[reel.closings()[-1].message_id]
        await add(member, video)
        await reel.until(partial(shows, panel, prompt))
    asked = await mia.press(panel, button(panel, "Title card"))
    await asked.wait_modal()
    await mia.submit(asked, text="The lighthouse", seconds="2", where="beginning")
    await (await mia.slash("reel add", "videos", reel="The lighthouse", sound=hum())).wait_message()
    await reel.until(lambda: str(panel.components).count("attachment") >= len(PROMPTS))
    return panel


async def edit(reel: Stack, panel: Message) -> None:
    """Have the maker trim a clip and fade it in, and leave the private card open."""
    mia = reel.discord.persona("mia")
    select = control(panel, "part")
    options = str(panel.components)
    part_id = options.split("'value': '")[3].split("'", maxsplit=1)[0]
    card = await (await mia.select(panel, select, part_id)).wait_message()
    asked = await mia.press(card, button(card, "Trim…"))
    await asked.wait_modal()
    await mia.submit(asked, start="1", end="5.5")
    await reel.until(lambda: "✂️" in words(card))
    await mia.press(card, button(card, "Fade in"))
    await reel.until(lambda: "fades in" in words(panel))


async def main(folder: Path) -> None:
    async with recorded(860, 1500, RENDERED) as (reel, screen):
        panel = await make_reel(reel)
        await edit(reel, panel)
        await screen.open(f"#mia/{VIDEOS_ID}")
        await asyncio.sleep(2)
        await picture(await screen.sees("Make the film", timeout=VIDEO_WAIT_MS), folder / "reel-panel.png")
        await picture(await screen.sees("Cut out"), folder / "reel-card.png")
        mia = reel.discord.persona("mia")
        await mia.press(panel, button(panel, "Make the film"))
        await reel.discord.wait_for(lambda: film_in(reel), FILM_SECONDS)
        await asyncio.sleep(2)
        await picture(await screen.sees("The lighthouse"), folder / "reel-film.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
