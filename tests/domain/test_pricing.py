"""Estimates, against the prices on the provider's pages."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Audio, Capability, Span
from bot.domain.prices import Price, Rate
from bot.domain.pricing import UNPRICED_CREDITS, Estimate, estimate
from bot.domain.request import GenerationRequest

CLIP = Attachment("https://cdn.example/run.mp4", "run.mp4", "video/mp4")
FLAT = Capability("veo", "Veo", "", "Veo", Price((Rate(Decimal(100)),)), durations=(8,), audio=Audio.NATIVE)
PER_SECOND = Capability(
    "kling_3_0", "Kling", "", "Kling",
    Price(
        (
            Rate(Decimal(20), per_second=True, quality="std"),
            Rate(Decimal(30), per_second=True, quality="pro"),
            Rate(Decimal(30), per_second=True, quality="std", sound=True),
            Rate(Decimal(40), per_second=True, quality="pro", sound=True),
        ),
        share_discount=10,
    ),
    durations=tuple(range(3, 16)), quality_modes=("std", "pro"), audio=Audio.OPTIONAL, share=True,
)  # fmt: skip
DOUBLING = Capability(
    "kling_2_6", "Kling", "", "Kling",
    Price((Rate(Decimal(55)), Rate(Decimal(55), duration=5), Rate(Decimal(110), duration=10)), Decimal(2), 10),
    durations=(5, 10), audio=Audio.OPTIONAL, share=True,
)  # fmt: skip
BY_CLIP = Capability(
    "motion", "Motion", "", "Kling",
    Price((Rate(Decimal(12), per_second=True, quality="720p"), Rate(Decimal(20), per_second=True, quality="1080p"))),
    quality_modes=("720p", "1080p"), orientations=("video", "image"), clip_seconds=Span(3, 30),
)  # fmt: skip


@pytest.mark.parametrize(
    ("model", "values", "credits"),
    [
        (FLAT, {}, 100),
        (PER_SECOND, {"duration": 5, "quality": "std", "sound": False}, 100),
        (PER_SECOND, {"duration": 8, "quality": "pro", "sound": True}, 320),
        (PER_SECOND, {"duration": 5, "quality": "std", "share": True}, 90),
        (DOUBLING, {"duration": 5}, 55),
        (DOUBLING, {"duration": 10, "sound": True}, 220),
        (DOUBLING, {"duration": 5, "sound": True, "share": True}, 100),
        (BY_CLIP, {"quality": "720p", "video": replace(CLIP, duration=6.2)}, 84),
    ],
)
def test_a_price_that_follows_from_the_choices_is_certain(
    model: Capability, values: dict[str, Any], credits: int
) -> None:
    assert estimate(model, GenerationRequest(model.slug, values)) == Estimate(credits, certain=True)


@pytest.mark.parametrize(
    ("model", "values", "credits"),
    [
        # A choice that the price depends on is open: the most that it can come to.
        (PER_SECOND, {"quality": "std"}, 300),
        (PER_SECOND, {"duration": 5}, 600),
        (BY_CLIP, {"quality": "720p", "video": CLIP}, 360),
        (BY_CLIP, {"quality": "720p", "video": CLIP, "orientation": "image"}, 120),
        # A base price says nothing about a length that is not in the table: the dearest, with sound.
        (DOUBLING, {"duration": 15}, 220),
        (replace(FLAT, price=Price()), {}, UNPRICED_CREDITS),
        (replace(FLAT, price=Price((Rate(Decimal(100)),), understood=False)), {}, 100),
        (replace(FLAT, price=Price((Rate(Decimal(100)), Rate(Decimal(120))))), {}, 120),
    ],
)
def test_a_price_that_does_not_is_the_highest_known_and_says_so(
    model: Capability, values: dict[str, Any], credits: int
) -> None:
    assert estimate(model, GenerationRequest(model.slug, values)) == Estimate(credits, certain=False)


def test_parts_of_credits_are_rounded_up_and_a_discount_stops_at_nothing() -> None:
    fraction = replace(FLAT, price=Price((Rate(Decimal("12.5"), per_second=True),), share_discount=10), durations=(3,))
    assert estimate(fraction, GenerationRequest("veo", {})).credits == 38
    assert estimate(replace(FLAT, price=Price((Rate(Decimal(4)),), share_discount=10)),
                    GenerationRequest("veo", {"share": True})).credits == 0  # fmt: skip
