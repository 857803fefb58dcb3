"""The settings of a request in a few words."""

from collections import Counter
from collections.abc import Mapping

from bot.discord_ui.language.speaking import mark, mark_many, say, say_many
from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.option_words import value_words
from bot.discord_ui.views.words import quoted
from bot.domain.attachments import Attachment
from bot.domain.fields import FIELDS
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest
from bot.domain.styles import NAME_MAX

_OPTIONS = tuple(dict.fromkeys(field.option for field in FIELDS))


def settings(request: GenerationRequest) -> list[str]:
    """Return what was chosen except the prompt, each in a word or two: the style, then the options in their order.

    Files that the bot itself gives are left out: nobody chose them.
    """
    style = [] if request.style is None else [style_words(request.style.name)]
    words = style + [word for option in _OPTIONS if (word := _setting(option, request.values.get(option))) is not None]
    attached = {name for name, value in request.values.items() if isinstance(value, Attachment) and not value.on_card}
    files = Counter(map(_kind, attached))
    return words + [_files(kind, count) for kind, count in files.items()]


def style_words(name: str) -> str:
    """Return the name of a style as one of a request's settings."""
    return say("style {name}", name=quoted(excerpt(name, NAME_MAX)))


def _setting(option: str, value: OptionValue | None) -> str | None:
    if value is None or option == "prompt" or isinstance(value, Attachment):
        return None
    if option == "duration":
        return say("{number} s", number=value)
    if option == "sound":
        return say("with sound") if value else say("silent")
    if isinstance(value, bool):
        if not value:
            return None
        return say(_SWITCHES[option]) if option in _SWITCHES else option.replace("_", " ")
    return escape(value_words(option, value))


def _kind(option: str) -> str:
    return option.rstrip("_0123456789")


def _files(kind: str, count: int) -> str:
    return say_many(*_FILES.get(kind, _OTHER_FILES), count)


_FILES: Mapping[str, tuple[str, str]] = {
    "image": mark_many("{count} image", "{count} images"),
    "video": mark_many("{count} video", "{count} videos"),
    "first_frame": mark_many("{count} first frame", "{count} first frames"),
    "last_frame": mark_many("{count} last frame", "{count} last frames"),
    "reference_image": mark_many("{count} reference image", "{count} reference images"),
    "reference_video": mark_many("{count} reference video", "{count} reference videos"),
    "reference_audio": mark_many("{count} reference audio", "{count} reference audios"),
}
_OTHER_FILES = mark_many("{count} file", "{count} files")


_SWITCHES: Mapping[str, str] = {
    "share": mark("shared in the directory"),
    "return_last_frame": mark("with the last frame"),
}
