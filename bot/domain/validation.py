"""Checks of a request against its model, so that nothing is sent that the provider is known to refuse.

Each option is checked by its kind first. Then the options are checked together.
"""

from collections.abc import Callable, Iterator, Mapping

from bot.domain.attachments import MEGABYTE, SIZE_BYTES_MAX, Attachment, MediaKind
from bot.domain.capabilities import Capability, Mode, Need
from bot.domain.fields import OptionKind, OptionSpec, fields_for, numbered, options_for
from bot.domain.problems import OptionValue, Problem, one_of, problem

Values = Mapping[str, OptionValue]

ORIENTATION_SECONDS_MAX: Mapping[str, int] = {"video": 30, "image": 10}
"""Longest driving clip in seconds for each `character_orientation` (provider's documentation)."""


def problems_in(values: Values, model: Capability) -> tuple[Problem, ...]:
    """Return everything that is wrong, in the order of the model's options; empty if the request can be sent."""
    specs = {spec.name: spec for spec in options_for(model)}
    needed = {field.option for field, takes in fields_for(model) if takes.needed}
    found = [_not_taken(name, values[name], model) for name in values if name not in specs]
    for spec in specs.values():
        value = values.get(spec.name)
        if value is None or (spec.kind is OptionKind.TEXT and not str(value).strip()):
            if spec.required or spec.name in needed:
                allowed = one_of(spec.choices) if spec.choices else f"given for {model.name}"
                found.append(problem(spec.name, None, allowed))
        elif (wanted := CHECKS[spec.kind](value, spec)) is not None:
            found.append(problem(spec.name, value, wanted))
    # Options are checked together only if each alone is right, so that no mistake is reported twice.
    return tuple(found) or tuple(_together(values, model))


def mode_of(values: Values) -> Mode:
    """Return the Seedance 2 mode that the attachments of a request imply (provider's documentation)."""
    if any(name.startswith("reference_") for name in values):
        return Mode.MULTIMODAL
    if "last_frame" in values:
        return Mode.FIRST_LAST_FRAME
    return Mode.FIRST_FRAME if "first_frame" in values else Mode.TEXT_TO_VIDEO


def clip_seconds_max(values: Values, model: Capability) -> int | None:
    """Return the longest driving clip in seconds with these options; None for a model without a driving clip."""
    if model.clip_seconds is None:
        return None
    by_orientation = ORIENTATION_SECONDS_MAX.get(str(values.get("orientation")), model.clip_seconds.maximum)
    return min(model.clip_seconds.maximum, by_orientation)


def _not_taken(name: str, value: OptionValue, model: Capability) -> Problem:
    given = problem(name, value, "left out").given
    return Problem(name, given, "left out", f"{model.name} has no option `{name}`, so leave it out.")


def _text(value: OptionValue, spec: OptionSpec) -> str | None:
    if not isinstance(value, str):
        return "text"
    if spec.max_length is not None and len(value) > spec.max_length:
        return f"at most {spec.max_length} characters long (it has {len(value)})"
    return None


def _choice(value: OptionValue, spec: OptionSpec) -> str | None:
    return None if isinstance(value, str) and value in spec.choices else one_of(spec.choices)


def _integer(value: OptionValue, spec: OptionSpec) -> str | None:
    # True is an int in Python, but not a length.
    whole = isinstance(value, int) and not isinstance(value, bool)
    return None if whole and value in spec.choices else one_of(spec.choices)


def _boolean(value: OptionValue, spec: OptionSpec) -> str | None:
    return None if isinstance(value, bool) else "on or off"


def _file(value: OptionValue, spec: OptionSpec) -> str | None:
    wanted = MediaKind(spec.kind.value)
    if not isinstance(value, Attachment) or value.kind is not wanted:
        return f"{'a' if wanted is MediaKind.VIDEO else 'an'} {wanted} file"
    if not value.fetchable:
        return "at an http or https address"
    if (value.size_bytes or 0) > SIZE_BYTES_MAX[wanted]:
        return f"at most {SIZE_BYTES_MAX[wanted] // MEGABYTE} MB"
    return None


CHECKS: Mapping[OptionKind, Callable[[OptionValue, OptionSpec], str | None]] = {
    OptionKind.TEXT: _text,
    OptionKind.CHOICE: _choice,
    OptionKind.INTEGER: _integer,
    OptionKind.BOOLEAN: _boolean,
    OptionKind.IMAGE: _file,
    OptionKind.VIDEO: _file,
    OptionKind.AUDIO: _file,
}
"""The check of each kind. A check returns the allowed values in words, or None if the value is allowed."""


def _together(values: Values, model: Capability) -> Iterator[Problem]:
    for field, takes in fields_for(model):
        for name in (name for name in field.names(takes) if name in values):
            for other in values:
                if numbered(other)[0] in field.not_with:
                    yield problem(other, values[other], f"left out when `{name}` is given")
            for other in field.needs:
                if other not in values:
                    yield problem(other, None, f"given when `{name}` is")
    yield from _wrong_mode(values, model)
    yield from _nothing_to_start_from(values, model)
    yield from _clip_length(values, model)


def _wrong_mode(values: Values, model: Capability) -> Iterator[Problem]:
    if not model.modes or mode_of(values) in model.modes:
        return
    wanted = "last_frame" if Mode.FIRST_LAST_FRAME in model.modes and "first_frame" in values else None
    starts = (spec.name for spec in options_for(model) if spec.name.startswith(("first_frame", "reference_")))
    option = wanted or next(starts, "prompt")
    yield problem(option, values.get(option), f"given for {model.name}")


def _nothing_to_start_from(values: Values, model: Capability) -> Iterator[Problem]:
    # Source: the provider's documentation, "Storyboard mode can start with images only". One of the two must be there.
    has_prompt = bool(str(values.get("prompt", "")).strip())
    has_file = any(isinstance(value, Attachment) for value in values.values())
    if model.prompt is Need.OPTIONAL and not has_prompt and not has_file:
        yield problem("prompt", None, f"given, or a file instead of it, for {model.name}")


def _clip_length(values: Values, model: Capability) -> Iterator[Problem]:
    clip, longest = values.get("video"), clip_seconds_max(values, model)
    if model.clip_seconds is None or longest is None or not isinstance(clip, Attachment) or clip.duration is None:
        return
    if not model.clip_seconds.minimum <= clip.duration <= longest:
        given = f"{clip.duration:g} seconds long"
        allowed = f"between {model.clip_seconds.minimum} and {longest} seconds long"
        yield Problem("video", given, allowed, f"`video` is {given}, but with these options it must be {allowed}.")
