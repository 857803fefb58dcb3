"""Layers of land that scroll for ever: silhouettes drawn once, wide and without a seam."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

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
    draw = ImageDraw.Draw(strip)
    _DRAWERS[shape](draw, size, depth, colour, light, rng)
    strip = strip.resize((period, height), Image.Resampling.BOX)
    wide = Image.new("RGBA", (period + width, height))
    wide.paste(strip, (0, 0))
    wide.paste(strip, (period, 0))
    return wide


def _outline(size: tuple[int, int], base: float, swing: float, waves: list[tuple[int, float, float]]) -> list[float]:
    """Heights of a periodic sum of sines, as y for each 4th x."""
    wide, tall = size
    return [
        tall * (base + swing * sum(a * math.sin(2 * math.pi * n * x / wide + p) for n, a, p in waves))
        for x in range(0, wide + 4, 4)
    ]


def _fill(draw: ImageDraw.ImageDraw, size: tuple[int, int], ys: list[float], colour: Colour) -> None:
    points = [(x * 4.0, y) for x, y in enumerate(ys)]
    draw.polygon([*points, (size[0] + 4, size[1]), (0, size[1])], fill=(*colour, 255))


def _waves_of(rng: random.Random, numbers: tuple[int, ...]) -> list[tuple[int, float, float]]:
    return [(n, 1 / (1 + i), rng.uniform(0, 2 * math.pi)) for i, n in enumerate(numbers)]


def _hills(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], depth: float, c: Colour, l: Colour, rng: random.Random
) -> None:  # noqa: E501, E741
    _fill(draw, size, _outline(size, 0.60 + 0.26 * depth, 0.055, _waves_of(rng, (2, 3, 5))), c)


def _mountains(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], depth: float, c: Colour, l: Colour, rng: random.Random
) -> None:  # noqa: E501, E741
    ys = _outline(size, 0.58 + 0.26 * depth, 0.04, _waves_of(rng, (1, 3)))
    count = 5 + round(4 * depth)
    peaks = [(rng.uniform(0, size[0]), rng.uniform(0.10, 0.24) * size[1] * (1.1 - 0.6 * depth)) for _ in range(count)]
    for index in range(len(ys)):
        for at, tall in peaks:
            away = abs(index * 4 - at)
            away = min(away, size[0] - away)
            ys[index] = min(ys[index], size[1] * (0.64 + 0.26 * depth) - tall + away * 0.75)
    _fill(draw, size, ys, c)
    for at, tall in peaks:
        top = size[1] * (0.64 + 0.26 * depth) - tall
        cap = tall * 0.28
        draw.polygon(
            [(at, top), (at + cap * 1.2, top + cap), (at + cap * 0.3, top + cap * 0.8), (at - cap * 0.4, top + cap)],
            fill=(*mix(c, l, 0.30), 255),
        )


def _forest(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], depth: float, c: Colour, l: Colour, rng: random.Random
) -> None:  # noqa: E501, E741
    ys = _outline(size, 0.66 + 0.24 * depth, 0.03, _waves_of(rng, (2, 3)))
    _fill(draw, size, ys, c)
    x = 0.0
    while x < size[0]:
        tall = size[1] * rng.uniform(0.09, 0.20) * (0.55 + 0.75 * depth)
        ground = ys[min(int(x / 4), len(ys) - 1)] + 6
        for tier in range(3):
            top = ground - tall + tall * 0.26 * tier
            half = tall * (0.11 + 0.07 * tier)
            for shift in (-size[0], 0, size[0]):
                draw.polygon(
                    [(x + shift, top), (x + shift - half, top + tall * 0.46), (x + shift + half, top + tall * 0.46)],
                    fill=(*c, 255),
                )
        x += tall * rng.uniform(0.22, 0.62)


def _city(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], depth: float, c: Colour, l: Colour, rng: random.Random
) -> None:  # noqa: E501, E741
    unit = size[1] / 90
    ground = size[1] * (0.70 + 0.22 * depth)
    draw.rectangle((0, ground, *size), fill=(*c, 255))
    x = 0.0
    while x < size[0]:
        wide = unit * rng.uniform(6, 12) * (0.7 + 0.6 * depth)
        wide = min(wide, size[0] - x)
        top = ground - size[1] * rng.uniform(0.06, 0.30) * (1 - 0.25 * depth)
        draw.rectangle((x, top, x + wide, size[1]), fill=(*c, 255))
        if rng.random() < 0.25:
            draw.rectangle((x + wide / 2, top - unit * 5, x + wide / 2 + unit * 0.4, top), fill=(*c, 255))
        step = unit * 2.0
        y = top + step
        while y < size[1]:
            wx = x + unit
            while wx < x + wide - unit * 1.4:
                if rng.random() < 0.34:
                    glow = mix(c, l, rng.uniform(0.25, 0.75) * (0.55 + 0.45 * depth))
                    draw.rectangle((wx, y, wx + unit * 0.8, y + unit * 1.0), fill=(*glow, 255))
                wx += unit * 1.7
            y += step
        x += wide + rng.choice((0.0, 0.0, unit * 1.5))


def _waves(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], depth: float, c: Colour, l: Colour, rng: random.Random
) -> None:  # noqa: E501, E741
    waves = _waves_of(rng, (6 + round(4 * (1 - depth)), 11, 17))
    _fill(draw, size, _outline(size, 0.62 + 0.26 * depth, 0.008 + 0.014 * depth, waves), mix(c, l, 0.34))
    _fill(draw, size, _outline(size, 0.628 + 0.272 * depth, 0.008 + 0.014 * depth, waves), c)


_Drawer = Callable[[ImageDraw.ImageDraw, tuple[int, int], float, Colour, Colour, random.Random], None]
_DRAWERS: dict[Shape, _Drawer] = {
    "hills": _hills,
    "mountains": _mountains,
    "forest": _forest,
    "city": _city,
    "waves": _waves,
}
