"""What each model can do.

The options of commands, the checks before sending, and the price estimates are all derived from these values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from bot.domain.prices import Price


class Need(StrEnum):
    """Whether a model needs a prompt. OPTIONAL means that a file, such as an image, can stand in its place."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Audio(StrEnum):
    """Audio support. NATIVE audio is always on and cannot be chosen; OPTIONAL audio is the option `sound`."""

    NONE = "none"
    NATIVE = "native"
    OPTIONAL = "optional"


class Mode(StrEnum):
    """The modes of Seedance 2 (provider's documentation). The attachments of a request decide its mode."""

    TEXT_TO_VIDEO = "text_to_video"
    FIRST_FRAME = "first_frame"
    FIRST_LAST_FRAME = "first_last_frame"
    MULTIMODAL = "multimodal"


@dataclass(frozen=True, slots=True)
class Count:
    """How many files a model needs at least (`minimum`) and takes at most (`maximum`)."""

    minimum: int
    maximum: int


NO_INPUT = Count(0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of whole seconds; both ends are included."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Capability:
    """What one model can do.

    `durations` lists every whole second that may be chosen, ascending. It is empty if the member does not choose one.
    `clip_seconds` is set if the length follows from an attached clip instead (motion control).
    `prompt_max` is in characters; None if no limit is known.
    `assumed` names the facts that the catalogue answer did not state and that come from the provider's documentation.
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
    """A model that could not be understood: its name in the answer (slug or position), and the reason."""

    name: str
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """All models of one answer.

    `version` is a hash of `models`: equal catalogues have equal versions. `unused` lists, by slug, the keys of the
    answer that were not understood. `own` names the models that only the owner's file of models states.
    """

    version: str
    models: tuple[Capability, ...]
    skipped: tuple[Skipped, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    @property
    def understood(self) -> bool:
        """Whether any model of the provider's answer is understood."""
        return len(self.models) > len(self.own)

    @cached_property
    def _by_slug(self) -> Mapping[str, Capability]:
        return {model.slug: model for model in self.models}

    def get(self, slug: str) -> Capability | None:
        """Return the model with this slug, or None."""
        return self._by_slug.get(slug)

    @cached_property
    def families(self) -> Mapping[str, tuple[Capability, ...]]:
        """The models by engine. Engines and models are in alphabetical order, whatever the provider's order is."""
        ordered = sorted(self.models, key=lambda model: (model.engine, model.slug))
        return {engine: tuple(models) for engine, models in groupby(ordered, key=lambda model: model.engine)}
