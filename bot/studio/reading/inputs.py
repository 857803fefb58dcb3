"""Reads which files a model takes, and how many."""

import re
from dataclasses import dataclass
from typing import Any

from bot.domain.capabilities import NO_INPUT, Count, Need
from bot.domain.json_value import JsonValue
from bot.studio.reading.lenient import as_bool, as_whole, first_read, fold, texts
from bot.studio.reading.stated import Stated

FILES_PER_KIND_MAX = 10
"""Most files of one kind that are offered, so that a command has room for its other options."""
LISTS = (
    *("inputs", "input", "input_types", "input_type", "supported_inputs", "accepted_inputs", "input_modalities"),
    *("input_modes", "accepts", "supported_modes", "generation_modes", "generation_types", "workflows"),
    *("tasks", "modes", "mode", "capabilities", "features", "supports", "supported"),
)
"""Keys of a list of inputs or workflows. `inputs` is on the documented model card."""
REQUIRED_LISTS = ("required", "required_fields", "required_inputs", "required_parameters")
WORKFLOWS = {
    "t2v": "text_to_video", "i2v": "image_to_video", "v2v": "video_to_video", "remix": "video_to_video",
    "video_remix": "video_to_video", "img2video": "image_to_video", "txt2video": "text_to_video",
}  # fmt: skip


NO_FILES = ("audio", "sound", "none", "native_audio")
"""Words of a list that name no file that could be attached."""
_WORD = re.compile(
    r"(?:input_|source_|driving_)?(text|prompt|image|photo|picture|video|clip)s?(?:_(?:url|input|prompt|file|upload)s?)?"
)
_KIND_OF = {"prompt": "text", "photo": "image", "picture": "image", "clip": "video"}


class UnreadableInputs(ValueError):
    """The stated inputs contradict each other; the message says how."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The kinds of input that an entry states, as "text", "image", "video" and "start_frame".

    `exact` is True if no other files are taken. `workflows` is True if the entry states workflows, such as
    "image_to_video", or bounds of files, which say nothing about the prompt.
    """

    kinds: frozenset[str]
    exact: bool
    workflows: bool


def read_inputs(stated: Stated) -> Inputs | None:
    """Return the inputs that an entry lists or has as flags; None if it states none."""
    listed = stated.read(_listed, *LISTS)
    flags = {kind: flag for kind in ("text", "image", "video") if (flag := _flag(stated, kind)) is not None}
    if flags == {"video": True} and not ("video_to_video" in stated or "v2v" in stated):
        flags = {}  # every model of this list makes videos
    if listed is None and not flags:
        return None
    listed = listed or Inputs(frozenset(), exact=False, workflows=any(f"{kind}_to_video" in stated for kind in flags))
    kinds = (listed.kinds | {kind for kind, flag in flags.items() if flag}) - {
        kind for kind, flag in flags.items() if not flag
    }
    return Inputs(kinds, listed.exact or set(flags) >= {"text", "image", "video"}, listed.workflows)


def read_files(stated: Stated, inputs: Inputs | None, what: str) -> Count | None:
    """Return the number of files of a kind ("image" or "video"); None if the entry does not state it.

    Raises UnreadableInputs if the model needs more files than it takes or than can be offered.
    """
    count = read_count(stated, what)
    excluded = _flag(stated, what) is False or (inputs is not None and inputs.exact and what not in inputs.kinds)
    if count is None and excluded and not (inputs is not None and what in inputs.kinds):
        return NO_INPUT
    return count


def read_count(stated: Stated, what: str) -> Count | None:
    """Return a number of files from `max_images`, `input_images: {min, max}`, `requires_image` and the like."""
    names = [f"input_{what}_urls", f"{what}_urls", f"input_{what}s", f"{what}s", f"{what}_count", f"input_{what}", what]
    names += [f"{what}_inputs", f"{what}_input", f"num_{what}s"]
    inner = stated.read(_bounds, *names) or (None, None, None)
    least = _first_number(stated, "min", what)
    most = _first_number(stated, "max", what)
    least, most = least if least is not None else inner[0], most if most is not None else inner[1]
    required = stated.read(
        as_bool, f"{what}_required", f"requires_{what}", f"requires_{what}s", f"needs_{what}", f"requires_input_{what}",
        f"requires_{what}_input", f"input_{what}_required", f"{what}_input_required",
    )  # fmt: skip
    needed = stated.read(lambda value: any(name in (texts(value) or ()) for name in names) or None, *REQUIRED_LISTS)
    if required or inner[2] or needed:
        least = max(least or 0, 1)
    if most is None:
        return Count(least, least) if least else None
    least = least or 0
    if least > min(most, FILES_PER_KIND_MAX):
        raise UnreadableInputs(f"it needs {least} {what}s, which is more than it takes or than can be offered")
    return Count(least, min(most, FILES_PER_KIND_MAX))


