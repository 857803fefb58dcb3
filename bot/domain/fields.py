"""The table of all request fields: the member's option, the provider's field, and which models take it.

Commands, checks and request bodies are all built from `FIELDS`. A new field of the provider is a new entry here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.capabilities import Audio, Capability, Count, Mode, Need


class OptionKind(StrEnum):
    """The types of options. IMAGE, VIDEO and AUDIO are attachments."""

    TEXT = "text"
    CHOICE = "choice"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"

    @property
    def is_attachment(self) -> bool:
        """Whether the option takes a file."""
        return self in (OptionKind.IMAGE, OptionKind.VIDEO, OptionKind.AUDIO)


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option of one model's command.

    `choices` lists all allowed values of a CHOICE or an INTEGER; `minimum` and `maximum` are the ends of an INTEGER.
    `default` is the value that `bot.domain.request.complete` fills in. An option whose default is None is sent only if
    the member gives it.
    """

    name: str
    kind: OptionKind
    required: bool = False
    choices: tuple[str | int, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    default: str | int | bool | None = None
    max_length: int | None = None


ONE_AT_MOST = Count(0, 1)


@dataclass(frozen=True, slots=True)
class Takes:
    """How one model takes one field.

    A `required` option must be given by the member. A `needed` option must be in the request, but its default is
    enough. `count` is used for fields that are lists at the provider.
    """

    required: bool = False
    needed: bool = False
    choices: tuple[str | int, ...] = ()
    default: str | int | bool | None = None
    max_length: int | None = None
    count: Count = ONE_AT_MOST


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of the table.

    `option` is the member's name for it and `wire` the provider's. `taken_by` returns None for a model that does not
    take the field. A `many` field is a list at the provider and numbered options for the member: `image`, `image_2`.
    `not_with` names options that cannot be combined with this one; `needs` names options that must be given too.
    """

    option: str
    wire: str
    kind: OptionKind
    taken_by: Callable[[Capability], Takes | None]
    many: bool = False
    not_with: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def names(self, takes: Takes) -> tuple[str, ...]:
        """Return the member's options for this field."""
        if not self.many:
            return (self.option,)
        return tuple(self.option if n == 1 else f"{self.option}_{n}" for n in range(1, takes.count.maximum + 1))


def _prompt(model: Capability) -> Takes | None:
    if model.prompt is Need.NONE:
        return None
    return Takes(required=model.prompt is Need.REQUIRED, max_length=model.prompt_max)


def _one_of(choices: tuple[str, ...] | tuple[int, ...], *, needed: bool = False) -> Takes | None:
    return Takes(choices=choices, default=choices[0], needed=needed) if choices else None


def _quality(model: Capability) -> Takes | None:
    return _one_of(model.quality_modes, needed=True)  # the provider requires it when modes exist


def _files(count: Count) -> Takes | None:
    return Takes(count=count) if count.maximum else None


def _references(model: Capability, count: Count) -> Takes | None:
    return _files(count) if Mode.MULTIMODAL in model.modes else None


def _if(condition: bool, default: bool | None = None) -> Takes | None:
    return Takes(default=default) if condition else None


MODE_WIRE = "seedance_mode"
"""The provider's field for the mode of models that have modes; the options that are given decide its value."""

# Source: the provider's documentation. Two fields are left out on purpose: Kling 3.0's `elements`, whose shape is not
# documented, and the field that asks for several renders in one request, whose name is not documented. A storyboard
# takes one image unless the provider's list of models or MODELS_FILE says how many: the documentation speaks of
# "images" and names no number, and a command must not offer what the provider refuses.
FIELDS: tuple[Field, ...] = (
    Field("prompt", "prompt", OptionKind.TEXT, _prompt),
    Field("image", "input_image_urls", OptionKind.IMAGE, lambda m: _files(m.images), many=True),
    Field("video", "input_video_urls", OptionKind.VIDEO, lambda m: _files(m.videos), many=True),
    Field("aspect_ratio", "aspect_ratio", OptionKind.CHOICE, lambda m: _one_of(m.aspect_ratios)),
    Field("duration", "duration_seconds", OptionKind.INTEGER, lambda m: _one_of(m.durations)),
    Field("quality", "quality_mode", OptionKind.CHOICE, _quality),
    Field("sound", "sound", OptionKind.BOOLEAN, lambda m: _if(m.audio is Audio.OPTIONAL, default=False)),
    # Publishing has no default: the member must choose it each time.
    Field("share", "prompt_directory_optin", OptionKind.BOOLEAN, lambda m: _if(m.share)),
    # Two images to start from would contradict each other. The provider's documentation excludes the ratio.
    Field(
        "first_frame",
        "start_frame_url",
        OptionKind.IMAGE,
        lambda m: _if(m.start_end_frames),
        not_with=("aspect_ratio", "image"),
    ),
    Field(
        "last_frame",
        "end_frame_url",
        OptionKind.IMAGE,
        lambda m: _if(m.start_end_frames),
        not_with=("aspect_ratio", "image"),
        needs=("first_frame",),
    ),
    Field(
        "first_frame",
        "first_frame_url",
        OptionKind.IMAGE,
        lambda m: _if(Mode.FIRST_FRAME in m.modes or Mode.FIRST_LAST_FRAME in m.modes),
        not_with=("image",),
    ),
    Field(
        "last_frame",
        "last_frame_url",
        OptionKind.IMAGE,
        lambda m: _if(Mode.FIRST_LAST_FRAME in m.modes),
        not_with=("image",),
        needs=("first_frame",),
    ),
    # Provider docs: references belong to the multimodal mode, frames to the frame modes; a request has one mode.
    Field(
        "reference_image",
        "reference_image_urls",
        OptionKind.IMAGE,
        lambda m: _references(m, m.reference_images),
        many=True,
        not_with=("first_frame", "last_frame"),
    ),
    Field(
        "reference_video",
        "reference_video_urls",
        OptionKind.VIDEO,
        lambda m: _references(m, m.reference_videos),
        many=True,
        not_with=("first_frame", "last_frame"),
    ),
    Field(
        "reference_audio",
        "reference_audio_urls",
        OptionKind.AUDIO,
        lambda m: _references(m, m.reference_audios),
        many=True,
        not_with=("first_frame", "last_frame"),
    ),
    Field("orientation", "character_orientation", OptionKind.CHOICE, lambda m: _one_of(m.orientations)),
    Field("return_last_frame", "return_last_frame", OptionKind.BOOLEAN, lambda m: _if(m.return_last_frame)),
)


_NUMBER = re.compile(r"_([0-9]+)$")


def numbered(name: str) -> tuple[str, int]:
    """Return the field's option and the position that an option's name means: `image` and 2 for `image_2`."""
    found = _NUMBER.search(name)
    return (name, 1) if found is None else (name[: found.start()], int(found[1]))


def fields_for(capability: Capability) -> tuple[tuple[Field, Takes], ...]:
    """Return the entries of the table that a model takes, in the order in which a member sees them."""
    return tuple((field, takes) for field in FIELDS if (takes := field.taken_by(capability)) is not None)


def options_for(capability: Capability) -> tuple[OptionSpec, ...]:
    """Return every option of a model's command, in the table's order; required options are not moved to the front."""
    return tuple(
        OptionSpec(
            name=name,
            kind=field.kind,
            required=takes.required or (field.many and number <= takes.count.minimum),
            choices=takes.choices,
            minimum=_whole(takes.choices, min) if field.kind is OptionKind.INTEGER else None,
            maximum=_whole(takes.choices, max) if field.kind is OptionKind.INTEGER else None,
            default=takes.default,
            max_length=takes.max_length,
        )
        for field, takes in fields_for(capability)
        for number, name in enumerate(field.names(takes), start=1)
    )


def _whole(choices: tuple[str | int, ...], end: Callable[[list[int]], int]) -> int:
    return end([choice for choice in choices if isinstance(choice, int)])
