"""The models, after the provider's public pages; a slug that they do not name is marked `slug_invented`.

Prices that the pages do not name are invented too, of a plausible size. Everything else that is not commented comes
from the model table of the facts page.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from sandbox.studio.prices import DIRECTORY_OPTIN_DISCOUNT, Price


class Workflow(StrEnum):
    """Which request fields a model takes beside the common ones."""

    STANDARD = "standard"
    KLING_FRAMES = "kling_frames"
    MOTION_CONTROL = "motion_control"
    SEEDANCE_2 = "seedance_2"
    STORYBOARD = "storyboard"


Audio = Literal["native", "optional"]

SEEDANCE_MODES = ("text_to_video", "first_frame", "first_last_frame", "multimodal")
ORIENTATION_SECONDS_MAX = {"video": 30, "image": 10}
"""`character_orientation` → the longest driving clip in seconds."""


@dataclass(frozen=True)
class Model:
    """One model and what it can do. Durations are whole seconds; `images` and `videos` are (at least, at most)."""

    slug: str
    name: str
    description: str
    engine: str
    aspect_ratios: tuple[str, ...]
    durations: tuple[int, ...]
    price: Price
    quality_modes: tuple[str, ...] = ()
    audio: Audio | None = None
    prompt_max: int = 5000
    images: tuple[int, int] = (0, 0)
    videos: tuple[int, int] = (0, 0)
    workflow: Workflow = Workflow.STANDARD
    slug_invented: bool = False
    directory_optin: bool = field(init=False)

    def __post_init__(self) -> None:
        """Offer the discount where the price has one."""
        object.__setattr__(self, "directory_optin", self.price.optin_discount > 0)

    @property
    def prompt_required(self) -> bool:
        """Whether a request must have a prompt."""
        return self.workflow is not Workflow.STORYBOARD

    @property
    def duration_from_clip(self) -> bool:
        """Whether the driving clip decides how long the result is."""
        return self.workflow is Workflow.MOTION_CONTROL

    @property
    def inputs(self) -> tuple[str, ...]:
        """Kinds of input that the model takes."""
        kinds = ["text"]
        if self.images[1] or self.workflow is Workflow.SEEDANCE_2:
            kinds.append("image")
        if self.videos[1]:
            kinds.append("video")
        return tuple(kinds)


WIDE_TALL_AUTO = ("16:9", "9:16", "Auto")
WIDE_TALL_SQUARE = ("16:9", "9:16", "1:1")
HD = ("720p", "1080p")


def _veo(slug: str, name: str, description: str, base: int, invented: bool) -> Model:
    return Model(
        slug, name, description, "Veo 3.1", WIDE_TALL_AUTO, (8,), Price(base=base),
        audio="native", images=(0, 2), slug_invented=invented,
    )  # fmt: skip


def _hailuo(slug: str, name: str, description: str, six: int) -> Model:
    return Model(
        slug, name, description, "Hailuo 2.3", (), (6, 10),
        Price(by_duration={6: {"": six}, 10: {"": six * 2}}), images=(1, 1), slug_invented=True,
    )  # fmt: skip


def _sora(slug: str, name: str, description: str, images_max: int, workflow: Workflow) -> Model:
    return Model(
        slug, name, description, "Sora 2", WIDE_TALL_SQUARE, (10, 15, 25),
        Price(by_duration={seconds: {"standard": 8 * seconds, "high": 16 * seconds} for seconds in (10, 15, 25)}),
        quality_modes=("standard", "high"), audio="native", images=(0, images_max), workflow=workflow,
        slug_invented=True,
    )  # fmt: skip


def _wan_table(*durations: int) -> Price:
    return Price(by_duration={seconds: {"720p": 14 * seconds, "1080p": 21 * seconds} for seconds in durations})


MODELS: tuple[Model, ...] = (
    _veo("veo31_fast", "Veo 3.1 Fast", "Fast 8-second generation with text-to-video and image-to-video.", 100, False),
    _veo("veo31_quality", "Veo 3.1 Quality", "Highest fidelity 8-second clips with native audio.", 250, True),
    Model(
        "kling_3_0",
        "Kling 3.0",
        "Any whole second from 3 to 15, with start and end frames and optional sound.",
        "Kling 3.0",
        WIDE_TALL_SQUARE,
        tuple(range(3, 16)),
        Price(
            per_second={"std": 20, "pro": 30},
            per_second_with_sound={"std": 30, "pro": 40},
            optin_discount=DIRECTORY_OPTIN_DISCOUNT,
        ),
        quality_modes=("std", "pro"),
        audio="optional",
        prompt_max=2500,
        images=(0, 1),
        workflow=Workflow.KLING_FRAMES,
    ),
    Model(
        "kling_3_0_motion_control",
        "Kling 3.0 Motion Control",
        "Lets the character of an image follow the movement of a clip.",
        "Kling 3.0",
        (),
        tuple(range(3, 31)),
        Price(per_second={"720p": 12, "1080p": 20}),
        quality_modes=HD,
        prompt_max=2500,
        images=(1, 1),
        videos=(1, 1),
        workflow=Workflow.MOTION_CONTROL,
    ),
    Model(
        "kling_2_6",
        "Kling 2.6",
        "Short clips from text or one image, with optional sound.",
        "Kling 2.6",
        WIDE_TALL_SQUARE,
        (5, 10),
        Price(by_duration={5: {"": 55}, 10: {"": 110}}, sound_multiplier=2, optin_discount=DIRECTORY_OPTIN_DISCOUNT),
        audio="optional",
        prompt_max=2500,
        images=(0, 1),
        slug_invented=True,
    ),
    Model(
        "wan_2_6",
        "Wan 2.6",
        "Multi-shot stories from text or an image, with native audio.",
        "Wan 2.6",
        WIDE_TALL_SQUARE,
        (5, 10, 15),
        _wan_table(5, 10, 15),
        quality_modes=HD,
        audio="native",
        images=(0, 1),
        slug_invented=True,
    ),
    Model(
        "wan_2_6_v2v",
        "Wan 2.6 Video Remix",
        "Restyles one clip by a prompt.",
        "Wan 2.6",
        (),
        (5, 10),
        _wan_table(5, 10),
        quality_modes=HD,
        audio="native",
        videos=(1, 1),
    ),
    _hailuo("hailuo_2_3_standard", "Hailuo 2.3 Standard", "Animates one image.", 45),
    _hailuo("hailuo_2_3_pro", "Hailuo 2.3 Pro", "Animates one image in finer detail.", 75),
    Model(
        "seedance_1_5_pro",
        "Seedance 1.5 Pro",
        "Cinematic motion in six aspect ratios, with optional sound.",
        "Seedance 1.5",
        ("1:1", "21:9", "4:3", "3:4", "16:9", "9:16"),
        (4, 8, 12),
        Price(per_second={"480p": 4, "720p": 8, "1080p": 16}, sound_multiplier=2),
        quality_modes=("480p", "720p", "1080p"),
        audio="optional",
        images=(0, 2),
        slug_invented=True,
    ),
    Model(
        "seedance_2",
        "Seedance 2",
        "Text, first frame, first and last frame, or many references at once.",
        "Seedance 2",
        ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16"),
        tuple(range(4, 16)),
        Price(per_second={"": 18}),
        workflow=Workflow.SEEDANCE_2,
        slug_invented=True,
    ),
    _sora("sora_2", "Sora 2", "Longer clips from text or an image.", 1, Workflow.STANDARD),
    _sora("sora_2_pro_storyboard", "Sora 2 Pro Storyboard", "Up to 25 seconds from images.", 8, Workflow.STORYBOARD),
    Model(
        "grok_imagine_video",
        "Grok Imagine Video",
        "Playful clips from text or an image.",
        "Grok Imagine",
        WIDE_TALL_SQUARE,  # The pages name no ratios for it.
        (6, 10),
        Price(by_duration={6: {"": 30}, 10: {"": 50}}),
        images=(0, 1),
        slug_invented=True,
    ),
)

BY_SLUG = {model.slug: model for model in MODELS}
LEGACY_SLUGS = {"veo3_fast": "veo31_fast", "veo3": "veo31_quality"}
"""`video_model` of the legacy endpoint → the model of today that stands in for it."""
