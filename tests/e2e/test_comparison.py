"""Comparisons with the real bot as a process: asked for, made, voted on, revealed, and once killed at each point."""

from contextlib import suppress

import pytest

from sandbox.discord import Message, Persona
from sandbox.discord.default_world import VIDEOS_ID
from sandbox.discord.walk import ComponentType, walk
from tests.support.stack import Stack
from tests.support.stage import button, words

FOX = "a fox in the snow"
VOTE = ":compare:vote:"


async def ask(reel: Stack, *models: str, member: str = "mia", **options: object) -> Persona:
    """Ask for a comparison and say yes to its price. Returns the member."""
    person = reel.discord.persona(member)
    named = {f"model_{number}": model for number, model in enumerate(models, 1)}
    question = await (await person.slash("/compare", "videos", prompt=FOX, **named, **options)).wait_message()
    assert "Shall I?" in words(question), words(question)
    await person.press(question, button(question, "Generate"))
    return person


def standing(reel: Stack) -> list[Message]:
    """Return the bot's messages for everybody that stand in the channel."""
    messages = reel.discord.world.channels[VIDEOS_ID].messages.values()
    return [one for one in messages if one.author.bot and one.visible_to is None and one.deleted_at is None]


def vote_button(message: Message, place: int) -> str:
    return next(
        str(part["custom_id"])
        for _, part in walk(message.components)
        if f"{VOTE}{place}:" in str(part.get("custom_id", ""))
    )


def votable(reel: Stack) -> Message | None:
    """Return the one message that can be voted on."""
    found = [one for one in standing(reel) if any(VOTE in str(c.get("custom_id", "")) for _, c in walk(one.components))]
    return found[0] if len(found) == 1 and len(standing(reel)) == 1 else None


async def test_models_are_compared_voted_on_blind_and_told_at_the_end(reel: Stack) -> None:
    bot = await reel.start_bot(WAIT_SCALE="0.00002")
    mia = await ask(reel, "veo31_fast", "kling_3_0", "seedance_1_5_pro")
    message = await reel.until(lambda: votable(reel), bot)
    assert len(message.attachments) == 3
    assert "From left to right, row by row: **A**, **B** and **C**" in words(message)
    assert not any(name in words(message) for name in ("Veo", "Kling", "Seedance"))
    noah = reel.discord.persona("noah")
    answer = await (await noah.press(message, vote_button(message, 1))).wait_message()
    assert answer.visible_to is not None
    assert "You voted for **B**" in words(answer)
    assert all(name in words(answer) for name in ("Veo 3.1 Fast", "Kling 3.0", "Seedance"))
    again = await (await noah.press(message, vote_button(message, 0))).wait_message()
    assert "You now vote for **A**" in words(again)
    await (await mia.press(message, vote_button(message, 0))).wait_message()
    await reel.until(lambda: "🏆 won" in words(message), bot)
    assert "2 votes" in words(message)
    assert all(name in words(message) for name in ("Veo 3.1 Fast", "Kling 3.0", "Seedance"))
    assert len(message.attachments) == 3
    [gallery] = [part for _, part in walk(message.components) if part["type"] == ComponentType.MEDIA_GALLERY]
    assert len(gallery["items"]) == 3
    assert "http" not in words(message), "what is attached is not linked"
    assert not any(VOTE in str(part.get("custom_id", "")) for _, part in walk(message.components))
    assert reel.discord.record.violations() == []


@pytest.mark.parametrize(
    "point",
    [
        "admission.before_commit",
        "admission.after_commit:2",  # the first time is the question
        "answer.after_post",
        "card.after_post",
        "compare.after_close",
        "delivery.after_claim",
        "delivery.after_download",
        "delivery.after_post",
        "delivery.after_note",
        "card.after_removal",
        "compare.after_count",
        "compare.after_reveal",
    ],
)
async def test_a_bot_that_is_killed_anywhere_posts_one_message_and_charges_once(reel: Stack, point: str) -> None:
    bot = await reel.start_bot(crash_at=point, WAIT_SCALE="0.00002")
    with suppress(LookupError):  # it dies before it has answered
        await ask(reel, "veo31_fast", "kling_3_0")
    await bot.wait()
    again = await reel.start_bot(WAIT_SCALE="0.00002")
    if point == "admission.before_commit":
        assert standing(reel) == []
        await ask(reel, "veo31_fast", "kling_3_0")
    await reel.until(lambda: len(standing(reel)) == 1 and "0 votes" in words(standing(reel)[0]), again)
    [closing] = reel.closings()
    assert len(closing.attachments) == 2
    assert len(reel.studio.jobs) == 2
    assert reel.discord.record.violations() == []
