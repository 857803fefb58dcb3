"""What the options of a model's command mean, and what their choices are called."""

from collections.abc import Mapping

from bot.discord_ui.language.speaking import mark, mark_on, say, say_on
from bot.discord_ui.views.model_words import price_words
from bot.discord_ui.views.quota_words import amount_words
from bot.domain.attachments import MediaKind
from bot.domain.capabilities import Capability, Need
from bot.domain.fields import OptionKind, OptionSpec, numbered
from bot.domain.pricing import price_span
from bot.domain.problems import OptionValue
from bot.domain.validation import ORIENTATION_SECONDS_MAX

_ORDINALS = (
    mark("first"),
    mark("second"),
    mark("third"),
    mark("fourth"),
    mark("fifth"),
    mark("sixth"),
    mark("seventh"),
    mark("eighth"),
    mark("ninth"),
    mark("tenth"),
)
"""A sentence with `{ordinal}` may name `{number}` instead in another language."""
_VALUES: Mapping[str, Mapping[str, str]] = {
    "quality": {
        "std": mark_on("choice", "Standard"),
        "pro": mark_on("choice", "Pro"),
        "standard": mark_on("choice", "Standard"),
        "high": mark_on("choice", "High"),
        "fast": mark_on("choice", "Fast"),
    },
    "orientation": {"video": mark_on("choice", "As in the clip"), "image": mark_on("choice", "As in the image")},
}
"""The provider's words that a member would not know, by option."""
_PRICED = ("duration", "quality")
"""Options of which each choice may have a price of its own."""


def option_words(model: Capability, spec: OptionSpec) -> str:
    """Return what an option does, true to this model."""
    option, number = numbered(spec.name)
    match option:
        case "prompt":
            if model.prompt is Need.OPTIONAL:
                return say_on("command", "What the video shows; a file can stand in its place")
            return say_on("command", "What the video shows")
        case "image":
            return _image(model, number)
        case "video":
            return _clip(model, number)
        case "aspect_ratio":
            if model.images.maximum:
                return say_on("command", "Width to height; left out, it follows your image")
            return say_on("command", "Width to height")
        case "duration":
            spans = [price_span(model, {"duration": end}) for end in (spec.choices[0], spec.choices[-1])]
            if spans[0].highest < spans[1].highest:
                return say_on("command", "Length in seconds; a longer video costs more")
            return say_on("command", "Length in seconds")
        case "sound":
            silent, loud = (price_span(model, {"sound": sound}) for sound in (False, True))
            if silent.certain and loud.highest > silent.highest:
                return say_on("command", "With sound, which costs more")
            return say_on("command", "With sound")
        case "share":
            return _share(model.price.share_discount)
        case "first_frame":
            if model.images.maximum:
                return say_on("command", "The image that the video starts with (in place of {option})", option="image")
            return say_on("command", "The image that the video starts with")
        case "last_frame":
            return say_on("command", "The image that the video ends with; needs {option}", option="first_frame")
        case "reference_image" | "reference_video" | "reference_audio":
            return _numbered(_REFERENCES[spec.kind], number)
        case "quality":
            return say_on("command", "Quality of the video")
        case "orientation":
            return say_on(
                "command",
                "Which way the character faces: as in the clip (up to {clip} s) or as in the image (up to {image} s)",
                clip=ORIENTATION_SECONDS_MAX[MediaKind.VIDEO],
                image=ORIENTATION_SECONDS_MAX[MediaKind.IMAGE],
            )
        case "return_last_frame":
            return say_on("command", "Also return the last frame as an image")
    return ""


def value_words(option: str, value: OptionValue) -> str:
    """Return a choice in words: "Pro" for `pro`. A value without words of its own is shown as it is."""
    words = _VALUES.get(option, {}).get(str(value))
    return str(value) if words is None else say_on("choice", words)


def choice_words(model: Capability, spec: OptionSpec) -> Mapping[str | int, str]:
    """Return the label of each choice of an option, with its price where that differs: "Pro · 120 to 600 credits"."""
    labels = {choice: _unit(spec, value_words(spec.name, choice)) for choice in spec.choices}
    if len(set(labels.values())) < len(labels):
        labels = {choice: str(choice) for choice in spec.choices}
    if spec.name not in _PRICED:
        return labels
    spans = {choice: price_span(model, {spec.name: choice}) for choice in spec.choices}
    if len(set(spans.values())) < 2 or not all(span.certain for span in spans.values()):
        return labels
    return {choice: f"{label} · {price_words(model, {spec.name: choice})}" for choice, label in labels.items()}


_REFERENCES = {
    OptionKind.IMAGE: (
        mark_on("command", "An image to take people, things or style from"),
        mark_on("command", "A {ordinal} image to take people, things or style from"),
    ),
    OptionKind.VIDEO: (
        mark_on("command", "A clip to take motion or style from"),
        mark_on("command", "A {ordinal} clip to take motion or style from"),
    ),
    OptionKind.AUDIO: (
        mark_on("command", "A recording to take voice or music from"),
        mark_on("command", "A {ordinal} recording to take voice or music from"),
    ),
}


def _image(model: Capability, number: int) -> str:
    if model.clip_seconds is not None:
        return say_on("command", "The character that moves as in the clip")
    if model.prompt is Need.OPTIONAL:
        ordinal = _ordinal(number)
        return say_on("command", "The {ordinal} image of the storyboard", ordinal=ordinal, number=number)
    if number == 1:
        return say_on("command", "The image to start from")
    return say_on("command", "A {ordinal} image beside the first one", ordinal=_ordinal(number), number=number)


def _clip(model: Capability, number: int) -> str:
    if model.clip_seconds is not None:
        shortest, longest = model.clip_seconds.minimum, model.clip_seconds.maximum
        return say_on(
            "command", "The clip whose movement the character copies, {low} to {high} s", low=shortest, high=longest
        )
    if number == 1:
        return say_on("command", "The clip to make anew")
    return say_on("command", "A {ordinal} clip beside the first one", ordinal=_ordinal(number), number=number)


def _share(discount: int) -> str:
    if discount:
        return say_on(
            "command",
            "Publish prompt and video in the provider's public directory, for everybody; discount: {credits}",
            credits=amount_words(discount),
        )
    return say_on(
        "command", "Publish prompt and video in the provider's public directory, for everybody: at a discount"
    )


def _numbered(words: tuple[str, str], number: int) -> str:
    first, further = words
    return say_on("command", first if number == 1 else further, ordinal=_ordinal(number), number=number)


def _ordinal(number: int) -> str:
    return say(_ORDINALS[number - 1]) if number <= len(_ORDINALS) else say("{number}th", number=number)


def _unit(spec: OptionSpec, words: str) -> str:
    return say("{number} s", number=words) if spec.name == "duration" else words
