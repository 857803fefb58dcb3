"""What is printed: who did what when, with Discord's marks turned into plain words."""

import re
import textwrap
import time

from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.walk import displayed_texts

WIDTH = 100
NAME_WIDTH = 9


class Transcript:
    """Prints lines with the seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, who: str, text: str) -> None:
        """One entry; long lines are folded and stand under one another."""
        head = f"{time.monotonic() - self._began:6.1f} s  {who:<{NAME_WIDTH}} "
        lines = [
            part for line in text.splitlines() for part in textwrap.wrap(line, WIDTH, break_on_hyphens=False) or [""]
        ]
        indent = "\n" + " " * len(head)
        print(head + indent.join(lines), flush=True)


class ChannelWatch:
    """What one person sees in one channel, and what of it is new."""

    def __init__(self, discord: DiscordSandbox, persona: Persona, channel: str) -> None:
        self._discord = discord
        self._persona = persona
        self._channel = channel
        self._shown: dict[int, str] = {}

    def text(self, message: Message) -> str:
        """Return a message in plain words."""
        text = self._plain(self._written(message))
        return f"(only {self._persona.user.name} sees this) {text}" if message.visible_to else text

    def _written(self, message: Message) -> str:
        """Its content, embeds, components and files, with Discord's marks as they were sent."""
        embeds = [str(embed.get(key, "")) for embed in message.embeds for key in ("title", "description")]
        files = [f"[{one.filename}, {one.size / 1000:.0f} kB]" for one in message.attachments]
        parts = [message.content, *embeds, *displayed_texts(message.components), *files]
        return "\n".join(part for part in parts if part)

    def news(self) -> list[Message]:
        """List the bot's messages that are new or changed since the last call."""
        fresh = []
        for message in self._persona.read(self._channel):
            # As sent, not as shown: a relative time reads differently every second.
            written = self._written(message)
            if message.author.bot and written and not message.is_loading and self._shown.get(message.id) != written:
                self._shown[message.id] = written
                fresh.append(message)
        return fresh

    def _plain(self, text: str) -> str:
        users = self._discord.world.users

        def name(match: re.Match[str]) -> str:
            user = users.get(int(match[1]))
            return f"@{user.name}" if user else match[0]

        text = re.sub(r"<@!?(\d+)>", name, text)
        text = re.sub(r"<t:(\d+)(?::\w)?>", lambda match: _moment(int(match[1])), text)
        text = re.sub(r"</([\w -]+):\d+>", r"/\1", text)
        text = re.sub(r"<a?:(\w+):\d+>", r":\1:", text)
        return without_marks(text)


def without_marks(text: str) -> str:
    """Discord's marks taken away; a mark behind a backslash is none, and stays."""
    text = re.sub(r"^(-# |#{1,3} |> )", "", text, flags=re.MULTILINE)
    return re.sub(r"\\([^a-zA-Z0-9\s])|\*\*|__|`", r"\1", text)


def _moment(at: int) -> str:
    seconds = at - round(time.time())
    if abs(seconds) >= 86_400:
        return time.strftime("%d %B %Y", time.localtime(at))
    if seconds == 0:
        return "now"
    return f"in {seconds} s" if seconds > 0 else f"{-seconds} s ago"
