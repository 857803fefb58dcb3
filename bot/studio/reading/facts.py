"""Reads the facts of a model from its entry, in any of several spellings.

Each reader returns None for a fact that the entry does not state. It raises `Unreadable` for a fact that is stated but
cannot be understood, because a model that is offered wrongly is worse than one that is left out.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.capabilities import Audio, Mode, Need
from bot.domain.json_value import JsonValue
from bot.studio.reading.inputs import read_count, read_files, read_inputs
from bot.studio.reading.lenient import as_bool, as_whole, first, first_read, fold, text, texts
from bot.studio.reading.seconds import read_seconds
from bot.studio.reading.stated import Stated

RATIOS = (
    *("aspect_ratios", "supported_aspect_ratios", "allowed_aspect_ratios", "available_aspect_ratios"),
    *("aspect_ratio_options", "aspect_ratio_choices", "aspect_ratio", "ratios", "ratio_options", "supported_ratios"),
    *("allowed_ratios", "ratio", "aspects"),
)
LENGTHS = (
    *("durations", "duration_options", "allowed_durations", "supported_durations", "available_durations"),
    *("duration_choices", "durations_seconds", "duration_seconds", "allowed_duration_seconds", "duration_secs"),
    *("duration_range", "duration_range_seconds", "duration_limits", "duration", "lengths", "video_lengths"),
    *("clip_lengths", "length", "seconds"),
)
LENGTH_ENDS = ("duration", "duration_seconds", "durations", "seconds", "length")
QUALITIES = (
    *("quality_modes", "quality_options", "quality_mode_options", "supported_quality_modes", "allowed_quality_modes"),
    *("available_quality_modes", "quality_choices", "qualities", "quality_levels", "quality_mode"),
    *("resolutions", "resolution_options", "supported_resolutions", "allowed_resolutions"),
)
MARKS = frozenset((*RATIOS, *LENGTHS, *QUALITIES)) | frozenset((
    *("inputs", "input_types", "supported_inputs", "capabilities", "input_modes", "generation_modes", "constraints"),
    *("max_duration", "max_duration_seconds", "text_to_video", "image_to_video", "supports_text", "supports_image"),
    *("max_images", "max_input_images", "parameters", "supported_modes", "attributes", "input_schema"),
))  # fmt: skip
"""Keys that mark an object as a model."""
NO_CHOICE = frozenset(("none", "not_required", "n/a", "na", "", "null", "false", "any_from_input", "not_chosen"))
"""Words that say that there is nothing to choose. The documented model card says "not required"."""


class Unreadable(ValueError):
    """A model cannot be offered; the message says why."""


def _words(what: str, *spellings: str) -> Callable[[Stated], tuple[str, ...] | None]:
    def read(stated: Stated) -> tuple[str, ...] | None:
        words = stated.read(_choices, *spellings)
        if words is None and stated.first(*spellings) is not None:
            raise Unreadable(f"its {what} cannot be read")
        return words

    return read


def _choices(value: JsonValue) -> tuple[str, ...] | None:
    """Return the words that may be chosen; empty if the value says that there is no choice."""
    if value is False:
        return ()
    words = texts(value)
    if words is None or (isinstance(value, (list, dict)) and value and not words):
        return None
    return tuple(
        word for word in words if fold(word) not in NO_CHOICE and not fold(word).startswith(("from_", "same_"))
    )


def _qualities(stated: Stated) -> tuple[str, ...] | None:
    words = _words("quality modes", *QUALITIES)(stated)
    if words is None:
        # A plain word under these keys describes the video; only several, or a description, are a choice.
        words = stated.read(lambda value: None if isinstance(value, str) else _choices(value), "quality", "resolution")
    # Some call them modes; those of Seedance and workflows such as "image_to_video" are something else.
    return words or stated.read(_quality_words, "modes", "mode") or words


def _quality_words(value: JsonValue) -> tuple[str, ...] | None:
    words = texts(value) or ()
    known = re.compile(r"\d{3,4}p|[248]k|std|standard|pro|high|low|medium|fast|quality|turbo|lite|hd|fhd|uhd|sd|basic")
    return words if words and all(known.fullmatch(fold(word)) for word in words) else None


def _flag(*spellings: str) -> Callable[[Stated], bool | None]:
    return lambda stated: stated.read(as_bool, *spellings)


def _description(stated: Stated) -> str | None:
    return stated.read(text, "description", "summary", "short_description", "tagline")


def _durations(stated: Stated) -> tuple[int, ...] | None:
    found = stated.first(*LENGTHS)
    if found is not None:
        key, value = found
        if isinstance(value, list) and len(value) == 2 and ("range" in key or "limit" in key):
            value = {"min": value[0], "max": value[1]}
        seconds = read_seconds(value)
        if seconds is None:
            raise Unreadable("its durations cannot be read")
        stated.understood(key)
        return seconds
    least, most = (
        stated.read(as_whole, *(form for name in LENGTH_ENDS for form in (f"{end}_{name}", f"{name}_{end}")))
        for end in ("min", "max")
    )
    if most is None:
        return None
    return read_seconds({"min": least, "max": most, "step": stated.read(as_whole, "duration_step", "step_seconds")})


def _prompt(stated: Stated) -> Need | None:
    required = stated.read(as_bool, "prompt_required", "requires_prompt", "prompt_is_required")
    if required is None and (optional := stated.read(as_bool, "prompt_optional")) is not None:
        required = not optional
    if required is not None:
        return Need.REQUIRED if required else Need.OPTIONAL
    return stated.read(_prompt_need, "prompt")


def _prompt_need(value: JsonValue) -> Need | None:
    if isinstance(value, dict):
        required = first_read(value, as_bool, "required", "is_required")
        return None if required is None else Need.REQUIRED if required else Need.OPTIONAL
    return Need(fold(value)) if isinstance(value, str) and fold(value) in ("required", "optional", "none") else None


def _prompt_max(stated: Stated) -> int | None:
    longest = stated.read(
        as_whole, "max_prompt_length", "prompt_max_length", "prompt_max", "prompt_limit", "max_prompt_chars",
        "max_prompt_characters", "prompt_max_chars", "prompt_character_limit", "prompt_length",
    )  # fmt: skip
    return longest or stated.read(_prompt_length, "prompt") or None


def _prompt_length(value: JsonValue) -> int | None:
    if not isinstance(value, dict):
        return as_whole(value) if isinstance(value, int) and not isinstance(value, bool) else None
    return first_read(value, as_whole, "max_length", "max", "limit", "maximum", "max_chars", "max_characters")


def _audio(stated: Stated) -> Audio | None:
    if stated.read(as_bool, "native_audio", "audio_native", "has_native_audio", "generates_audio", "audio_included"):
        return Audio.NATIVE
    if stated.read(as_bool, "audio_optional", "sound_optional", "audio_toggle", "sound_toggle", "optional_audio"):
        return Audio.OPTIONAL
    return stated.read(_audio_word, *SOUNDS)


SOUNDS = (
    *("audio", "audio_support", "sound", "supports_audio", "has_audio", "supports_sound", "sound_support"),
    *("audio_supported", "has_sound", "with_audio", "audio_generation"),
)


def _audio_word(value: JsonValue) -> Audio | None:
    if isinstance(value, dict):
        if first_read(value, as_bool, "native", "always", "included"):
            return Audio.NATIVE
        if first_read(value, as_bool, "optional", "selectable", "toggle") or first(value, "default") is not None:
            return Audio.OPTIONAL
        value = first(value, "type", "mode", "support", "kind", "supported", "enabled", "available")
    word = fold(value.strip()) if isinstance(value, str) else None
    if word in ("native", "always", "included", "built_in", "builtin", "automatic", "always_on"):
        return Audio.NATIVE
    if word in ("optional", "selectable", "toggle", "boolean"):
        return Audio.OPTIONAL
    return Audio.NONE if as_bool(value) is False or word in ("none", "not_supported", "unsupported", "silent") else None


def _modes(stated: Stated) -> tuple[Mode, ...] | None:
    return stated.read(_seedance_modes, "seedance_modes", "seedance_mode", "modes")


def _seedance_modes(value: JsonValue) -> tuple[Mode, ...] | None:
    named = texts(value)
    modes = tuple(mode for mode in Mode if mode.value in (named or ()))
    # Other models use some of the same names. Seedance's modes are recognised by the names that only it has.
    return modes if set(modes) - {Mode.TEXT_TO_VIDEO} or named == () else None


def _frames(stated: Stated) -> bool | None:
    flag = stated.read(as_bool, "supports_start_end_frames", "start_end_frames", "supports_frames", "frames")
    if flag is not None:
        return flag
    if "start_frame_url" in stated or "end_frame_url" in stated:
        stated.understood("start_frame_url", "end_frame_url")
        return True
    frames = stated.read(texts, "frames", "frame_inputs")
    return None if frames is None else any("start_frame" in fold(frame) for frame in frames)


READERS: Mapping[str, Callable[[Stated], Any]] = {
    "description": _description,
    "aspect_ratios": _words("aspect ratios", *RATIOS),
    "durations": _durations,
    "quality_modes": _qualities,
    "prompt": _prompt,
    "prompt_max": _prompt_max,
    "images": lambda stated: read_files(stated, read_inputs(stated), "image"),
    "videos": lambda stated: read_files(stated, read_inputs(stated), "video"),
    "audio": _audio,
    "share": _flag("supports_directory_optin", "directory_optin", "prompt_directory_optin", "directory_discount"),
    "start_end_frames": _frames,
    "modes": _modes,
    "reference_images": lambda stated: read_count(stated, "reference_image"),
    "reference_videos": lambda stated: read_count(stated, "reference_video"),
    "reference_audios": lambda stated: read_count(stated, "reference_audio"),
    "orientations": _words("orientations", "character_orientations", "character_orientation", "orientations"),
    "return_last_frame": _flag("supports_return_last_frame", "return_last_frame"),
}
"""The reader of each field of `Capability`."""
