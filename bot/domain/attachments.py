"""A file that a member attached, and what can be known about it before it is sent to the provider."""

import mimetypes
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.json_value import JsonObject, JsonValue


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


_KINDS = {kind.value: kind for kind in MediaKind}
MEGABYTE = 1_000_000
SIZE_BYTES_MAX = {
    MediaKind.IMAGE: 20 * MEGABYTE,
    MediaKind.VIDEO: 200 * MEGABYTE,
    MediaKind.AUDIO: 20 * MEGABYTE,
}
"""Our own bounds: the provider's pages name none, and a file beyond these is a mistake more often than not."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file behind a public URL. What Discord did not tell is None; `duration` is in seconds."""

    url: str
    filename: str
    content_type: str | None = None
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None

    @property
    def kind(self) -> MediaKind | None:
        """By its content type, else by its name's ending; None where neither tells."""
        for content_type in (self.content_type, mimetypes.guess_type(self.filename)[0]):
            main = (content_type or "").partition("/")[0].strip().lower()
            if main in _KINDS:
                return _KINDS[main]
        return None

    @property
    def fetchable(self) -> bool:
        """Whether the provider can fetch it: an http or https address with a host."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and bool(parts.hostname)

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, JsonValue]) -> "Attachment":
        return cls(**stored)  # type: ignore[arg-type]  # written by to_json
