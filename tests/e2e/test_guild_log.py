"""The moderators' log with the real bot as a process, through a power cut."""

from sandbox.discord.default_world import GENERAL_ID
from tests.cogs.panel import open_panel
from tests.support.stack import Stack, kill
from tests.support.stage import words


def logged(reel: Stack) -> list[str]:
    """Return the lines of the log, oldest first."""
    messages = reel.discord.world.channels[GENERAL_ID].messages.values()
    shown = [words(message) for message in messages if message.visible_to is None]
    return [line for message in shown for line in message.splitlines() if line.startswith("<t:")]


async def test_the_log_tells_each_thing_once_also_when_the_bot_dies_meanwhile(reel: Stack) -> None:
    bot = await reel.start_bot()
    panel = await open_panel(reel.discord, reel.discord.persona("ada"), "records")
    await panel.choose(":log_channel:", GENERAL_ID)
    await reel.until(lambda: len(logged(reel)) == 1, bot)
    mia = reel.discord.persona("mia")
    await (await mia.slash("veo fast", "videos", prompt="a fox in the snow")).wait_message()
    await kill(bot)
    again = await reel.start_bot()
    await reel.until(lambda: len(logged(reel)) == 3, again)
    chosen, asked, ended = logged(reel)
    assert f"Log channel: not set → <#{GENERAL_ID}>" in chosen
    assert "asked for **Veo 3.1 Fast** (100 credits)" in asked
    assert "a fox in the snow" in asked
    [closing] = reel.closings()
    assert "✅ done: **Veo 3.1 Fast**" in ended
    assert f"/{closing.channel_id}/{closing.message_id}" in ended
    assert reel.discord.record.violations() == []
