"""A file that a member attached, and what can be known about it before it is sent to the provider."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.domain.json_value import JsonObject, JsonValue


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


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

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, JsonValue]) -> "Attachment":
        return cls(**stored)  # type: ignore[arg-type]  # written by to_json
