"""A moderator's panel in tests: opened, turned, and used by the words that it shows."""

from dataclasses import dataclass
from typing import Any

from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.walk import walk
from tests.support.stage import button, words


@dataclass
class OpenPanel:
    """The panel of `/settings` in front of one person."""

    sandbox: DiscordSandbox
    person: Persona
    message: Message

    @property
    def words(self) -> str:
        """Everything that the panel shows."""
        return words(self.message)

    async def turn(self, page: str) -> None:
        """Turn to a page by its key."""
        await self.choose(":turn:", page)

    async def choose(self, mark: str, *values: Any) -> None:
        """Choose in the one select whose custom id has `mark` in it, and wait until the panel is drawn anew."""
        drawn = self._drawn()
        await self.person.select(self.message, self.custom_id(mark), *values)
        await self.sandbox.wait_for(lambda: self._drawn() != drawn)

    async def press(self, label: str) -> None:
        """Press the one button whose label begins so, and wait until the panel is drawn anew."""
        drawn = self._drawn()
        await self.person.press(self.message, button(self.message, label))
        await self.sandbox.wait_for(lambda: self._drawn() != drawn)

    async def fill_in(self, label: str, **values: Any) -> None:
        """Press a button that opens a dialog, send the dialog, and wait until the panel is drawn anew."""
        drawn = self._drawn()
        asked = await self.person.press(self.message, button(self.message, label))
        await asked.wait_modal()
        await self.person.submit(asked, **values)
        await self.sandbox.wait_for(lambda: self._drawn() != drawn)

    def custom_id(self, mark: str) -> str:
        """Return the one custom id that has `mark` in it."""
        found = [str(c["custom_id"]) for _, c in walk(self.message.components) if mark in str(c.get("custom_id", ""))]
        assert len(found) == 1, f"{len(found)} controls for {mark}"
        return found[0]

    def component(self, mark: str) -> dict[str, Any]:
        """Return the one component whose custom id has `mark` in it."""
        custom_id = self.custom_id(mark)
        return next(c for _, c in walk(self.message.components) if c.get("custom_id") == custom_id)

    def _drawn(self) -> int:
        return self.sandbox.record.facts[self.message.id].edits


async def open_panel(sandbox: DiscordSandbox, person: Persona, page: str | None = None) -> OpenPanel:
    """Use `/settings`, and turn to a page if one is named."""
    message = await (await person.slash("/settings", "general")).wait_message()
    assert message.visible_to == person.id
    panel = OpenPanel(sandbox, person, message)
    if page is not None:
        await panel.turn(page)
    return panel
