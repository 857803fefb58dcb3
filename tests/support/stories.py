"""What happens to a request, as everybody in its channel sees it: played by a test and by `scripts/record-stories`.

Each story ends with what it promises: one message in the channel for each request that was accepted.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.storage import comparisons
from bot.storage.database import Database
from sandbox.demo.bot_process import BotProcess
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, VIDEOS_ID
from sandbox.discord.ids import created_at
from sandbox.discord.model import Json, Member, User
from sandbox.discord.walk import walk
from tests.support.stack import Stack
from tests.support.stage import button, words

FOX = "a red fox trotting through fresh snow at dawn"
LONG = "a very long story of a fox that travels through all seasons, " * 10
CROWD = 10
NAMES = ("Ada", "Bo", "Cleo", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "June")
CROWD_ID = 1160 * 10**15

Moment = Callable[[str, str], Awaitable[None]]
"""Takes the name of a moment and the persona who looks at it."""


async def unseen(_moment: str, _persona: str) -> None:
    """Look at nothing."""


@dataclass
class Stage:
    """Where the stories are played. `moment` is called whenever there is something to see."""

    reel: Stack
    bot: BotProcess
    moment: Moment = unseen

    def person(self, name: str) -> Persona:
        return self.reel.discord.persona(name)

    def standing(self, channel_id: int = VIDEOS_ID) -> list[Message]:
        """Return the bot's messages for everybody that stand in a channel."""
        messages = self.reel.discord.world.channels[channel_id].messages.values()
        return [one for one in messages if one.author.bot and one.visible_to is None and one.deleted_at is None]

    async def until(self, predicate: Callable[[], Any]) -> Any:
        return await self.reel.until(predicate, self.bot)

    async def ask(self, name: str, prompt: str = FOX, **options: object) -> Message:
        """Have a person ask in #videos, and return the answer."""
        return await (await self.person(name).slash("veo fast", "videos", prompt=prompt, **options)).wait_message()

    async def say(self, name: str, command: str, **options: object) -> Message:
        return await (await self.person(name).slash(command, "videos", **options)).wait_message()

    async def only(self, text: str, channel_id: int = VIDEOS_ID) -> Message:
        """Wait until one message stands in the channel, and it says `text`."""
        await self.until(lambda: [text in words(one) for one in self.standing(channel_id)] == [True])
        return self.standing(channel_id)[0]


async def success(stage: Stage) -> None:
    card = await stage.ask("mia", aspect_ratio="16:9")
    assert card.visible_to is None
    await stage.moment("success-asked", "noah")
    video = await stage.only("your video is ready")
    assert video.attachments
    await stage.moment("success-ready", "noah")


async def failure(stage: Stage) -> None:
    stage.reel.studio.faults.add("job_fails", message="The prompt was rejected by the safety system")
    await stage.ask("mia", "something that the provider refuses")
    closed = await stage.only("rejected by the safety system")
    assert "nothing charged, 100 credits released" in words(closed)
    await stage.moment("failure", "noah")


async def cancel(stage: Stage) -> None:
    await stage.say("ada", "queue pause")
    card = await stage.ask("mia")
    await stage.moment("cancel-queued", "mia")
    pressed = await stage.person("mia").press(card, button(card, "Cancel"))
    closed = await stage.only("you cancelled this request")
    assert closed.id == card.id
    assert pressed.messages == []
    await stage.moment("cancel-done", "mia")
    await stage.say("ada", "queue resume")


async def cancelled_by_a_moderator(stage: Stage) -> None:
    await stage.say("ada", "queue pause")
    await stage.ask("mia")
    page = await stage.say("ada", "queue show")
    await stage.moment("queue", "ada")
    await stage.person("ada").press(page, button(page, "Cancel"))
    closed = await stage.only(f"cancelled by {stage.person('ada').mention}")
    assert stage.person("mia").mention in words(closed)
    await stage.moment("queue-cancelled", "ada")
    await stage.say("ada", "queue resume")


