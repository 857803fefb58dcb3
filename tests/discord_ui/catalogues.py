"""Catalogues to build commands from: the models of the public pages, and one made of everything that is awkward."""

from decimal import Decimal
from typing import Any

from bot.domain.capabilities import NO_INPUT, Audio, Capability, Catalogue, Count, Mode, Need, Span
from bot.domain.prices import Price, Rate


def flat(credits: int) -> Price:
    return Price((Rate(Decimal(credits)),))


VEO_FAST = Capability(
    slug="veo31_fast",
    name="Veo 3.1 Fast",
    description="Fast 8-second generation with text-to-video and image-to-video.",
    engine="Veo 3.1",
    price=flat(100),
    aspect_ratios=("16:9", "9:16", "Auto"),
    durations=(8,),
    prompt_max=5000,
    images=Count(0, 2),
    audio=Audio.NATIVE,
)
KLING = Capability(
    slug="kling_3_0",
    name="Kling 3.0",
    description="",
    engine="Kling 3.0",
    price=Price((Rate(Decimal(20), per_second=True, quality="std"), Rate(Decimal(40), per_second=True, quality="pro"))),
    aspect_ratios=("16:9", "9:16", "1:1"),
    durations=tuple(range(3, 16)),
    quality_modes=("std", "pro"),
    prompt_max=2500,
    images=Count(0, 1),
    audio=Audio.OPTIONAL,
    share=True,
    start_end_frames=True,
)
MOTION_CONTROL = Capability(
    slug="kling_3_0_motion_control",
    name="Kling 3.0 Motion Control",
    description="A character moves as in a clip.",
    engine="Kling 3.0",
    price=Price((Rate(Decimal(12), per_second=True, quality="720p"),)),
    quality_modes=("720p", "1080p"),
    prompt=Need.OPTIONAL,
    images=Count(1, 1),
    videos=Count(1, 1),
    orientations=("video", "image"),
    clip_seconds=Span(3, 30),
)
WAN_REMIX = Capability(
    slug="wan_2_6_v2v",
    name="Wan 2.6 V2V",
    description="Remixes a clip.",
    engine="Wan 2.6",
    price=flat(120),
    durations=(5, 10),
    quality_modes=("720p", "1080p"),
    videos=Count(1, 1),
    audio=Audio.NATIVE,
)
SEEDANCE_2 = Capability(
    slug="seedance_2",
    name="Seedance 2",
    description="Four modes.",
    engine="Seedance 2",
    price=Price(),
    aspect_ratios=("21:9", "16:9", "4:3", "1:1", "3:4", "9:16"),
    durations=tuple(range(4, 16)),
    modes=tuple(Mode),
    reference_images=Count(0, 9),
    reference_videos=Count(0, 3),
    reference_audios=Count(0, 3),
    return_last_frame=True,
)


def plain(slug: str, name: str, engine: str, **more: Any) -> Capability:
    """Return a model with nothing special about it."""
    given: dict[str, Any] = {"aspect_ratios": ("16:9", "9:16"), "durations": (5, 10), "description": f"{name}."}
    return Capability(slug=slug, name=name, engine=engine, price=flat(50), **(given | more))


PUBLIC = (
    VEO_FAST,
    plain("veo31_quality", "Veo 3.1 Quality", "Veo 3.1"),
    KLING,
    MOTION_CONTROL,
    plain("kling_2_6", "Kling 2.6", "Kling 2.6"),
    plain("wan_2_6", "Wan 2.6", "Wan 2.6"),
    WAN_REMIX,
    plain("hailuo_2_3_standard", "Hailuo 2.3 Standard", "Hailuo 2.3", images=Count(1, 1)),
    plain("hailuo_2_3_pro", "Hailuo 2.3 Pro", "Hailuo 2.3", images=Count(1, 1)),
    plain("seedance_1_5_pro", "Seedance 1.5 Pro", "Seedance 1.5"),
    SEEDANCE_2,
    plain("sora_2", "Sora 2", "Sora 2"),
    plain("sora_2_pro_storyboard", "Sora 2 Pro Storyboard", "Sora 2", prompt=Need.OPTIONAL, images=Count(0, 8)),
    plain("grok_imagine_video", "Grok Imagine Video", "Grok Imagine"),
)

RATIOS_30 = tuple(f"{width}:9" for width in range(1, 31))

_AWKWARD_ENGINES = (
    "Veo 3.1",
    "Ünïcode Ñame 1",
    "可灵 3.0",
    "दृश्य 2",
    "Kling 3.0",
    "KLING-3.0!",
    "🎬🎬",
    "models",
    "An engine whose name is far longer than thirty-two characters 2.5",
    "4K",
    "İstanbul ẞ 1",
    "",
)


def awkward() -> tuple[Capability, ...]:
    """60 models over 12 families: unicode, colliding slugs, 40-character names, 30 ratios, 1 to 120 seconds."""
    models = []
    for number in range(60):
        engine = _AWKWARD_ENGINES[number % 12]
        models.append(
            Capability(
                # Every third pair differs only in what slugging throws away.
                slug=f"{engine.lower().replace(' ', '_')}{'!' * (number // 12)}" if number % 3 == 0 else f"m-{number}",
                name=f"{engine} {'Ωmega Edition of a Forty Character Name'[: 40 - number % 7]} {number // 24}",
                description=f"{number} {'long words ' * 20}",
                engine=engine,
                price=flat(10 + number),
                aspect_ratios=RATIOS_30 if number % 2 else ("16:9",),
                durations=tuple(range(1, 121)) if number % 4 else (1, 2, 3, 5, 8, 13, 21),
                quality_modes=tuple(f"quality mode {n}" for n in range(number % 30)),
                prompt=list(Need)[number % 3],
                prompt_max=(None, 100, 20_000)[number % 3],
                images=Count(number % 2, 4 + number % 30),
                videos=Count(0, number % 3),
                audio=list(Audio)[number % 3],
                share=number % 2 == 0,
                start_end_frames=number % 5 == 0,
                modes=tuple(Mode) if number % 7 == 0 else (),
                reference_images=Count(0, 9) if number % 7 == 0 else NO_INPUT,
                orientations=("video", "image") if number % 11 == 0 else (),
                return_last_frame=number % 6 == 0,
            )
        )
    return tuple(models)


def catalogue(*models: Capability, version: str = "v1") -> Catalogue:
    """Return a catalogue of these models."""
    return Catalogue(version, models)
