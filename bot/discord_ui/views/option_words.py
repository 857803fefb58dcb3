"""What the options of a model's command mean, and what their choices are called."""

from collections.abc import Mapping

from bot.discord_ui.views.model_words import price_words
from bot.discord_ui.views.quota_words import amount_words
from bot.domain.attachments import MediaKind
from bot.domain.capabilities import Capability, Need
from bot.domain.fields import OptionKind, OptionSpec, numbered
from bot.domain.pricing import price_span
from bot.domain.problems import OptionValue
from bot.domain.validation import ORIENTATION_SECONDS_MAX

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_VALUES: Mapping[str, Mapping[str, str]] = {
    "quality": {"std": "Standard", "pro": "Pro", "standard": "Standard", "high": "High", "fast": "Fast"},
    "orientation": {"video": "As in the clip", "image": "As in the image"},
}
"""The provider's words that a member would not know, by option."""
_PRICED = ("duration", "quality")
"""Options of which each choice may have a price of its own."""


def option_words(model: Capability, spec: OptionSpec) -> str:
    """Return what an option does, true to this model."""
    option, number = numbered(spec.name)
    match option:
        case "prompt":
            return "What the video shows; a file can stand in its place" if model.prompt is Need.OPTIONAL else _PROMPT
        case "image":
            return _image(model, number)
        case "video":
            return _clip(model, number)
        case "aspect_ratio":
            return "Width to height; left out, it follows your image" if model.images.maximum else "Width to height"
        case "duration":
            spans = [price_span(model, {"duration": end}) for end in (spec.choices[0], spec.choices[-1])]
            return (
                "Length in seconds; a longer video costs more"
                if spans[0].highest < spans[1].highest
                else "Length in seconds"
            )
        case "sound":
            silent, loud = (price_span(model, {"sound": sound}) for sound in (False, True))
            return "With sound, which costs more" if silent.certain and loud.highest > silent.highest else "With sound"
        case "share":
            return _share(model.price.share_discount)
        case "first_frame":
            replaced = " (in place of image)" if model.images.maximum else ""
            return f"The image that the video starts with{replaced}"
        case "last_frame":
            return "The image that the video ends with; needs first_frame"
        case "reference_image" | "reference_video" | "reference_audio":
            return _REFERENCES[spec.kind].format(one=_one_more(number, spec.kind))
    return _OTHERS.get(option, "")


def value_words(option: str, value: OptionValue) -> str:
    """Return a choice in words: "Pro" for `pro`. A value without words of its own is shown as it is."""
    return _VALUES.get(option, {}).get(str(value), str(value))


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


_PROMPT = "What the video shows"
_REFERENCES = {
    OptionKind.IMAGE: "{one} to take people, things or style from",
    OptionKind.VIDEO: "{one} to take motion or style from",
    OptionKind.AUDIO: "{one} to take voice or music from",
}
_NOUNS = {OptionKind.IMAGE: "image", OptionKind.VIDEO: "clip", OptionKind.AUDIO: "recording"}
_OTHERS = {
    "quality": "Quality of the video",
    "orientation": (
        f"Which way the character faces: as in the clip (up to {ORIENTATION_SECONDS_MAX[MediaKind.VIDEO]} s) "
        f"or as in the image (up to {ORIENTATION_SECONDS_MAX[MediaKind.IMAGE]} s)"
    ),
    "return_last_frame": "Also return the last frame as an image",
}


def _image(model: Capability, number: int) -> str:
    if model.clip_seconds is not None:
        return "The character that moves as in the clip"
    if model.prompt is Need.OPTIONAL:
        return f"The {_ordinal(number)} image of the storyboard"
    return "The image to start from" if number == 1 else f"{_one_more(number, OptionKind.IMAGE)} beside the first one"


def _clip(model: Capability, number: int) -> str:
    if model.clip_seconds is not None:
        shortest, longest = model.clip_seconds.minimum, model.clip_seconds.maximum
        return f"The clip whose movement the character copies, {shortest} to {longest} s"
    return "The clip to make anew" if number == 1 else f"{_one_more(number, OptionKind.VIDEO)} beside the first one"


def _share(discount: int) -> str:
    cheaper = f"{amount_words(discount)} less" if discount else "at a discount"
    return f"Publish prompt and video in the provider's public directory, for everybody: {cheaper}"


def _one_more(number: int, kind: OptionKind) -> str:
    noun = _NOUNS[kind]
    if number > 1:
        return f"A {_ordinal(number)} {noun}"
    return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun}"


def _ordinal(number: int) -> str:
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"


def _unit(spec: OptionSpec, words: str) -> str:
    return f"{words} s" if spec.name == "duration" else words
