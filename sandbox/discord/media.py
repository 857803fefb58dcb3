"""Width and height of an uploaded picture or video, which Discord puts into the attachment.

Only headers are read. A file that cannot be read has no dimensions.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MP4_BOXES_MAX = 1000


def dimensions(path: Path, content_type: str) -> tuple[int, int] | None:
    """Return width and height in pixels; None if the type is unknown or the file cannot be read."""
    readers = {"image/png": _png, "image/gif": _gif, "image/jpeg": _jpeg, "video/mp4": _mp4}
    reader = readers.get(content_type)
    if reader is None:
        return None
    try:
        with path.open("rb") as file:
            return reader(file)
    except (struct.error, ValueError):
        return None


def _png(file: BinaryIO) -> tuple[int, int] | None:
    header = file.read(24)
    if header[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack(">II", header[16:24])
    return width, height


def _gif(file: BinaryIO) -> tuple[int, int] | None:
    header = file.read(10)
    if header[:3] != b"GIF":
        return None
    width, height = struct.unpack("<HH", header[6:10])
    return width, height


def _jpeg(file: BinaryIO) -> tuple[int, int] | None:
    """Walk the segments to a start-of-frame (SOF0-SOF15 without the tables C4, C8, CC)."""
    if file.read(2) != b"\xff\xd8":
        return None
    while True:
        marker, kind, length = struct.unpack(">BBH", file.read(4))
        if marker != 0xFF:
            return None
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">xHH", file.read(5))
            return width, height
        file.seek(length - 2, 1)


def _mp4(file: BinaryIO) -> tuple[int, int] | None:
    """Read the first track header (moov/trak/tkhd) that has a picture: sound tracks have 0 x 0."""
    size = file.seek(0, 2)
    for moov_start, moov_end in _boxes(file, 0, size, b"moov"):
        for trak_start, trak_end in _boxes(file, moov_start, moov_end, b"trak"):
            for _, end in _boxes(file, trak_start, trak_end, b"tkhd"):
                file.seek(end - 8)
                width, height = struct.unpack(">II", file.read(8))
                if width and height:
                    return width >> 16, height >> 16
    return None


def _boxes(file: BinaryIO, start: int, end: int, kind: bytes) -> Iterator[tuple[int, int]]:
    """Yield the content ranges of the boxes of one kind that lie directly between `start` and `end`."""
    for _ in range(MP4_BOXES_MAX):
        if start + 8 > end:
            return
        file.seek(start)
        length, name = struct.unpack(">I4s", file.read(8))
        header = 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            header = 16
        if length < header:
            return
        if name == kind:
            yield start + header, start + length
        start += length