def suggested_by(inputs: Inputs | None) -> dict[str, Any]:
    """Return facts that a list of inputs only hints at. Statements and documented facts win over them."""
    if inputs is None or not inputs.kinds:
        return {}
    files = inputs.kinds & {"image", "video"}
    hints: dict[str, Any] = {f"{what}s": Count(int(inputs.kinds == {what}), 1) for what in files}
    if "start_frame" in inputs.kinds:
        hints["start_end_frames"] = True
    if inputs.exact and files and "text" not in inputs.kinds and not inputs.workflows:
        hints["prompt"] = Need.OPTIONAL
    return hints


def _flag(stated: Stated, kind: str) -> bool | None:
    """Return whether a kind of input is taken, as far as a flag states it."""
    return stated.read(
        _yes_or_no, f"{kind}_to_video", f"supports_{kind}_to_video", f"supports_{kind}", f"supports_{kind}s",
        f"supports_{kind}_input", f"supports_{kind}_inputs", f"{kind}_input", f"accepts_{kind}", f"accepts_{kind}s",
        f"allows_{kind}", f"has_{kind}_input", f"{kind}_supported", kind,
        *(short for short, workflow in WORKFLOWS.items() if workflow == f"{kind}_to_video"),
    )  # fmt: skip


def _yes_or_no(value: JsonValue) -> bool | None:
    if isinstance(value, dict):
        return first_read(value, as_bool, "supported", "enabled", "available", "allowed")
    if isinstance(value, str) and fold(value.strip()) in ("required", "optional", "supported"):
        return True
    if isinstance(value, str) and fold(value.strip()) in ("none", "not_supported", "unsupported"):
        return False
    return None if isinstance(value, (int, float)) and not isinstance(value, bool) else as_bool(value)


def _listed(value: JsonValue) -> Inputs | None:
    """Return the inputs that a list of words names; None if it names none."""
    bounds = isinstance(value, dict) and any(isinstance(entry, dict) for entry in value.values())
    if isinstance(value, dict):
        # {"text": true, "image": false}, or {"image": {"min": 0, "max": 2}}, which says nothing about the prompt
        value = [key for key, entry in value.items() if entry not in (False, None, 0)]
    words = [WORKFLOWS.get(fold(word), fold(word)) for word in texts(value) or ()]
    named = [_kinds_of(word) for word in words]
    kinds = frozenset().union(*named)
    known = all(kinds_of_word or word in NO_FILES for word, kinds_of_word in zip(words, named, strict=True))
    if not kinds:
        return None
    return Inputs(kinds, known and bool(kinds - {"start_frame"}), bounds or any("_to_video" in word for word in words))


def _kinds_of(word: str) -> frozenset[str]:
    """Return the kinds of input that a word names: "input_images", "image_and_text_to_video", "start frame"."""
    source, workflow, _ = word.partition("_to_video")
    if workflow:
        return frozenset(kind for kind in ("text", "image", "video") if kind in source)
    if "frame" in source and ("start" in source or "first" in source or "end" in source or "last" in source):
        return frozenset(("start_frame",))
    file = _WORD.fullmatch(source)
    return frozenset((_KIND_OF.get(file[1], file[1]),)) if file else frozenset()


def _bounds(value: JsonValue) -> tuple[int | None, int | None, bool | None] | None:
    """Return the least and the greatest number of files, and whether one is required."""
    if isinstance(value, dict):
        least = first_read(value, as_whole, "min", "minimum", "min_items", "at_least", "min_count")
        most = first_read(value, as_whole, "max", "maximum", "max_items", "at_most", "max_count", "count", "limit")
        required = first_read(value, as_bool, "required", "is_required")
        return None if least is None and most is None and required is None else (least, most, required)
    if isinstance(value, str) and fold(value.strip()) == "required":
        return (None, None, True)
    if isinstance(value, list) and len(value) == 2 and all(isinstance(end, int) for end in value):
        return (as_whole(value[0]), as_whole(value[1]), None)
    if isinstance(value, str) and (span := re.fullmatch(r"\s*(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})\s*", value)):
        return (int(span[1]), int(span[2]), None)
    number = None if isinstance(value, bool) else as_whole(value)
    return None if number is None else (None, number, None)


def _first_number(stated: Stated, end: str, what: str) -> int | None:
    return stated.read(
        as_whole, f"{end}_{what}s", f"{end}_input_{what}s", f"{what}s_{end}", f"{what}_{end}", f"{end}_{what}_count",
        f"{what}_{end}_count", f"{end}_{what}_inputs", f"{end}_{what}_urls", f"{end}_input_{what}_urls",
        f"{end}_number_of_{what}s", f"{end}imum_{what}s",
    )  # fmt: skip