async def approval(stage: Stage) -> None:
    await stage.say("ada", "quota set approval_above", amount="50", channel="general")
    card = await stage.ask("mia")
    assert "Waiting for a moderator's approval" in words(card)
    await stage.moment("approval-waits", "mia")
    question = await stage.only("A request waits for approval", GENERAL_ID)
    await stage.moment("approval-asked", "ada")
    pressed = await stage.person("ada").press(question, button(question, "Approve"))
    decided = await stage.only("approved", GENERAL_ID)
    assert decided.id == question.id
    assert pressed.messages == []
    await stage.until(lambda: "Waiting" not in words(card))
    await stage.moment("approval-decided", "ada")
    await stage.only("your video is ready")
    await stage.moment("approval-ready", "mia")
    await stage.say("ada", "quota set approval_above", amount="off")


async def refusal(stage: Stage) -> None:
    await stage.say("ada", "quota set member", member=stage.person("mia").user, period="month", amount="0")
    refused = await stage.ask("mia")
    assert refused.visible_to == stage.person("mia").id
    assert "Nothing was charged." in words(refused)
    assert stage.standing() == []
    await stage.moment("refusal", "mia")
    await stage.say("ada", "quota set member", member=stage.person("mia").user, period="month", amount="unlimited")


async def own_list(stage: Stage) -> None:
    """A member looks at what became of their requests."""
    await stage.ask("mia", "an owl that reads a book, by candle light")
    video = await stage.only("your video is ready")
    await stage.person("mia").press(video, button(video, "Delete"))
    await stage.until(lambda: stage.standing() == [])
    stage.reel.studio.faults.add("job_fails", message="The prompt was rejected by the safety system")
    await stage.ask("mia", "something that the provider refuses")
    await stage.only("rejected by the safety system")
    await stage.ask("mia")
    await stage.until(lambda: [one for one in stage.standing() if "your video is ready" in words(one)])
    stage.reel.studio.set_job_seconds(3600, 3600)
    await stage.ask("mia", LONG)
    await stage.until(lambda: [one for one in stage.standing() if "Rendering" in words(one)])
    await stage.say("ada", "queue pause")
    await stage.ask("mia", "a lighthouse at dusk")
    page = await stage.say("mia", "jobs")
    shown = words(page)
    for said in ("⏳ queued", "🎬 rendering", "✅ done", " · deleted", "❌ failed", "https://discord.com/channels/"):
        assert said in shown
    assert "'label': 'Post again'" in str(page.components)
    await stage.moment("list", "mia")
    long = next(option for option in options_of(page) if option["label"].endswith("…"))
    story = await stage.person("mia").select(page, "reel:details", long["value"])
    assert [file.filename for file in (await story.wait_message()).attachments] == [f"prompt-{long['value']}.txt"]
    await stage.moment("details", "mia")


def options_of(page: Message) -> list[Json]:
    """Return the options of the list's select."""
    return next(part["options"] for _, part in walk(page.components) if part.get("custom_id") == "reel:details")


async def crowd(stage: Stage) -> None:
    """Ten members ask within two seconds."""
    names = join_crowd(stage.reel.discord)
    began = stage.reel.discord.clock.now()
    cards = await asyncio.gather(
        *(stage.ask(name, f"{stage.person(name).user.display_name} on a bicycle") for name in names)
    )
    assert stage.reel.discord.clock.now() - began < 2
    assert all(card.visible_to is None for card in cards)
    await stage.moment("crowd-asked", names[0])
    posts = await stage.until(lambda: len(stage.reel.studio.records.posts) == CROWD and stage.reel.studio.records.posts)
    assert posts[-1].at - posts[0].at < 5
    await stage.until(lambda: ["video is ready" in words(one) for one in stage.standing()] == [True] * CROWD)


