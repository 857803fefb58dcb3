"""Checks of a request against its model, so that nothing is sent that the provider is known to refuse.

Each option is checked by its kind first. Then the options are checked together.
"""

from collections.abc import Callable, Iterator, Mapping

from bot.domain.attachments import MEGABYTE, SIZE_BYTES_MAX, Attachment, MediaKind
from bot.domain.capabilities import Capability, Mode, Need
from bot.domain.fields import OptionKind, OptionSpec, fields_for, numbered, options_for
from bot.domain.problems import OptionValue, Problem, Rule

Values = Mapping[str, OptionValue]

ORIENTATION_SECONDS_MAX: Mapping[str, int] = {"video": 30, "image": 10}
"""Longest driving clip in seconds for each `character_orientation` (provider's documentation)."""


def problems_in(values: Values, model: Capability) -> tuple[Problem, ...]:
    """Return everything that is wrong, in the order of the model's options; empty if the request can be sent."""
    specs = {spec.name: spec for spec in options_for(model)}
    needed = {field.option for field, takes in fields_for(model) if takes.needed}
    found = [Problem(name, values[name], Rule.KNOWN, model.name) for name in values if name not in specs]
    for spec in specs.values():
        value = values.get(spec.name)
        if value is None or (spec.kind is OptionKind.TEXT and not str(value).strip()):
            if spec.required or spec.name in needed:
                rule = Rule.ONE_OF if spec.choices else Rule.GIVEN
                found.append(Problem(spec.name, None, rule, model.name, choices=spec.choices))
        elif (problem := CHECKS[spec.kind](value, spec)) is not None:
            found.append(problem)
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


def _text(value: OptionValue, spec: OptionSpec) -> Problem | None:
    if not isinstance(value, str):
        return Problem(spec.name, value, Rule.TEXT)
    if spec.max_length is not None and len(value) > spec.max_length:
        return Problem(spec.name, value, Rule.LENGTH, most=spec.max_length)
    return None


def _choice(value: OptionValue, spec: OptionSpec) -> Problem | None:
    allowed = isinstance(value, str) and value in spec.choices
    return None if allowed else Problem(spec.name, value, Rule.ONE_OF, choices=spec.choices)


def _integer(value: OptionValue, spec: OptionSpec) -> Problem | None:
    # True is an int in Python, but not a length.
    allowed = isinstance(value, int) and not isinstance(value, bool) and value in spec.choices
    return None if allowed else Problem(spec.name, value, Rule.ONE_OF, choices=spec.choices)


def _boolean(value: OptionValue, spec: OptionSpec) -> Problem | None:
    return None if isinstance(value, bool) else Problem(spec.name, value, Rule.SWITCH)


def _file(value: OptionValue, spec: OptionSpec) -> Problem | None:
    wanted = MediaKind(spec.kind.value)
    if not isinstance(value, Attachment) or value.kind is not wanted:
        return Problem(spec.name, value, Rule.KIND, kind=wanted)
    if not value.fetchable:
        return Problem(spec.name, value, Rule.ADDRESS)
    if (value.size_bytes or 0) > SIZE_BYTES_MAX[wanted]:
        return Problem(spec.name, value, Rule.SIZE, most=SIZE_BYTES_MAX[wanted] // MEGABYTE)
    return None


CHECKS: Mapping[OptionKind, Callable[[OptionValue, OptionSpec], Problem | None]] = {
    OptionKind.TEXT: _text,
    OptionKind.CHOICE: _choice,
    OptionKind.INTEGER: _integer,
    OptionKind.BOOLEAN: _boolean,
    OptionKind.IMAGE: _file,
    OptionKind.VIDEO: _file,
    OptionKind.AUDIO: _file,
}
"""The check of each kind. A check returns None if the value is allowed."""


def _together(values: Values, model: Capability) -> Iterator[Problem]:
    for field, takes in fields_for(model):
        for name in (name for name in field.names(takes) if name in values):
            for other in values:
                if numbered(other)[0] in field.not_with:
                    yield Problem(other, values[other], Rule.NOT_WITH, other=name)
            for other in field.needs:
                if other not in values:
                    yield Problem(other, None, Rule.GIVEN_WITH, other=name)
    yield from _wrong_mode(values, model)
    yield from _nothing_to_start_from(values, model)
    yield from _clip_length(values, model)


def _wrong_mode(values: Values, model: Capability) -> Iterator[Problem]:
    if not model.modes or mode_of(values) in model.modes:
        return
    wanted = "last_frame" if Mode.FIRST_LAST_FRAME in model.modes and "first_frame" in values else None
    starts = (spec.name for spec in options_for(model) if spec.name.startswith(("first_frame", "reference_")))
    option = wanted or next(starts, "prompt")
    yield Problem(option, values.get(option), Rule.GIVEN, model.name)


def _nothing_to_start_from(values: Values, model: Capability) -> Iterator[Problem]:
    # Source: the provider's documentation, "Storyboard mode can start with images only". One of the two must be there.
    has_prompt = bool(str(values.get("prompt", "")).strip())
    has_file = any(isinstance(value, Attachment) for value in values.values())
    if model.prompt is Need.OPTIONAL and not has_prompt and not has_file:
        yield Problem("prompt", None, Rule.GIVEN_OR_FILE, model.name)


def _clip_length(values: Values, model: Capability) -> Iterator[Problem]:
    clip, longest = values.get("video"), clip_seconds_max(values, model)
    if model.clip_seconds is None or longest is None or not isinstance(clip, Attachment) or clip.duration is None:
        return
    if not model.clip_seconds.minimum <= clip.duration <= longest:
        yield Problem("video", clip, Rule.SECONDS, least=model.clip_seconds.minimum, most=longest)
