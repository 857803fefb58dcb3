"""Words for members: prompts made escape, times, and a request's settings in one line."""

from collections import Counter
from collections.abc import Mapping

import discord

from bot.discord_ui.views.message_limits import cut
from bot.domain.attachments import Attachment
from bot.domain.fields import FIELDS
from bot.domain.forecast import HeldUp
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest

HELD_UP = {
    HeldUp.PAUSED: "the queue is paused at the moment, and your request keeps its place",
    HeldUp.NO_CREDITS: "the provider account is empty at the moment; it goes on by itself once there are credits again",
    HeldUp.REFUSED: "the provider refuses this bot at the moment; its owner was told",
}
"""Why a request waits although it may be its turn."""

_ZERO_WIDTH = "\u200b"
_OPTIONS = tuple(dict.fromkeys(field.option for field in FIELDS))


def escape(text: str) -> str:
    """A member's text shown as it was typed: no markdown, no mentions, no links that unfold."""
    escaped = discord.utils.escape_markdown(text, ignore_links=False).replace("<", "\\<")
    return discord.utils.escape_mentions(escaped).replace("://", f":{_ZERO_WIDTH}//")


def excerpt(text: str, maximum: int = 200) -> str:
    """The beginning of a member's text, in one line and escape."""
    return escape(cut(text, maximum))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: "1 server", "2 servers"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def relative(at: float) -> str:
    """A moment that every reader's Discord shows as "in 3 minutes" and keeps up to date."""
    return f"<t:{round(at)}:R>"


def seconds(duration: float) -> str:
    """A waiting time in the words of a clock: "45 s", "3 min"."""
    return f"{round(duration)} s" if duration < 90 else f"{round(duration / 60)} min"


def settings(request: GenerationRequest) -> list[str]:
    """What was chosen, each in a word or two, in the order of the options; the prompt aside."""
    words = [word for option in _OPTIONS if (word := _setting(option, request.values.get(option))) is not None]
    files = Counter(_kind(name) for name, value in request.values.items() if isinstance(value, Attachment))
    return words + [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in files.items()]


def _setting(option: str, value: OptionValue | None) -> str | None:
    if value is None or option == "prompt" or isinstance(value, Attachment):
        return None
    if option == "duration":
        return f"{value} s"
    if option == "sound":
        return "with sound" if value else "silent"
    if isinstance(value, bool):
        return _SWITCHES.get(option, option.replace("_", " ")) if value else None
    return escape(str(value))


def _kind(option: str) -> str:
    return option.rstrip("_0123456789").replace("_", " ")


_SWITCHES: Mapping[str, str] = {"share": "shared in the directory", "return_last_frame": "with the last frame"}