async def continuation(stage: Stage) -> None:
    """Noah continues Mia's video."""
    noah = stage.person("noah")
    await stage.ask("mia", aspect_ratio="16:9")
    video = await stage.only("your video is ready")
    pressed = await noah.press(video, button(video, "Continue"))
    await stage.until(lambda: [one for one in pressed.messages if "last picture" in words(one)])
    preview = pressed.messages[0]
    assert preview.visible_to == noah.id
    await stage.moment("continue-preview", "noah")
    asking = await noah.press(preview, button(preview, "Write"))
    await asking.wait_modal()
    sent = await noah.submit(asking, prompt="it stops, looks up, and snow begins to fall")
    card = await sent.wait_message()
    assert f"Continues a clip by {stage.person('mia').mention}" in words(card)
    await stage.moment("continue-card", "mia")
    await stage.until(lambda: len([one for one in stage.standing() if "video is ready" in words(one)]) == 2)
    await stage.until(lambda: card.deleted_at is not None)
    await stage.moment("continue-ready", "mia")
    child = stage.standing()[-1]
    assert f"Continues a clip by {stage.person('mia').mention}: https://" in words(child)
    page = await stage.say("noah", "jobs")
    story = await noah.select(page, "reel:details", options_of(page)[0]["value"])
    assert "continues: Veo 3.1 Fast by" in words(await story.wait_message())
    await stage.moment("continue-details", "noah")


async def comparison(stage: Stage) -> None:
    """Mia has four models make the same video; people vote before they know which made which."""
    mia, noah, ada = (stage.person(name) for name in ("mia", "noah", "ada"))
    models = {"model_1": "veo31_fast", "model_2": "kling_3_0", "model_3": "wan_2_6", "model_4": "seedance_2"}
    question = await stage.say("mia", "compare", prompt=FOX, aspect_ratio="16:9", **models)
    assert "Comparing 4 models costs" in words(question)
    await stage.moment("compare-question", "mia")
    card = await (await mia.press(question, button(question, "Generate"))).wait_message()
    await stage.until(lambda: words(card).count("Rendering") == 4)
    await stage.moment("compare-card", "noah")
    message = await stage.only("your comparison is ready")
    assert len(message.attachments) == 4
    await stage.moment("compare-ready", "noah")
    told = await (await noah.press(message, button(message, "B"))).wait_message()
    assert "You voted for **B**" in words(told)
    await stage.moment("compare-voted", "noah")
    await (await ada.press(message, button(message, "B"))).wait_message()
    await (await mia.press(message, button(message, "C"))).wait_message()
    await _end_vote(stage, button(message, "Delete").rpartition(":")[2])
    await stage.until(lambda: "🏆 won" in words(message))
    await stage.moment("compare-ended", "ada")


async def _end_vote(stage: Stage, comparison_id: str) -> None:
    """Let the time for votes be over."""
    database = await Database.open(stage.reel.database_url)
    try:
        await database.write(comparisons.open_voting, comparison_id, 0.0)
    finally:
        await database.close()


async def large(stage: Stage) -> None:
    """A video is larger than the server takes, and no encoder is there to make it smaller."""
    stage.reel.discord.controls.set_upload_limit(10_000)
    await stage.ask("mia")
    video = await stage.only("your video is ready")
    assert "this server takes files of up to 10 kB" in words(video)
    await stage.moment("large", "mia")


def join_crowd(discord: DiscordSandbox) -> list[str]:
    """Let ten more people join the Film Club, and return their names."""
    guild = discord.world.guilds[FILM_CLUB_ID]
    for number, name in enumerate(NAMES):
        user = User(CROWD_ID + number, f"{name.lower()}-{number}", name)
        discord.world.users[user.id] = discord.world.personas[user.name] = user
        guild.members[user.id] = Member(user, [], joined_at=created_at(guild.id))
    return [name for name in discord.world.personas if "-" in name]
