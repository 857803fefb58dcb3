"""Files that members attach to a request."""

import mimetypes
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.json_value import JsonObject, JsonValue


class MediaKind(StrEnum):
    """The kinds of files that a model can take."""

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
"""Largest file of each kind, in bytes. The provider's documentation names no limit, so these are our own."""


ON_CARD = "attachment://"
"""The beginning of the address of a file that travels on its job's card. It is Discord's own notation for a message's
files; the card's true address takes its place when the request is sent."""


@dataclass(frozen=True, slots=True)
class CardFile:
    """A file that the bot itself gives to a request. It travels on the job's card under this name."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file behind a public URL, or one that travels on its job's card (`ON_CARD`).

    A fact that Discord did not state is None; `duration` is in seconds.
    """

    url: str
    filename: str
    content_type: str | None = None
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None

    @property
    def kind(self) -> MediaKind | None:
        """The kind by content type, else by file name extension; None if neither tells."""
        for content_type in (self.content_type, mimetypes.guess_type(self.filename)[0]):
            main = (content_type or "").partition("/")[0].strip().lower()
            if main in _KINDS:
                return _KINDS[main]
        return None

    @property
    def on_card(self) -> bool:
        """Whether the bot itself gives the file, on the job's card."""
        return self.url.startswith(ON_CARD)

    @property
    def fetchable(self) -> bool:
        """Whether the provider can fetch the file when it is sent: its address is http or https and has a host."""
        if self.on_card:
            return True
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and bool(parts.hostname)

    def to_json(self) -> JsonObject:
        """Return all fields as JSON, for storage."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, JsonValue]) -> "Attachment":
        """Return the attachment that `to_json` wrote."""
        return cls(**stored)  # type: ignore[arg-type]  # written by to_json
