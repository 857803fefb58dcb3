"""The pictures of a clip: a soft gradient, or the given photograph, that drifts under a caption.

The background is painted once, larger than the clip. Each frame is a window of it that wanders in a circle, so that
drawing a frame costs one crop and one paste. A clip that was given a photograph begins with it as it is, and turns into
such pictures within START_SECONDS: so its first frame shows whether it begins where another clip ended.
"""

import colorsys
import math
import random
from collections.abc import Iterator
from functools import cache, partial

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from sandbox.studio.video.clip import FPS, ClipSpec

MARGIN_SHARE = 0.12
"""Width of the border over which the window wanders, as a share of the clip's sides."""
LAP_SECONDS = 4.0
"""Seconds in which the window wanders once around."""
MESH = (5, 4)
"""Columns and rows of the coloured points between which the gradient runs."""
START_SECONDS = 0.5
"""Seconds in which the given photograph turns into the pictures of the clip."""
LINES_MAX = 3
"""Lines of the prompt that are shown."""
FONTS = ("DejaVuSans-Bold.ttf", "NotoSansCJK-Bold.ttc", "Arial Bold.ttf", "arialbd.ttf")
"""Bold fonts that Pillow finds by name where they are installed. Its own font has Latin letters only."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def frames(spec: ClipSpec) -> Iterator[Image.Image]:
    """Draw the clip's RGB pictures, one after the other: `spec.seconds * FPS` of them."""
    size = (spec.width, spec.height)
    margin_x, margin_y = (math.ceil(side * MARGIN_SHARE) for side in size)
    canvas = (spec.width + 2 * margin_x, spec.height + 2 * margin_y)
    photograph, start = _photograph(spec, canvas), _photograph(spec, size)
    background = _gradient(spec, canvas) if photograph is None else _under_words(photograph)
    overlay = _caption(spec)
    count = round(spec.seconds * FPS)
    for number in range(count):
        angle = math.tau * number / (FPS * LAP_SECONDS)
        left, top = round(margin_x * (1 + math.cos(angle))), round(margin_y * (1 + math.sin(angle)))
        picture = background.crop((left, top, left + spec.width, top + spec.height))
        picture.paste(overlay, (0, 0), overlay)
        done = (0, spec.height - max(2, spec.height // 90), spec.width * (number + 1) // count, spec.height)
        ImageDraw.Draw(picture).rectangle(done, fill=(255, 255, 255))
        turned = number / (START_SECONDS * FPS)
        yield Image.blend(start, picture, turned) if start is not None and turned < 1 else picture


def picture_size(path: str) -> tuple[int, int] | None:
    """Return a picture's width and height as seen, or None for a file that is no picture."""
    try:
        with Image.open(path) as image:
            return ImageOps.exif_transpose(image).size
    except (OSError, Image.DecompressionBombError):
        return None


def wrap(text: str, font: Font, width: int) -> list[str]:
    """Break a text into at most LINES_MAX lines that fit `width` pixels; what is cut ends in an ellipsis."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < LINES_MAX:
        cut = min(len(rest), 200)
        while cut > 1 and font.getlength(rest[:cut]) > width:
            space = rest.rfind(" ", 0, cut)
            cut = space if space > 0 else cut - 1
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    if rest:
        while lines[-1] and font.getlength(lines[-1] + "…") > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    return lines


@cache
def load_font(size: int) -> Font:
    """Return the first of FONTS that is installed, or Pillow's own font."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _photograph(spec: ClipSpec, size: tuple[int, int]) -> Image.Image | None:
    if spec.image is None:
        return None
    try:
        with Image.open(spec.image) as image:
            return ImageOps.fit(ImageOps.exif_transpose(image).convert("RGB"), size, Image.Resampling.LANCZOS)
    except (OSError, Image.DecompressionBombError):
        return None


def _under_words(photograph: Image.Image) -> Image.Image:
    """Blur the lower part of a photograph, where the caption stands: another clip's frame has words there."""
    width, height = photograph.size
    ramp = Image.linear_gradient("L").resize((width, height)).point(lambda grey: min(255, max(0, 5 * (grey - 110))))
    return Image.composite(photograph.filter(ImageFilter.GaussianBlur(height / 12)), photograph, ramp)


def _gradient(spec: ClipSpec, size: tuple[int, int]) -> Image.Image:
    """Paint neighbouring hues, bright above and dark below; equal clips get equal colours."""
    chance = random.Random(spec.content_key())
    first_hue = chance.random()
    mesh = Image.new("RGB", MESH)
    for x in range(MESH[0]):
        for y in range(MESH[1]):
            hue = (first_hue + chance.uniform(0, 0.28)) % 1
            light = 0.95 - 0.6 * y / (MESH[1] - 1) - chance.uniform(0, 0.15)
            red, green, blue = colorsys.hsv_to_rgb(hue, chance.uniform(0.4, 0.65), light)
            mesh.putpixel((x, y), (round(red * 255), round(green * 255), round(blue * 255)))
    return mesh.resize(size, Image.Resampling.BICUBIC)


def _caption(spec: ClipSpec) -> Image.Image:
    """Draw the words over the whole picture: the prompt, and below it the model and what was asked of it."""
    overlay = Image.new("RGBA", (spec.width, spec.height))
    draw = ImageDraw.Draw(overlay)
    unit = min(spec.width, spec.height) / 100
    large, small = load_font(max(10, round(6.5 * unit))), load_font(max(8, round(3.6 * unit)))
    lines = wrap(" ".join(spec.prompt.split()) or "(no prompt)", large, round(spec.width - 14 * unit))
    left, top = 7 * unit, spec.height - 14 * unit - 8.5 * unit * len(lines)
    write = partial(draw.text, stroke_width=max(1, round(unit / 3)), stroke_fill=(0, 0, 0, 110))
    for number, line in enumerate(lines):
        write((left, top + 8.5 * unit * number), line, font=large, fill=(255, 255, 255, 255))
    facts = f"{spec.title}  ·  {spec.facts}"
    write((left, spec.height - 12.5 * unit), facts, font=small, fill=(255, 255, 255, 215))
    write((spec.width - left, left), "SANDBOX", font=small, fill=(255, 255, 255, 150), anchor="ra")
    return overlay
