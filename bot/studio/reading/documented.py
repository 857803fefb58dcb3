"""The models that the provider's documentation describes, as cards in its own terms.

They serve if an answer names models but says nothing about them, or if nothing in it is understood. A card without a
slug describes a model whose slug is not documented; it is recognised by its name.
"""

import re

from bot.domain.json_value import JsonObject, JsonValue

_RATIOS: JsonValue = ["16:9", "9:16", "1:1"]

DOCUMENTED_MODELS: tuple[JsonObject, ...] = (
    {
        "slug": "veo31_fast",
        "name": "Veo 3.1 Fast",
        "description": "Fast 8-second generation with text-to-video and image-to-video.",
        "engine": "Veo 3.1",
        "aspect_ratios": ["16:9", "9:16", "Auto"],
        "durations": [8],
        "quality_modes": [],
        "inputs": ["text", "image"],
        "credits": {"base": 100},
    },
    {
        "name": "Veo 3.1 Quality",
        "engine": "Veo 3.1",
        "aspect_ratios": ["16:9", "9:16", "Auto"],
        "durations": [8],
        "quality_modes": [],
        "inputs": ["text", "image"],
        "credits": {"base": 250},
    },
    {
        "slug": "kling_3_0_motion_control",
        "name": "Kling 3.0 Motion Control",
        "description": "Moves a character like the person in a clip.",
        "engine": "Kling 3.0",
        "durations": "3-30",
        "quality_modes": ["720p", "1080p"],
        "inputs": ["text", "image", "video"],
        "credits": {"per_second": {"720p": 12, "1080p": 20}},
    },
    {
        "slug": "kling_3_0",
        "name": "Kling 3.0",
        "description": "3 to 15 seconds from text, an image, or a start and an end frame.",
        "engine": "Kling 3.0",
        "aspect_ratios": _RATIOS,
        "durations": "3-15",
        "quality_modes": ["std", "pro"],
        "inputs": ["text", "image"],
        # Two prices are documented: 100 for 5 silent seconds in std, and 320 for 8 seconds in pro with sound.
        "credits": {"per_second": {"std": {"without_sound": 20}, "pro": {"with_sound": 40}}},
    },
    {
        "name": "Kling 2.6",
        "engine": "Kling 2.6",
        "aspect_ratios": _RATIOS,
        "durations": [5, 10],
        "quality_modes": [],
        "inputs": ["text", "image"],
        "credits": {"5s": 55},
    },
    {
        "slug": "wan_2_6_v2v",
        "name": "Wan 2.6 Video Remix",
        "description": "Makes a new video from a clip and a text.",
        "engine": "Wan 2.6",
        "durations": [5, 10],
        "quality_modes": ["720p", "1080p"],
        "inputs": ["text", "video"],
    },
    {
        "name": "Wan 2.6",
        "engine": "Wan 2.6",
        "aspect_ratios": _RATIOS,
        "durations": [5, 10, 15],
        "quality_modes": ["720p", "1080p"],
        "inputs": ["text", "image"],
    },
    {"name": "Hailuo 2.3", "engine": "Hailuo 2.3", "durations": [6, 10], "inputs": ["text", "image"]},
    {
        "name": "Seedance 1.5",
        "engine": "Seedance 1.5",
        "aspect_ratios": ["1:1", "21:9", "4:3", "3:4", "16:9", "9:16"],
        "durations": [4, 8, 12],
        "quality_modes": ["480p", "720p", "1080p"],
        "inputs": ["text", "image"],
    },
    {
        "name": "Seedance 2",
        "engine": "Seedance 2",
        "aspect_ratios": ["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"],
        "durations": "4-15",
    },
    {
        "name": "Sora 2",
        "engine": "Sora 2",
        "aspect_ratios": _RATIOS,
        "durations": [10, 15, 25],
        "quality_modes": ["standard", "high"],
        "inputs": ["text", "image"],
        "credits": {"standard": {"10s": 80}},
    },
    {"name": "Grok Imagine", "engine": "Grok Imagine", "durations": [6, 10], "inputs": ["text", "image"]},
)
"""More special models stand before their families."""

BUILT_IN_MODELS: JsonValue = [card for card in DOCUMENTED_MODELS if "slug" in card]
"""The documented models whose slug is documented too, so that they can be asked for."""
DOCUMENTED_SLUGS = frozenset(str(card["slug"]) for card in DOCUMENTED_MODELS if "slug" in card)


def documented_card(slug: str, name: str) -> JsonObject | None:
    """Return the card of a documented model: the one with this slug, or else one whose name stands in slug or name."""
    for card in DOCUMENTED_MODELS:
        if card.get("slug") == slug:
            return card
    described = f" {_plain(slug)} . {_plain(name)} "
    return next((card for card in DOCUMENTED_MODELS if f" {_plain(str(card['name']))} " in described), None)


def _plain(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", words.lower()).strip()
