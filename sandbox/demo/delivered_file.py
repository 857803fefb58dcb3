"""Whether a delivered file is the video that was asked for: decoded, not believed."""

import io
from dataclasses import dataclass

import av


class NoVideo(Exception):
    """The file cannot be decoded."""


@dataclass(frozen=True)
class DeliveredFile:
    """What a probe found: lengths in seconds, pixels, bytes."""

    codec: str
    audio: str | None
    seconds: float
    width: int
    height: int
    size: int

    def __str__(self) -> str:
        """Describe the file in one line."""
        audio = f" + {self.audio}" if self.audio else ""
        return f"{self.codec}{audio}, {self.width}×{self.height}, {self.seconds:.1f} s, {self.size / 1000:.0f} kB"


def probe(data: bytes) -> DeliveredFile:
    """Decode the first picture of a file's bytes and read its facts. Raises NoVideo."""
    try:
        with av.open(io.BytesIO(data), "r") as container:
            video = container.streams.video[0]
            next(container.decode(video))
            audio = container.streams.audio[0].codec_context.name if container.streams.audio else None
            seconds = (container.duration or 0) / av.time_base
            return DeliveredFile(video.codec_context.name, audio, seconds, video.width, video.height, len(data))
    except (av.FFmpegError, IndexError, StopIteration) as error:
        raise NoVideo(str(error)) from error
