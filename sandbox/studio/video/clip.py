"""What a clip shall be, as plain data that crosses the process border (importable without PyAV and Pillow)."""

import hashlib
import json
from dataclasses import asdict, dataclass

FPS = 24
RATIO_DEFAULT = "16:9"
SHORT_SIDE_DEFAULT = 360
SHORT_SIDES = {"720p": 480, "pro": 480, "high": 480, "1080p": 720}
"""Pixels of the short side by quality mode: smaller than the name says, since someone waits while it is rendered."""


@dataclass(frozen=True)
class ClipSpec:
    """A clip in pixels and seconds. `image` is the path of a picture to animate; `seed` tells renders apart."""

    prompt: str
    title: str
    facts: str
    width: int
    height: int
    seconds: float
    audio: bool
    image: str | None = None
    seed: int = 0

    def content_key(self) -> str:
        """Equal for equal clips: names the file in the cache."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class ClipFacts:
    """What a probe found in a clip; `still` is the path of its first picture."""

    seconds: float
    width: int
    height: int
    still: str


def dimensions(ratio: str | None, quality: str | None, short_side_max: int) -> tuple[int, int]:
    """Even width and height in pixels for `16:9` and the like; `Auto` and None mean 16:9."""
    wide, tall = (int(part) for part in (ratio if ratio and ":" in ratio else RATIO_DEFAULT).split(":"))
    short = min(SHORT_SIDES.get(quality or "", SHORT_SIDE_DEFAULT), short_side_max)
    scale = short / min(wide, tall)
    return _even(wide * scale), _even(tall * scale)


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
