"""What members read about the style of a request."""

from collections.abc import Mapping

from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.message_limits import CHOICE_MAX, cut
from bot.discord_ui.views.model_words import NAME_SHOWN
from bot.discord_ui.views.option_words import value_words
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest
from bot.domain.styles import FIXABLE, NAME_MAX, Style


def fixed_words(options: Mapping[str, OptionValue]) -> list[str]:
    """Return what a style fixes, each in a word or two: "16:9", "8 s"."""
    return [
        say("{number} s", number=options[option]) if option == "duration" else value_words(option, options[option])
        for option in FIXABLE
        if option in options
    ]


def style_label(style: Style) -> str:
    """Return the line of a style in the list: "Film noir · 16:9 · {prompt}, black and white"."""
    return cut(" · ".join([style.name, *fixed_words(style.draft.options), style.draft.template]), CHOICE_MAX)


def overruled_words(style: str, overruled: Mapping[str, OptionValue]) -> str:
    """Say that the member's own choice holds, and not what the style fixes."""
    return say(
        "The style “{style}” is made for {options}. What you chose holds.",
        style=excerpt(style, NAME_MAX),
        options=escape(" · ".join(fixed_words(overruled))),
    )


def beyond_words(style: str, model: str, beyond: Mapping[str, OptionValue]) -> str:
    """Say that the model cannot make what the style fixes, and that it is made as the model makes it."""
    return say(
        "The style “{style}” is made for {options}, which {model} leaves no choice of.",
        style=excerpt(style, NAME_MAX),
        model=excerpt(model, NAME_SHOWN),
        options=escape(" · ".join(fixed_words(beyond))),
    )


def set_by_style_words(request: GenerationRequest) -> str | None:
    """Say what the style of a request has set; None where it has set nothing."""
    if request.style is None or not request.style.fixed:
        return None
    values = {option: value for option, value in request.values.items() if option in request.style.fixed}
    return say(
        "The style “{style}” sets {options}.",
        style=excerpt(request.style.name, NAME_MAX),
        options=escape(" · ".join(fixed_words(values))),
    )
