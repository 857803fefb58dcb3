"""The lower third: the prompt, and beneath it the model and what was asked of it."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

LINES_MAX = 3
FONTS = ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
FONTS_CJK = ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "Hiragino Sans GB.ttc", "msyh.ttc")
CJK_BEGINS = 0x2E80

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def font(size: int, cjk: bool) -> Font:
    """A bold font of the system that Pillow finds by name, or the one that Pillow carries (Latin letters only)."""
    for name in (FONTS_CJK + FONTS) if cjk else FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def caption(width: int, height: int, prompt: str, title: str, facts: str) -> Image.Image:
    """An RGBA overlay of the whole picture: a soft scrim at the bottom, a vignette, and the text."""
    text = " ".join(prompt.split()) or "(no prompt)"
    cjk = any(ord(letter) >= CJK_BEGINS for letter in text)
    short = min(width, height)
    margin = round(short * 0.065)
    large = font(max(10, round(short * 0.064)), cjk)
    small = font(max(8, round(short * 0.036)), False)
    lines = wrap(text, large, width - 2 * margin)
    line_height = round(short * 0.086)
    small_height = round(short * 0.062)
    top = height - margin - small_height - line_height * len(lines)

    overlay = _scrim(width, height, top - line_height)
    shadow = Image.new("RGBA", (width, height))
    _write(
        shadow, lines, large, small, f"{title}  ·  {facts}", margin, top, line_height, (0, 0, 0, 170), (0, 0, 0, 170)
    )
    overlay.alpha_composite(shadow.filter(ImageFilter.GaussianBlur(max(1.0, short / 180))))
    _write(
        overlay,
        lines,
        large,
        small,
        f"{title}  ·  {facts}",
        margin,
        top,
        line_height,
        (255, 255, 255, 255),
        (255, 255, 255, 205),
    )
    mark = ImageDraw.Draw(overlay)
    mark.text((width - margin, margin), "SANDBOX", font=small, fill=(255, 255, 255, 120), anchor="ra")
    return overlay


def wrap(text: str, face: Font, width: int) -> list[str]:
    """At most LINES_MAX lines that fit `width` pixels; what is cut ends in an ellipsis. Breaks long words."""
    lines: list[str] = []
    rest = text
    while rest:
        cut = len(rest)
        while cut > 1 and face.getlength(rest[:cut]) > width:
            space = rest.rfind(" ", 0, cut)
            # Jump to a plausible length first: a prompt can have thousands of letters.
            cut = min(space, 200) if space > 0 else min(cut - 1, 200)
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
        if len(lines) == LINES_MAX and rest:
            last = lines[-1]
            while last and face.getlength(last + "…") > width:
                last = last[:-1]
            lines[-1] = last.rstrip(" ,.;:") + "…"
            break
    return lines


def _scrim(width: int, height: int, top: int) -> Image.Image:
    """Darkens the bottom for legibility and the corners for depth."""
    alpha = Image.new("L", (1, height))
    for y in range(height):
        share = max(0.0, (y - top) / max(1, height - top))
        alpha.putpixel((0, y), round(165 * min(1.0, share * 1.5) ** 1.4))
    corners = Image.radial_gradient("L").resize((width, height))
    vignette = corners.point([round(max(0, value - 150) * 0.55) for value in range(256)])
    scrim = Image.new("RGBA", (width, height), (6, 6, 16, 0))
    scrim.putalpha(ImageChops.lighter(alpha.resize((width, height)), vignette))
    return scrim


def _write(
    image: Image.Image, lines: list[str], large: Font, small: Font, foot: str, left: int, top: int, line_height: int,
    fill: tuple[int, int, int, int], foot_fill: tuple[int, int, int, int],
) -> None:  # fmt: skip
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        draw.text((left, top + index * line_height), line, font=large, fill=fill)
    draw.text((left, top + len(lines) * line_height + line_height * 0.12), foot, font=small, fill=foot_fill)
