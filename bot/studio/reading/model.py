"""Reads one model's entry of the catalogue answer, in any of several spellings.

Each reader returns None for a fact that the entry does not state. It raises `Unreadable` for a fact that is stated but
cannot be understood, because a model that is offered wrongly is worse than one that is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.domain.capabilities import NO_INPUT, Audio, Capability, Count, Mode, Need, Span
from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.reading.known_families import known_facts
from bot.studio.reading.lenient import as_bool, as_whole, first, fold, text, texts
from bot.studio.reading.prices import read_price, with_facts
from bot.studio.reading.seconds import read_seconds

FILES_PER_KIND_MAX = 10
"""Most files of one kind that are offered, so that a command has room for its other options."""
TEXT_CHARACTERS_MAX = 500
HOLDERS = ("capabilities", "constraints", "limits", "options", "features", "parameters", "supports", "config")
SLUG = ("slug", "model_slug", "model_id", "id", "model", "key")
NAME = ("display_name", "name", "title", "label")
ENGINE = ("engine", "engine_name", "family", "model_family", "group")
MARKS = (
    *("aspect_ratios", "supported_aspect_ratios", "durations", "duration_options", "allowed_durations", "duration"),
    *("inputs", "input_types", "supported_inputs", "quality_modes", "capabilities"),
)
"""Keys that mark an object as a model."""
PRICE = ("credits", "pricing", "price", "prices", "cost", "costs", "credit_cost", "credits_cost")


class Unreadable(ValueError):
    """A model cannot be offered; the message says why."""


def read_model(entry: JsonObject, fallback_slug: str | None, fallback_engine: str | None) -> Capability:
    """Return the capability that an entry describes. Raises Unreadable."""
    stated = _flat(entry)
    slug = text(first(stated, *SLUG)) or fallback_slug
    if slug is None:
        raise Unreadable("it has no slug")
    if any(
        as_bool(first(stated, key)) is False for key in ("enabled", "active", "is_active", "available", "is_available")
    ):
        raise Unreadable("the provider says that it is not available")
    if not says_something(entry):
        raise Unreadable("it says nothing about what the model can do")
    name = text(first(stated, *NAME)) or slug
    engine = text(_name_of(first(stated, *ENGINE))) or fallback_engine or name
    known = known_facts(slug, engine, name)

    facts = {fact: value for fact, read in READERS.items() if (value := read(stated)) is not None}
    rates, price_facts = read_price(_price(stated), facts.get("quality_modes", ()))
    facts |= price_facts
    if facts.get("share_discount"):
        facts.setdefault("share", True)
    if (facts.get("orientations") or known.get("orientations")) and (seconds := facts.pop("durations", None)):
        # These lengths are those of the driving clip; a member does not choose one.
        facts["clip_seconds"] = Span(seconds[0], seconds[-1])
    assumed = tuple(sorted(fact for fact, value in known.items() if value and fact not in facts))
    facts = {**_suggested(stated), **known, **facts}
    price = with_facts(rates, facts)
    fields = {fact: value for fact, value in facts.items() if fact in Capability.__dataclass_fields__}
    return Capability(slug=slug, engine=engine, price=price, assumed=assumed, name=name, **fields)


def says_something(entry: JsonObject, *, besides_price: bool = False) -> bool:
    """Tell whether an entry states anything that a model can do, or at least what it costs."""
    return first(entry, *MARKS, *(() if besides_price else PRICE)) is not None


def _price(stated: JsonObject) -> JsonValue:
    """Return the value of the price key, or else all keys that contain "credits", such as `credits_per_second`."""
    price = first(stated, *PRICE)
    return {key: value for key, value in stated.items() if "credits" in fold(key)} if price is None else price


def _flat(entry: JsonObject) -> JsonObject:
    """Return the entry with the facts of its inner objects at the top level; outer facts win over inner ones."""
    flat: JsonObject = {}
    for holder in HOLDERS:
        held = first(entry, holder)
        if isinstance(held, dict):
            flat |= held
    return flat | {key: value for key, value in entry.items() if value is not None}


def _name_of(value: JsonValue) -> JsonValue:
    return first(value, *NAME, "slug", "id") if isinstance(value, dict) else value


def _words(*spellings: str) -> Callable[[JsonObject], tuple[str, ...] | None]:
    def read(stated: JsonObject) -> tuple[str, ...] | None:
        value = first(stated, *spellings)
        if value is None:
            return None
        words = texts(value)
        if words is None:
            raise Unreadable(f"its {spellings[0].replace('_', ' ')} cannot be read")
        # The documented model card says "not required" if there are none.
        return tuple(word for word in words if fold(word) not in ("none", "not_required", "n/a", ""))

    return read


def _flag(*spellings: str) -> Callable[[JsonObject], bool | None]:
    return lambda stated: as_bool(first(stated, *spellings))


def _description(stated: JsonObject) -> str:
    said = text(first(stated, "description", "summary", "short_description", "tagline")) or ""
    return said[:TEXT_CHARACTERS_MAX]


def _durations(stated: JsonObject) -> tuple[int, ...] | None:
    spellings = ("durations", "duration_options", "allowed_durations", "supported_durations", "duration_seconds")
    value = first(stated, *spellings, "durations_seconds", "duration_range", "duration")
    if value is None:
        least, most = first(stated, "min_duration", "duration_min"), first(stated, "max_duration", "duration_max")
        if most is None:
            return None
        value = {"min": least, "max": most}
    seconds = read_seconds(value)
    if seconds is None:
        raise Unreadable("its durations cannot be read")
    return seconds


def _prompt(stated: JsonObject) -> Need | None:
    prompt = first(stated, "prompt")
    required = as_bool(first(stated, "prompt_required", "requires_prompt"))
    if required is None and isinstance(prompt, dict):
        required = as_bool(first(prompt, "required"))
    if required is None and isinstance(prompt, str) and fold(prompt) in ("required", "optional", "none"):
        return Need(fold(prompt))
    return None if required is None else Need.REQUIRED if required else Need.OPTIONAL


def _prompt_max(stated: JsonObject) -> int | None:
    prompt = first(stated, "prompt")
    longest = as_whole(first(stated, "max_prompt_length", "prompt_max_length", "prompt_max", "prompt_limit"))
    if longest is None and isinstance(prompt, dict):
        longest = as_whole(first(prompt, "max_length", "max", "limit"))
    return longest or None


def _count(what: str) -> Callable[[JsonObject], Count | None]:
    """Make a reader of the number of files of one kind: `max_images`, `input_images: {min, max}` and the like."""
    nested = (f"input_{what}s", f"{what}s", f"{what}_count", f"input_{what}")
    plain_min = (f"min_{what}s", f"min_input_{what}s", f"{what}s_min", f"{what}_min")
    plain_max = (f"max_{what}s", f"max_input_{what}s", f"{what}s_max", f"{what}_max")

    def read(stated: JsonObject) -> Count | None:
        holder = first(stated, *nested)
        inner: Mapping[str, JsonValue] = holder if isinstance(holder, dict) else {}
        least = as_whole(first(stated, *plain_min)) or as_whole(first(inner, "min", "minimum", "at_least")) or 0
        most = as_whole(first(stated, *plain_max))
        if most is None:
            most = as_whole(first(inner, "max", "maximum", "at_most", "count")) if inner else as_whole(holder)
        if as_bool(first(stated, f"{what}_required", f"requires_{what}")):
            least = max(least, 1)
        if most is None:
            return Count(least, least) if least else None
        if least > min(most, FILES_PER_KIND_MAX):
            raise Unreadable(f"it needs {least} {what}s, which is more than it takes or than can be offered")
        return Count(least, min(most, FILES_PER_KIND_MAX))

    return read


def _audio(stated: JsonObject) -> Audio | None:
    said = first(stated, "audio", "audio_support", "sound", "supports_audio", "has_audio", "supports_sound")
    if isinstance(said, str) and fold(said) in ("native", "always", "included", "built_in"):
        return Audio.NATIVE
    if isinstance(said, str) and fold(said) in ("optional", "selectable"):
        return Audio.OPTIONAL
    return Audio.NONE if as_bool(said) is False or said == "none" else None


def _modes(stated: JsonObject) -> tuple[Mode, ...] | None:
    named = texts(first(stated, "seedance_modes", "modes"))
    modes = tuple(mode for mode in Mode if mode.value in (named or ()))
    # Other models use some of the same names. Seedance's modes are recognised by the names that only it has.
    return modes if set(modes) - {Mode.TEXT_TO_VIDEO} or named == () else None


def _frames(stated: JsonObject) -> bool | None:
    frames = texts(first(stated, "frames", "frame_inputs"))
    if frames is None:
        return as_bool(first(stated, "supports_start_end_frames", "start_end_frames", "supports_frames", "frames"))
    return any("start_frame" in fold(frame) for frame in frames)


def _inputs(stated: JsonObject) -> Sequence[str] | None:
    named = texts(first(stated, "inputs", "input_types", "supported_inputs", "input_modalities", "modalities"))
    return None if named is None else [fold(name) for name in named]


def _files(what: str) -> Callable[[JsonObject], Count | None]:
    """Make a reader of a count that is zero if the stated inputs contain no such file."""

    def read(stated: JsonObject) -> Count | None:
        count, inputs = _count(what)(stated), _inputs(stated)
        if count is None and inputs is not None and not any(what in name for name in inputs):
            return NO_INPUT
        return count

    return read


def _suggested(stated: JsonObject) -> dict[str, Any]:
    """Return facts that an entry only hints at. Statements and documented facts win over them."""
    hints: dict[str, Any] = {}
    inputs = _inputs(stated)
    if inputs:
        only = len(inputs) == 1
        hints |= {
            f"{what}s": Count(int(only), 1) for what in ("image", "video") if any(what in name for name in inputs)
        }
        if any("start" in name and "frame" in name for name in inputs):
            hints["start_end_frames"] = True
        if not any("text" in name or "prompt" in name for name in inputs):
            hints["prompt"] = Need.OPTIONAL
    if as_bool(first(stated, "supports_audio", "has_audio", "audio", "audio_support", "sound", "supports_sound")):
        hints["audio"] = Audio.OPTIONAL
    return hints


READERS: Mapping[str, Callable[[JsonObject], Any]] = {
    "description": _description,
    "aspect_ratios": _words(
        "aspect_ratios", "supported_aspect_ratios", "allowed_aspect_ratios", "aspect_ratio", "ratios"
    ),
    "durations": _durations,
    "quality_modes": _words("quality_modes", "quality_options", "supported_quality_modes", "qualities", "quality_mode"),
    "prompt": _prompt,
    "prompt_max": _prompt_max,
    "images": _files("image"),
    "videos": _files("video"),
    "audio": _audio,
    "share": _flag("supports_directory_optin", "directory_optin", "prompt_directory_optin", "directory_discount"),
    "start_end_frames": _frames,
    "modes": _modes,
    "reference_images": _count("reference_image"),
    "reference_videos": _count("reference_video"),
    "reference_audios": _count("reference_audio"),
    "orientations": _words("character_orientations", "character_orientation", "orientations"),
    "return_last_frame": _flag("supports_return_last_frame", "return_last_frame"),
}
"""The reader of each field of `Capability`."""
