"""How a decoded picture is meant to be shown: upright, with square pixels."""

from fractions import Fraction

import av

PIXEL_ASPECT_MAX = 4
"""How much wider than high, or higher than wide, a pixel may be. More is taken for a mistake."""


def turn_of(picture: av.VideoFrame) -> int:
    """Return by how many degrees a picture is turned counterclockwise to be upright: 0, 90, 180 or 270."""
    return round(picture.rotation / 90) * 90 % 360


def shown_size(picture: av.VideoFrame, stream: av.VideoStream, turn: int) -> tuple[int, int]:
    """Return the width and height in which a picture is meant to be shown."""
    width, height = max(1, round(picture.width * pixel_aspect(stream))), picture.height
    return (height, width) if turn in {90, 270} else (width, height)


def pixel_aspect(stream: av.VideoStream) -> Fraction:
    """Return how much wider than high the stream's pixels are."""
    aspect = stream.sample_aspect_ratio
    if not aspect or not Fraction(1, PIXEL_ASPECT_MAX) <= aspect <= PIXEL_ASPECT_MAX:
        return Fraction(1)
    return Fraction(aspect)


class Shaper:
    """Bring pictures into one size, upright. The filters are made anew when pictures begin to come otherwise."""

    def __init__(self, filters: tuple[tuple[str, str], ...], pixel_format: str) -> None:
        """Make a shaper whose `filters` come after the turn. `pixel_format` is that of the pictures it returns."""
        self._filters = filters
        self._pixel_format = pixel_format
        self._graph: av.filter.Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def shape(self, picture: av.VideoFrame) -> av.VideoFrame:
        """Return a picture in the wanted size. Its time stamp is that of the one given."""
        turn = turn_of(picture)
        kind = (picture.width, picture.height, picture.format.name, picture.colorspace, picture.color_range, turn)
        if self._graph is None or kind != self._made_for:
            self._graph, self._made_for = self._make(picture, turn), kind
        self._graph.vpush(picture)
        return self._graph.vpull()

    def _make(self, picture: av.VideoFrame, turn: int) -> av.filter.Graph:
        graph = av.filter.Graph()
        source = graph.add_buffer(
            width=picture.width,
            height=picture.height,
            format=picture.format,
            time_base=picture.time_base or Fraction(1, 1000),
        )
        nodes = [source]
        nodes += [graph.add("transpose", way) for way in _TURNS.get(turn, ())]
        nodes += [graph.add(name, arguments) for name, arguments in self._filters]
        nodes += [graph.add("format", self._pixel_format), graph.add("buffersink")]
        graph.link_nodes(*nodes).configure()
        return graph


_TURNS = {90: ("cclock",), 180: ("clock", "clock"), 270: ("clock",)}
"""Degrees counterclockwise → the filter's arguments."""
