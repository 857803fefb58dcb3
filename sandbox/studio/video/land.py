"""Layers of land that scroll for ever: silhouettes drawn once, wide and without a seam."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from sandbox.studio.video.palette import Colour, Shape

OVERSAMPLING = 2
"""Pillow's polygons have hard edges: draw them larger and shrink."""


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """From `a` (0) to `b` (1)."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def layer(
    shape: Shape, width: int, height: int, period: int, depth: float, colour: Colour, light: Colour, rng: random.Random
) -> Image.Image:
    """An RGBA strip of `period + width` pixels that repeats after `period`; `depth` 0 is far, 1 is near.

    Every window of `width` pixels of it is a picture, so scrolling is one crop per frame.
    """
    scale = OVERSAMPLING
    size = (period * scale, height * scale)
    strip = Image.new("RGBA", size, (*colour, 0))
    _DRAWERS[shape](_Brush(ImageDraw.Draw(strip), *size, depth, colour, light, rng))
    strip = strip.resize((period, height), Image.Resampling.BOX)
    wide = Image.new("RGBA", (period + width, height))
    wide.paste(strip, (0, 0))
    wide.paste(strip, (period, 0))
    return wide


@dataclass(frozen=True)
class _Brush:
    """What a drawer draws with: the strip being drawn in oversampled pixels, and its place and colours."""

    draw: ImageDraw.ImageDraw
    wide: int
    tall: int
    depth: float
    colour: Colour
    light: Colour
    rng: random.Random


_Waves = list[tuple[int, float, float]]
"""Sines as (whole periods in the strip, share, phase)."""


def _waves_of(rng: random.Random, numbers: tuple[int, ...]) -> _Waves:
    return [(n, 1 / (1 + i), rng.uniform(0, 2 * math.pi)) for i, n in enumerate(numbers)]


def _outline(b: _Brush, base: float, swing: float, waves: _Waves) -> list[float]:
    """Heights of a periodic sum of sines, as y for each 4th x; `base` and `swing` are shares of the height."""
    return [
        b.tall * (base + swing * sum(a * math.sin(2 * math.pi * n * x / b.wide + p) for n, a, p in waves))
        for x in range(0, b.wide + 4, 4)
    ]


def _fill(b: _Brush, ys: list[float], colour: Colour) -> None:
    points = [(x * 4.0, y) for x, y in enumerate(ys)]
    b.draw.polygon([*points, (b.wide + 4, b.tall), (0, b.tall)], fill=(*colour, 255))


def _hills(b: _Brush) -> None:
    _fill(b, _outline(b, 0.60 + 0.26 * b.depth, 0.055, _waves_of(b.rng, (2, 3, 5))), b.colour)


def _mountains(b: _Brush) -> None:
    ys = _outline(b, 0.58 + 0.26 * b.depth, 0.04, _waves_of(b.rng, (1, 3)))
    count = 5 + round(4 * b.depth)
    peaks = [
        (b.rng.uniform(0, b.wide), b.rng.uniform(0.10, 0.24) * b.tall * (1.1 - 0.6 * b.depth)) for _ in range(count)
    ]
    for index in range(len(ys)):
        for at, tall in peaks:
            away = abs(index * 4 - at)
            away = min(away, b.wide - away)
            ys[index] = min(ys[index], b.tall * (0.64 + 0.26 * b.depth) - tall + away * 0.75)
    _fill(b, ys, b.colour)
    for at, tall in peaks:
        top = b.tall * (0.64 + 0.26 * b.depth) - tall
        cap = tall * 0.28
        b.draw.polygon(
            [(at, top), (at + cap * 1.2, top + cap), (at + cap * 0.3, top + cap * 0.8), (at - cap * 0.4, top + cap)],
            fill=(*mix(b.colour, b.light, 0.30), 255),
        )


def _forest(b: _Brush) -> None:
    ys = _outline(b, 0.66 + 0.24 * b.depth, 0.03, _waves_of(b.rng, (2, 3)))
    _fill(b, ys, b.colour)
    x = 0.0
    while x < b.wide:
        tall = b.tall * b.rng.uniform(0.09, 0.20) * (0.55 + 0.75 * b.depth)
        ground = ys[min(int(x / 4), len(ys) - 1)] + 6
        for tier in range(3):
            top = ground - tall + tall * 0.26 * tier
            half = tall * (0.11 + 0.07 * tier)
            for shift in (-b.wide, 0, b.wide):
                b.draw.polygon(
                    [(x + shift, top), (x + shift - half, top + tall * 0.46), (x + shift + half, top + tall * 0.46)],
                    fill=(*b.colour, 255),
                )
        x += tall * b.rng.uniform(0.22, 0.62)


def _city(b: _Brush) -> None:
    unit = b.tall / 90
    ground = b.tall * (0.70 + 0.22 * b.depth)
    b.draw.rectangle((0, ground, b.wide, b.tall), fill=(*b.colour, 255))
    x = 0.0
    while x < b.wide:
        wide = unit * b.rng.uniform(6, 12) * (0.7 + 0.6 * b.depth)
        wide = min(wide, b.wide - x)
        top = ground - b.tall * b.rng.uniform(0.06, 0.30) * (1 - 0.25 * b.depth)
        b.draw.rectangle((x, top, x + wide, b.tall), fill=(*b.colour, 255))
        if b.rng.random() < 0.25:
            b.draw.rectangle((x + wide / 2, top - unit * 5, x + wide / 2 + unit * 0.4, top), fill=(*b.colour, 255))
        step = unit * 2.0
        y = top + step
        while y < b.tall:
            wx = x + unit
            while wx < x + wide - unit * 1.4:
                if b.rng.random() < 0.34:
                    glow = mix(b.colour, b.light, b.rng.uniform(0.25, 0.75) * (0.55 + 0.45 * b.depth))
                    b.draw.rectangle((wx, y, wx + unit * 0.8, y + unit * 1.0), fill=(*glow, 255))
                wx += unit * 1.7
            y += step
        x += wide + b.rng.choice((0.0, 0.0, unit * 1.5))


def _waves(b: _Brush) -> None:
    waves = _waves_of(b.rng, (6 + round(4 * (1 - b.depth)), 11, 17))
    _fill(b, _outline(b, 0.62 + 0.26 * b.depth, 0.008 + 0.014 * b.depth, waves), mix(b.colour, b.light, 0.34))
    _fill(b, _outline(b, 0.628 + 0.272 * b.depth, 0.008 + 0.014 * b.depth, waves), b.colour)


_DRAWERS: dict[Shape, Callable[[_Brush], None]] = {
    "hills": _hills,
    "mountains": _mountains,
    "forest": _forest,
    "city": _city,
    "waves": _waves,
}
