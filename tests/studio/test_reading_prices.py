"""Prices in many shapes, checked by what a render would then cost."""

from typing import Any

import pytest

from bot.domain.pricing import Estimate, estimate
from bot.domain.request import GenerationRequest
from bot.studio.reading.catalogue import read_catalogue


def cost(credits: Any, **values: Any) -> Estimate:
    """Return the estimate of five seconds, in std and silent unless said otherwise."""
    entry = {
        "slug": "m",
        "engine": "E",
        "durations": [5, 10],
        "quality_modes": ["std", "pro"],
        "audio": "optional",
        "credits": credits,
    }
    model = read_catalogue([entry]).models[0]
    return estimate(model, GenerationRequest("m", {"duration": 5, "quality": "std", "sound": False, **values}))


@pytest.mark.parametrize(
    ("credits", "values", "expected"),
    [
        (100, {}, 100),
        ("100", {}, 100),
        ("base: 100", {}, 100),
        ("1,200 credits", {}, 1200),
        ({"base": 100}, {"quality": "pro"}, 100),
        ("20 per second", {"duration": 10}, 200),
        ("20/s", {}, 100),
        ({"per_second": 20}, {"duration": 10}, 200),
        ({"perSecond": 12.5}, {}, 63),
        ({"credits": 20, "per_second": True}, {}, 100),
        ({"amount": 20, "unit": "per second"}, {}, 100),
        ({"std": 50, "pro": 80}, {"quality": "pro"}, 80),
        ({"by_quality": {"std": 50, "pro": 80}}, {}, 50),
        ({"per_second": {"std": 20, "pro": 30}}, {"quality": "pro"}, 150),
        ({"pro": {"per_second": 30}, "std": {"per_second": 20}}, {"quality": "pro"}, 150),
        ({"std_per_second": 20, "pro_per_second": 30, "pro_per_second_with_sound": 40}, {"quality": "pro"}, 150),
        ({"per_second": {"std": 20, "pro": 30}, "with_sound": {"per_second": {"std": 30}}}, {"sound": True}, 150),
        ({"without_sound": 50, "with_sound": 90}, {}, 50),
        ({"without_sound": 50, "with_sound": 90}, {"sound": True}, 90),
        ({"silent": {"5s": 50, "10s": 100}, "sound": {"5s": 90, "10s": 180}}, {"sound": True, "duration": 10}, 180),
        ({"5": 55, "10": 110}, {"duration": 10}, 110),
        ({"5s": {"std": 55, "pro": 70}, "10s": {"std": 110}}, {"quality": "pro"}, 70),
        ({"std_5s": 55, "pro_5s": 70, "pro_10s_with_audio": 200}, {"quality": "pro"}, 70),
        ({"base": 55, "sound_multiplier": 2}, {"sound": True}, 110),
        ({"base": 55, "directory_optin_discount": 10}, {"share": True}, 45),
        ([{"quality": "std", "duration": 5, "credits": 55}, {"quality": "pro", "duration": 5, "credits": 70}], {}, 55),
        ([{"duration_seconds": 5, "std": 55, "pro": 70}], {"quality": "pro"}, 70),
        ([{"sound": False, "price": 50}, {"sound": True, "price": 90}], {"sound": True}, 90),
        ({"base": 55, "currency": "credits", "note": "3 times a day"}, {}, 55),
    ],
)
def test_a_stated_price_is_certain(credits: Any, values: dict[str, Any], expected: int) -> None:
    assert cost(credits, **values) == Estimate(expected, certain=True)


@pytest.mark.parametrize(
    ("credits", "values", "expected"),
    [
        ({"base": 100, "image_surcharge": 20}, {}, 100),
        ({"base": 100, "frobnication": {"x": 1}}, {}, 100),
        ({"pro": 80}, {}, 80),
        ({"10s": 100, "pro": 300}, {}, 300),
        ("many", {}, 600),
        (None, {}, 600),
        ([], {}, 600),
        (-5, {}, 600),
        (True, {}, 600),
    ],
)
def test_a_price_that_is_not_understood_is_held_high_and_uncertain(
    credits: Any, values: dict[str, Any], expected: int
) -> None:
    assert cost(credits, **values) == Estimate(expected, certain=False)
