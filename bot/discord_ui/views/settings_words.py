"""The settings of a request in a few words."""

from collections import Counter
from collections.abc import Mapping

from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.option_words import value_words
from bot.discord_ui.views.words import counted
from bot.domain.attachments import Attachment
from bot.domain.fields import FIELDS
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest

_OPTIONS = tuple(dict.fromkeys(field.option for field in FIELDS))


def settings(request: GenerationRequest) -> list[str]:
    """Return what was chosen except the prompt, each in a word or two, in the order of the options."""
    words = [word for option in _OPTIONS if (word := _setting(option, request.values.get(option))) is not None]
    files = Counter(_kind(name) for name, value in request.values.items() if isinstance(value, Attachment))
    return words + [counted(count, kind) for kind, count in files.items()]


def _setting(option: str, value: OptionValue | None) -> str | None:
    if value is None or option == "prompt" or isinstance(value, Attachment):
        return None
    if option == "duration":
        return f"{value} s"
    if option == "sound":
        return "with sound" if value else "silent"
    if isinstance(value, bool):
        return _SWITCHES.get(option, option.replace("_", " ")) if value else None
    return escape(value_words(option, value))


def _kind(option: str) -> str:
    return option.rstrip("_0123456789").replace("_", " ")


_SWITCHES: Mapping[str, str] = {"share": "shared in the directory", "return_last_frame": "with the last frame"}
