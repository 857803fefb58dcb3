"""Which landscape a prompt gets: a few words pick colours and shapes, everything else is picked by its hash."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Literal

Colour = tuple[int, int, int]
Shape = Literal["hills", "mountains", "forest", "city", "waves"]
Drift = Literal["rise", "fall", "float"]


@dataclass(frozen=True)
class Palette:
    """Sky from top to horizon, the sun (or moon), and the land from far to near; `drift` is how the particles go."""

    sky: tuple[Colour, Colour, Colour]
    sun: Colour
    land: tuple[Colour, Colour]
    particle: Colour
    drift: Drift
    stars: bool = False


PALETTES: dict[str, Palette] = {
    "sunset": Palette(
        ((43, 24, 84), (196, 66, 104), (255, 170, 94)), (255, 226, 160), ((150, 62, 104), (36, 16, 52)),
        (255, 214, 140), "float",
    ),
    "night": Palette(
        ((7, 10, 34), (22, 32, 84), (66, 74, 140)), (226, 234, 255), ((40, 50, 104), (8, 10, 30)),
        (190, 210, 255), "float", stars=True,
    ),
    "snow": Palette(
        ((70, 110, 160), (150, 184, 216), (234, 238, 244)), (255, 250, 236), ((168, 190, 214), (58, 84, 120)),
        (255, 255, 255), "fall",
    ),
    "sea": Palette(
        ((16, 78, 122), (58, 156, 184), (224, 226, 190)), (255, 240, 196), ((38, 130, 158), (6, 40, 74)),
        (214, 250, 255), "float",
    ),
    "forest": Palette(
        ((24, 70, 72), (110, 158, 120), (240, 226, 164)), (255, 246, 200), ((92, 142, 104), (12, 38, 34)),
        (244, 250, 150), "float",
    ),
    "fire": Palette(
        ((26, 8, 20), (122, 24, 26), (246, 110, 40)), (255, 200, 110), ((104, 26, 30), (20, 6, 14)),
        (255, 160, 60), "rise",
    ),
    "neon": Palette(
        ((12, 8, 38), (78, 20, 110), (236, 64, 150)), (120, 240, 255), ((74, 26, 116), (14, 8, 36)),
        (110, 240, 255), "rise", stars=True,
    ),
    "dawn": Palette(
        ((92, 120, 190), (222, 160, 190), (255, 222, 184)), (255, 246, 214), ((170, 130, 176), (62, 50, 96)),
        (255, 255, 240), "float",
    ),
}  # fmt: skip

WORDS: tuple[tuple[tuple[str, ...], str | None, Shape | None], ...] = (
    (("neon", "cyber", "synth", "robot", "future"), "neon", "city"),
    (("snow", "snowy", "winter", "ice", "arctic", "frost", "penguin"), "snow", "mountains"),
    (("ocean", "sea", "wave", "water", "ship", "boat", "whale", "beach", "lake"), "sea", "waves"),
    (("forest", "tree", "jungle", "wood", "fox", "deer"), "forest", "forest"),
    (("fire", "lava", "volcano", "dragon", "ember"), "fire", "mountains"),
    (("night", "moon", "star", "space", "galaxy", "dream"), "night", None),
    (("sunset", "dusk", "evening", "golden", "desert"), "sunset", None),
    (("sunrise", "dawn", "morning", "cloud"), "dawn", None),
    (("city", "street", "tokyo", "skyline", "building", "traffic"), None, "city"),
    (("mountain", "peak", "alps", "summit"), None, "mountains"),
    (("hill", "meadow", "field", "dune", "desert", "valley", "garden"), None, "hills"),
)
SHAPES: tuple[Shape, ...] = ("hills", "mountains", "forest", "waves")
"""For prompts that name no place."""


def choose(prompt: str, rng: random.Random) -> tuple[Palette, Shape]:
    """The colours and the shape of the land for a prompt; the first words that match win."""
    said = set(re.findall(r"\w+", prompt.lower()))
    matches = [
        (colours, shape) for words, colours, shape in WORDS if any(word in said or f"{word}s" in said for word in words)
    ]
    colours = next((colours for colours, _ in matches if colours), None)
    shape = next((shape for _, shape in matches if shape), None)
    return PALETTES[colours or rng.choice(sorted(PALETTES))], shape if shape else rng.choice(SHAPES)
