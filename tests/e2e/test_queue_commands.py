"""`/queue` and the queue's part of `/owner`, with the real bot."""

import pytest

from sandbox.discord import ClientRefused, Persona
from tests.support.stack import Stack
from tests.support.stage import button, words


async def say(person: Persona, command: str, **options: object) -> str:
    """Return the words of the bot's answer to a command."""
    return words(await (await person.slash(command, "videos", **options)).wait_message())


async def test_moderators_and_owners_hold_the_queue_up_and_members_are_told(reel: Stack) -> None:
    mia, ada, omar = (reel.discord.persona(name) for name in ("mia", "ada", "omar"))
    bot = await reel.start_bot()  # without OWNER_IDS, the application's owner owns the bot
    with pytest.raises(ClientRefused, match="sees no command"):
        await mia.slash("queue pause", "videos")
    assert "Paused" in await say(ada, "queue pause")
    assert "paused at the moment" in await say(mia, "veo fast", prompt="waits")
    assert "**1** queued" in await say(ada, "queue show")
    assert "Paused" not in await say(ada, "queue resume")
    await reel.until(reel.closings, bot)
    await reel.until(lambda: "owner" in {command["name"] for command in omar.commands("videos")}, bot)
    question = await (await omar.slash("owner queue", "videos", do="drain")).wait_message()
    await omar.press(question, button(question, "Drain everywhere"))
    await reel.until(lambda: "Draining" in question.content, bot)
    assert "Nothing was charged" in await say(mia, "veo fast", prompt="too late")
    assert "Draining" not in await say(omar, "owner queue", do="resume")
    cases = await (await omar.slash("owner unresolved", "videos")).wait_message()
    assert words(cases) == "No job is unclear."
    assert "is not waiting for a decision" in await say(
        omar, "owner resolve", job="nosuchjob000", verdict="charged, but the video is lost"
    )
