"""Commands are sent to Discord once, and again only when their content changed."""

from pathlib import Path

from sandbox.discord.default_world import APPLICATION_ID
from tests.support.stack import Stack

README = Path(__file__).resolve().parents[2] / "README.md"
FAMILIES = {"grok-imagine", "hailuo", "kling", "seedance", "sora", "veo", "wan"}


async def test_commands_are_sent_once_and_again_only_when_they_changed(reel: Stack) -> None:
    def puts() -> int:
        return len(reel.discord.record.requests_to("PUT", f"/{APPLICATION_ID}/commands"))

    await (await reel.start_bot()).stop()
    assert puts() == 1
    own = {command["name"] for command in reel.discord.persona("omar").commands("videos")} - FAMILIES
    assert [name for name in sorted(own) if name not in README.read_text()] == [], "commands that the README forgets"
    await (await reel.start_bot()).stop()
    assert puts() == 1, "nothing changed"
    del reel.studio.catalogue["kling_3_0"]
    bot = await reel.start_bot()
    await reel.until(lambda: puts() == 2, bot)
    kling = next(one for one in reel.discord.persona("mia").commands("videos") if one["name"] == "kling")
    assert "3-0" not in {option["name"] for option in kling["options"]}
