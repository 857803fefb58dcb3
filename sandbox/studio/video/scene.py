"""A moving landscape (or a slowly moving photograph) under a caption, frame by frame.

Everything is drawn once and then only cropped and pasted: scrolling by whole pixels costs a fraction of a millisecond
a layer, so that an 8 s clip is drawn in about a second without numpy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from sandbox.studio.video.caption import caption
from sandbox.studio.video.clip import FPS, ClipSpec
from sandbox.studio.video.land import layer, mix
from sandbox.studio.video.palette import Colour, Palette, Shape, choose

PARTICLES = 34
LAYERS = 4
FADE_FRAMES = 10
ZOOM_MAX = 1.18


def frames(spec: ClipSpec) -> Iterator[Image.Image]:
    """The clip's pictures: RGB, `spec.seconds × FPS` of them."""
    count = round(spec.seconds * FPS)
    rng = random.Random(spec.content_key())
    palette, shape = choose(spec.prompt, rng)
    background = _photograph(spec) or _Landscape(spec, palette, shape, rng)
    particles = _Particles(spec, palette, rng)
    overlay = caption(spec.width, spec.height, spec.prompt, spec.title, spec.facts)
    mask = overlay.getchannel("A")
    overlay = overlay.convert("RGB")
    bar_height = max(2, spec.height // 120)
    for number in range(count):
        picture = background.frame(number, count)
        particles.draw(picture, number)
        shown = min(1.0, (number + 1) / FADE_FRAMES)
        picture.paste(overlay, (0, 0), mask if shown >= 1 else mask.point([round(v * shown) for v in range(256)]))
        bar = (0, spec.height - bar_height, round(spec.width * (number + 1) / count), spec.height)
        ImageDraw.Draw(picture).rectangle(bar, fill=palette.sun)
        yield picture


class _Landscape:
    """Sky, sun, and layers of land, the nearer the faster."""

    def __init__(self, spec: ClipSpec, palette: Palette, shape: Shape, rng: random.Random) -> None:
        self.width, self.height = spec.width, spec.height
        self.period = self.width * 2
        self.palette = palette
        self.sky = _sky(self.width, self.height, palette)
        if palette.stars:
            _stars(self.sky, rng)
        self.sun = _glow(round(min(self.width, self.height) * 0.62), palette.sun)
        self.sun_x = rng.uniform(0.56, 0.78)
        self.layers = []
        step = max(1, round(self.height / 360))
        for index in range(LAYERS):
            depth = index / (LAYERS - 1)
            colour = mix(palette.land[0], palette.land[1], depth)
            strip = layer(shape, self.width, self.height, self.period, depth, colour, palette.sun, rng)
            top = (strip.getchannel("A").getbbox() or (0, 0, 0, 0))[1]
            strip = strip.crop((0, top, strip.width, strip.height))
            self.layers.append((strip.convert("RGB"), strip.getchannel("A"), top, (index + 1) * step))

    def frame(self, number: int, count: int) -> Image.Image:
        picture = self.sky.copy()
        along = number / max(1, count - 1)
        at = (
            round(self.width * self.sun_x - self.sun.width / 2 - along * self.width * 0.05),
            round(self.height * (0.36 + 0.10 * along) - self.sun.height / 2),
        )
        picture.paste(self.palette.sun, at, self.sun)
        for strip, alpha, top, speed in self.layers:
            left = number * speed % self.period
            window = (left, 0, left + self.width, strip.height)
            picture.paste(strip.crop(window), (0, top), alpha.crop(window))
        return picture


def picture_size(path: str) -> tuple[int, int] | None:
    """Width and height as seen, or None for what is not a picture."""
    try:
        with Image.open(path) as image:
            return ImageOps.exif_transpose(image).size
    except (OSError, Image.DecompressionBombError):
        return None


def _photograph(spec: ClipSpec) -> _Photograph | None:
    if spec.image is None:
        return None
    try:
        with Image.open(spec.image) as image:
            return _Photograph(ImageOps.exif_transpose(image).convert("RGB"), spec)
    except (OSError, Image.DecompressionBombError):
        return None  # Not a picture: the landscape will do.


class _Photograph:
    """A still that zooms in slowly and drifts: the sandbox's image-to-video."""

    def __init__(self, upright: Image.Image, spec: ClipSpec) -> None:
        self.size = (spec.width, spec.height)
        self.still = ImageOps.fit(upright, self.size, Image.Resampling.LANCZOS)

    def frame(self, number: int, count: int) -> Image.Image:
        along = number / max(1, count - 1)
        along = along * along * (3 - 2 * along)
        zoom = 1 + (ZOOM_MAX - 1) * along
        width, height = self.size
        left = (width - width / zoom) * (0.5 + 0.35 * math.sin(along * math.pi * 0.8))
        top = (height - height / zoom) * 0.45
        return self.still.transform(
            self.size, Image.Transform.AFFINE, (1 / zoom, 0, left, 0, 1 / zoom, top), Image.Resampling.BILINEAR
        )


@dataclass
class _Particle:
    x: float
    y: float
    dx: float
    dy: float
    phase: float
    sprite: int


class _Particles:
    """Fireflies, snow or embers: small soft discs that wrap around."""

    def __init__(self, spec: ClipSpec, palette: Palette, rng: random.Random) -> None:
        self.size = (spec.width, spec.height)
        self.colour = palette.particle
        short = min(self.size)
        self.sprites = [_disc(max(3, round(short * share))) for share in (0.012, 0.02, 0.034)]
        down = {"rise": -1.0, "fall": 1.0, "float": -0.25}[palette.drift]
        self.all = []
        for _ in range(PARTICLES):
            sprite = rng.choices((0, 1, 2), weights=(6, 4, 2))[0]
            pace = short / 360 * (0.7 + 0.7 * sprite)
            self.all.append(
                _Particle(
                    x=rng.uniform(0, self.size[0]),
                    y=rng.uniform(0, self.size[1]),
                    dx=-pace * rng.uniform(0.5, 1.2),
                    dy=pace * down * rng.uniform(0.7, 1.5),
                    phase=rng.uniform(0, math.tau),
                    sprite=sprite,
                )
            )

    def draw(self, picture: Image.Image, number: int) -> None:
        width, height = self.size
        for one in self.all:
            sprite = self.sprites[one.sprite]
            sway = math.sin(number / 17 + one.phase) * 4 * (one.sprite + 1)
            x = (one.x + one.dx * number + sway) % (width + 40) - 20
            y = (one.y + one.dy * number) % (height + 40) - 20
            picture.paste(self.colour, (round(x), round(y)), sprite)


def _sky(width: int, height: int, palette: Palette) -> Image.Image:
    column = Image.new("RGB", (1, height))
    horizon = height * 0.72
    for y in range(height):
        share = min(1.0, y / horizon)
        top, middle, low = palette.sky
        colour = mix(top, middle, share * 2) if share < 0.5 else mix(middle, low, share * 2 - 1)
        column.putpixel((0, y), colour)
    return column.resize((width, height))


def _stars(sky: Image.Image, rng: random.Random) -> None:
    draw = ImageDraw.Draw(sky)
    for _ in range(110):
        x, y = rng.uniform(0, sky.width), rng.triangular(0, sky.height * 0.6, 0)
        size = rng.choice((0, 0, 0, 1)) * max(1, sky.height // 360)
        shade = rng.randint(120, 240)
        draw.rectangle((x, y, x + size, y + size), fill=(shade, shade, 255))


def _glow(size: int, colour: Colour) -> Image.Image:
    """The mask of a disc with a wide halo."""
    halo = Image.radial_gradient("L").resize((size, size))
    mask = halo.point([round(150 * max(0.0, 1 - value / 178) ** 2.2) for value in range(256)])
    draw = ImageDraw.Draw(mask)
    edge = size * 0.37
    draw.ellipse((edge, edge, size - edge, size - edge), fill=250)
    return mask.filter(ImageFilter.GaussianBlur(max(1.0, size / 140)))


def _disc(size: int) -> Image.Image:
    return (
        Image.radial_gradient("L")
        .resize((size, size))
        .point([round(210 * max(0.0, 1 - value / 178) ** 1.2) for value in range(256)])
    )
