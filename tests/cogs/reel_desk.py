"""A reel in front of the people of a test: its panel, private cards and dialogs, used by the words that they show."""

from dataclasses import dataclass
from typing import Any

from bot.domain.reels import Reel, ReelClip, ReelPart
from bot.storage import reel_parts, reels
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from sandbox.discord.walk import walk
from tests.cogs.results import posted_video
from tests.support.stage import StageBot, becomes, button, words


def control(message: Message, action: str) -> str:
    """Return the one custom id of an action about reels."""
    found = [str(c["custom_id"]) for _, c in walk(message.components) if f":{action}:" in str(c.get("custom_id", ""))]
    assert len(found) == 1, f"{len(found)} controls for {action} in {message.components}"
    return found[0]


async def new_reel(person: Persona, title: str = "The lighthouse", channel: str = "videos") -> Message:
    """Make a reel and return its panel."""
    panel = await (await person.slash("/reel new", channel, title=title)).wait_message()
    assert panel.visible_to is None
    return panel


async def add(person: Persona, video: Message) -> Message:
    """Press *Add to reel* below a video, and return the private answer."""
    answer = await (await person.press(video, button(video, "Add to reel"))).wait_message()
    assert answer.visible_to == person.id
    return answer


@dataclass
class Desk:
    """The only reel of the server, with its panel."""

    sandbox: DiscordSandbox
    bot: StageBot
    panel: Message

    @classmethod
    async def of_new_reel(cls, sandbox: DiscordSandbox, bot: StageBot, maker: Persona) -> "Desk":
        """Have a person make the reel, and wait until the bot knows where its panel stands."""
        desk = cls(sandbox, bot, await new_reel(maker))
        await desk.known()
        return desk

    async def known(self) -> None:
        """Wait until the bot knows where the panel stands."""

        async def noted() -> bool:
            return (await self.reel()).panel_message_id == self.panel.id

        await becomes(noted)

    async def fill(self, person: Persona, *prompts: str) -> list[Message]:
        """Have videos made and added by a person, and wait until the panel shows them."""
        videos = []
        for prompt in prompts:
            videos.append(await posted_video(self.bot, person, self.sandbox, prompt=prompt))
            await add(person, videos[-1])
            await self.shows(prompt)
        return videos

    async def reel(self) -> Reel:
        [reel] = await self.bot.services.database.read(reels.of_guild, FILM_CLUB_ID, 10)
        return reel

    async def parts(self) -> list[ReelPart]:
        return await self.bot.services.database.read(reel_parts.of_reel, (await self.reel()).id)

    async def order(self) -> list[str]:
        """Return what is in the reel, by its words."""
        return [part.prompt if isinstance(part, ReelClip) else part.text for part in await self.parts()]

    async def shows(self, *wanted: str) -> None:
        """Wait until the panel shows some words."""
        await self.sandbox.wait_for(lambda: all(one in words(self.panel) for one in wanted))

    async def open_part(self, person: Persona, number: int) -> "Card":
        """Choose a part on the panel by its number, and return its private card."""
        part = (await self.parts())[number - 1]
        answer = await (await person.select(self.panel, control(self.panel, "part"), str(part.id))).wait_message()
        assert answer.visible_to == person.id
        return Card(self.sandbox, person, answer)

    async def options(self, person: Persona) -> "Card":
        """Press *Options* on the panel, and return the private card."""
        answer = await (await person.press(self.panel, button(self.panel, "Options"))).wait_message()
        assert answer.visible_to == person.id
        return Card(self.sandbox, person, answer)


@dataclass
class Card:
    """A private card of a reel."""

    sandbox: DiscordSandbox
    person: Persona
    message: Message

    @property
    def words(self) -> str:
        return words(self.message)

    async def press(self, label: str) -> None:
        """Press the one button whose label begins so, and wait until the card is drawn anew."""
        await self._redrawn(self.person.press(self.message, button(self.message, label)))

    async def choose(self, action: str, *values: Any) -> None:
        """Choose in the select of an action, and wait until the card is drawn anew."""
        await self._redrawn(self.person.select(self.message, control(self.message, action), *values))

    async def fill_in(self, label: str, **values: Any) -> None:
        """Press a button that opens a dialog, send it, and wait until the card is drawn anew."""
        asked = await self.person.press(self.message, button(self.message, label))
        await asked.wait_modal()
        await self._redrawn(self.person.submit(asked, **values))

    async def _redrawn(self, use: Any) -> None:
        drawn = self._drawn()
        await use
        await self.sandbox.wait_for(lambda: self._drawn() != drawn)

    def _drawn(self) -> int:
        return self.sandbox.record.facts[self.message.id].edits
