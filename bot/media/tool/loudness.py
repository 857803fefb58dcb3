"""How loud a sound is (EBU R 128), and by how much it is made louder or quieter so that all parts of a film are alike.

The gain of a part is one number: its dynamics stay as they are, unlike with a one-pass `loudnorm`.
"""

import math
from fractions import Fraction

import av

from bot.media.tool.sounds import LAYOUT, SAMPLE_FORMAT, SAMPLE_RATE, Sound

TARGET_LUFS = -16.0
"""The loudness of a film, as players on the web have it."""
PEAK_DBTP_MAX = -1.5
"""The true peak that no part exceeds."""
GAIN_DB_MAX = 15.0
"""A very quiet part is no louder made than this: it may be meant to be quiet."""
BACKGROUND_LU = 12.0
"""How much quieter a sound is that is mixed under others."""
_SILENT_LUFS = -69.0
"""What is quieter is no sound, or too short to be measured."""
_SAMPLES_MAX = 3600 * SAMPLE_RATE


def gain_of(sound: Sound, seconds: Fraction, target: float = TARGET_LUFS) -> float:
    """Return the gain in dB that brings a sound to `target`. The sound is read to `seconds`, or to its end."""
    graph = av.filter.Graph()
    nodes = [
        graph.add_abuffer(
            sample_rate=SAMPLE_RATE, format=SAMPLE_FORMAT, layout=LAYOUT, time_base=Fraction(1, SAMPLE_RATE)
        ),
        graph.add("ebur128", "metadata=1:peak=true:framelog=quiet"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    place, whole = 0, min(round(seconds * SAMPLE_RATE), _SAMPLES_MAX)
    measured: dict[str, str] = {}
    while place < whole and not (sound.ended and sound.waiting == 0):
        block = sound.read(min(SAMPLE_RATE, whole - place))
        block.pts, block.time_base = place, Fraction(1, SAMPLE_RATE)
        place += block.samples
        graph.push(block)
        measured = _last_metadata(graph) or measured
    graph.push(None)
    measured = _last_metadata(graph) or measured
    return _gain(measured, target)


def _gain(measured: dict[str, str], target: float) -> float:
    loudness = float(measured.get("lavfi.r128.I", "-inf"))
    peak = float(measured.get("lavfi.r128.true_peak", "0"))
    if not _SILENT_LUFS < loudness < math.inf or peak <= 0:
        return 0.0
    return min(target - loudness, PEAK_DBTP_MAX - 20 * math.log10(peak), GAIN_DB_MAX)


def _last_metadata(graph: av.filter.Graph) -> dict[str, str]:
    last: dict[str, str] = {}
    while True:
        try:
            last = dict(graph.pull().metadata) or last
        except (av.error.BlockingIOError, av.error.EOFError):
            return last
