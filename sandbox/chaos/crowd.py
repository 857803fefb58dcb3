"""The members: they ask for videos from several guilds at once, repeat themselves, and change their minds."""

import asyncio
import random
from itertools import count
from typing import Any

from sandbox.discord import DiscordSandbox, Message
from sandbox.discord.model import Channel
from sandbox.discord.people import ClientRefused, Invocation, Persona
from sandbox.discord.walk import walk

ANSWER_SECONDS_MAX = 4.0
"""Seconds that a member waits. After three, Discord says "did not respond", and the member tries again."""
REPEATS = 0.1
"""Share of the requests that are exactly like an earlier one."""
CANCELS = 0.04
"""Share of the requests that their member cancels."""
SUBJECTS = ("a fox", "a lighthouse", "two otters", "an old tram", "a paper boat", "the northern lights")


def accepted(answer: Message | None) -> bool:
    """Tell whether an answer says that the request was accepted: its public card, or the words in place of one."""
    return answer is not None and (answer.visible_to is None or "I have your request" in answer.content)


class Crowd:
    """Every persona asks in every channel that it sees."""

    def __init__(self, discord: DiscordSandbox, chance: random.Random) -> None:
        self._discord = discord
        self._chance = chance
        self._numbers = count(1)
        self._earlier: list[tuple[str, str]] = []
        self.asked: list[Invocation] = []
        self.cancels = 0

    def acknowledged(self) -> set[int]:
        """List the interactions whose member was told that the request is accepted."""
        return {one.id for one in self.asked if accepted(one.message)}

    async def ask_until(self, wanted: int, pause_seconds: float) -> None:
        """Send requests until `wanted` were acknowledged; each member pauses `pause_seconds` on average."""
        names = self._discord.world.personas
        members = [asyncio.create_task(self._member(name, wanted, pause_seconds)) for name in names]
        try:
            await asyncio.gather(*members)
        finally:
            for task in members:
                task.cancel()

    async def _member(self, name: str, wanted: int, pause_seconds: float) -> None:
        persona = self._discord.persona(name)
        while len(self.acknowledged()) < wanted:
            await asyncio.sleep(self._chance.uniform(0, 2 * pause_seconds))
            channel = self._chance.choice([one for one in persona.channels() if one.guild_id is not None])
            try:
                await self._ask(persona, channel)
            except (ClientRefused, LookupError, TimeoutError):
                continue  # no answer, or commands that are not there yet: the member tries again later

    async def _ask(self, persona: Persona, channel: Channel) -> None:
        command, prompt = self._request(persona, channel)
        invocation = await persona.slash(command, channel, prompt=prompt)
        self.asked.append(invocation)
        answer = await invocation.wait_message(ANSWER_SECONDS_MAX)
        if self._chance.random() < CANCELS and (button := _cancel_button(answer)):
            await persona.press(answer, button)
            self.cancels += 1

    def _request(self, persona: Persona, channel: Channel) -> tuple[str, str]:
        if self._earlier and self._chance.random() < REPEATS:
            return self._chance.choice(self._earlier[-10:])
        command = self._chance.choice(_needing_only_a_prompt(persona.commands(channel)))
        request = command, f"{self._chance.choice(SUBJECTS)} number {next(self._numbers)}"
        self._earlier.append(request)
        return request


def _needing_only_a_prompt(commands: list[dict[str, Any]]) -> list[str]:
    """List the models, as "family model", that need only a prompt. Raises LookupError if there are none."""
    found = [
        f"{command['name']} {model['name']}"
        for command in commands
        for model in command.get("options", ())
        if [one["name"] for one in model.get("options", ()) if one.get("required")] == ["prompt"]
    ]
    if not found:
        raise LookupError("no model's command is registered")
    return found


def _cancel_button(message: Message) -> str | None:
    buttons = (component for _, component in walk(message.components))
    return next((str(one["custom_id"]) for one in buttons if ":cancel:" in str(one.get("custom_id", ""))), None)
