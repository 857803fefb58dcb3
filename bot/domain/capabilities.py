"""What a model can do, as understood from the provider's answer.

What a member may choose, what is checked before sending, and what it costs all follow from these values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from bot.domain.prices import Price


class Need(StrEnum):
    """Whether a text is needed. OPTIONAL means that something else, such as an image, must be there in its place."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Audio(StrEnum):
    """NATIVE audio is always there and cannot be chosen; OPTIONAL audio is the option `sound`."""

    NONE = "none"
    NATIVE = "native"
    OPTIONAL = "optional"


class Mode(StrEnum):
    """The modes of Seedance 2 (provider docs). Which one a request is in follows from what is attached to it."""

    TEXT_TO_VIDEO = "text_to_video"
    FIRST_FRAME = "first_frame"
    FIRST_LAST_FRAME = "first_last_frame"
    MULTIMODAL = "multimodal"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something a model needs at least and takes at most."""

    minimum: int
    maximum: int


NO_INPUT = Count(0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of whole seconds, both ends included."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Capability:
    """One model.

    `durations` lists every whole second that may be chosen, ascending; it is empty where the member does not choose.
    `clip_seconds` is set where the length follows from an attached clip instead (motion control).
    `assumed` names the facts that the answer did not state and that were taken from `known_families`.
    """

    slug: str
    name: str
    description: str
    engine: str
    price: Price
    aspect_ratios: tuple[str, ...] = ()
    durations: tuple[int, ...] = ()
    quality_modes: tuple[str, ...] = ()
    prompt: Need = Need.REQUIRED
    prompt_max: int | None = None
    images: Count = NO_INPUT
    videos: Count = NO_INPUT
    audio: Audio = Audio.NONE
    share: bool = False
    start_end_frames: bool = False
    modes: tuple[Mode, ...] = ()
    reference_images: Count = NO_INPUT
    reference_videos: Count = NO_INPUT
    reference_audios: Count = NO_INPUT
    orientations: tuple[str, ...] = ()
    clip_seconds: Span | None = None
    return_last_frame: bool = False
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A model that could not be understood: what it is called in the answer (slug or position), and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """All models of one answer. `version` is a hash of what was understood, so equal catalogues have equal versions."""

    version: str
    models: tuple[Capability, ...]
    skipped: tuple[Skipped, ...] = field(default=())

    @cached_property
    def _by_slug(self) -> Mapping[str, Capability]:
        return {model.slug: model for model in self.models}

    def get(self, slug: str) -> Capability | None:
        return self._by_slug.get(slug)

    @cached_property
    def families(self) -> Mapping[str, tuple[Capability, ...]]:
        """The models by engine, both in alphabetical order so that the provider's order does not matter."""
        ordered = sorted(self.models, key=lambda model: (model.engine, model.slug))
        return {engine: tuple(models) for engine, models in groupby(ordered, key=lambda model: model.engine)}
