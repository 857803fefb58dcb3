"""Which option of a model each saved picture is given to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.capabilities import Capability
from bot.domain.cast import CAST_OPTION, IN_REQUEST_MAX, REQUEST_BYTES_MAX, CastPicture, Named
from bot.domain.fields import OptionKind, fields_for, numbered, options_for
from bot.domain.problems import OptionValue, Problem, Rule
from bot.domain.request import excluded_by

_FIRST = ("reference_image", "image", "first_frame")
"""The kinds of options that pictures go to by themselves, the first that a model takes. A last frame is only given on
purpose."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The options of a request with saved pictures in them, and what is wrong."""

    values: Mapping[str, OptionValue]
    problems: tuple[Problem, ...] = ()


def takes_pictures(model: Capability) -> bool:
    """Return whether a model takes any image."""
    return bool(picture_kinds(model))


def picture_kinds(model: Capability) -> tuple[str, ...]:
    """Return the kinds of image options that a model has, those first that pictures go to by themselves."""
    kinds = dict.fromkeys(numbered(spec.name)[0] for spec in options_for(model) if spec.kind is OptionKind.IMAGE)
    return tuple(sorted(kinds, key=lambda kind: _FIRST.index(kind) if kind in _FIRST else len(_FIRST)))


def place(values: Mapping[str, OptionValue], wanted: Sequence[tuple[Named, CastPicture]], model: Capability) -> Placed:
    """Give each picture to the option that is named for it, else to the first one that is free.

    Options that the command has no room to show are filled, too.
    """
    if len(wanted) > IN_REQUEST_MAX:
        return Placed(values, (Problem(CAST_OPTION, None, Rule.CAST_COUNT, most=IN_REQUEST_MAX),))
    if sum({one.digest: one.size_bytes for _, one in wanted}.values()) > REQUEST_BYTES_MAX:
        return Placed(values, (Problem(CAST_OPTION, None, Rule.CAST_SIZE, most=REQUEST_BYTES_MAX // 1_000_000),))
    filled = dict(values)
    for named, picture in wanted:
        option = _free(filled, named.option, model)
        if option is None:
            problem = Problem(CAST_OPTION, picture.name, Rule.CAST_ROOM, model.name, other=named.option or "")
            return Placed(values, (problem,))
        filled[option] = picture.attachment
    return Placed(filled)


def _free(values: Mapping[str, OptionValue], wanted: str | None, model: Capability) -> str | None:
    """Return the first option that takes one more picture: `wanted` or one of its kind, else of any of _FIRST."""
    images = [spec.name for spec in options_for(model) if spec.kind is OptionKind.IMAGE and spec.name not in values]
    if wanted is not None:
        return next((name for name in images if wanted in (name, numbered(name)[0])), None)
    excluded, given = excluded_by(values, model), {numbered(name)[0] for name in values}
    for kind in _FIRST:
        excludes = {
            other for field, takes in fields_for(model) if kind in field.names(takes) for other in field.not_with
        }
        free = next((name for name in images if numbered(name)[0] == kind), None)
        if free is not None and kind not in excluded and not excludes & given:
            return free
    return None
