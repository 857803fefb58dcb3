"""What is kept about a person, in numbers, and how it is told: as files of a size that Discord takes."""

import io
import json
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.json_value import JsonObject

Sections = Mapping[str, Sequence[JsonObject]]
"""What is kept about a person: the name of a table → its rows."""

FILE_NAME = "reelmaker-data"
"""The name of an export's files, before a number and an ending."""


def new_pseudonym() -> int:
    """Return a random number to stand for a person who was erased. It is negative, and Discord's ids are not."""
    return -1 - secrets.randbelow(2**62)


def is_pseudonym(person_id: int) -> bool:
    """Tell whether a person's id stands for somebody who was erased."""
    return person_id < 0


@dataclass(frozen=True, slots=True)
class Erasure:
    """A member's data in one guild that is to be erased. `guild_id` is NO_GUILD for what belongs to no guild."""

    member_id: int
    guild_id: int
    pseudonym: int
    delete_messages: bool
    """Whether posted results are deleted on Discord, too."""
    requested_at: float
    """What is older is erased. Seconds since the epoch."""


NO_GUILD = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept about a person."""

    jobs: int
    active_jobs: int
    """Of them, those that have not ended."""
    ledger_entries: int
    choices: int
    """Models of which the last choices are remembered."""
    guilds: int
    """Guilds in which the person asked for videos."""
    pictures: int
    """Saved pictures, their own and those that they gave to a guild."""
    erasures: int
    """Guilds in which an erasure is under way."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the bot's owner says about data."""

    retention_days: int = 90
    """Days for which prompts, files and results are kept after a job has ended."""
    privacy_url: str | None = None
    terms_url: str | None = None


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export."""

    name: str
    content: bytes


def export_files(sections: Sections, size_max: int) -> list[ExportFile]:
    """Return what is kept about a person as one JSON file, or as the fewest zipped ones that the size allows.

    `size_max` is in bytes. Each file is complete JSON in itself. One row that is too large alone is not divided.
    """
    plain = _json(sections)
    if len(plain) <= size_max:
        return [ExportFile(f"{FILE_NAME}.json", plain)]
    parts = _parts(sections, size_max)
    if len(parts) == 1:
        return [ExportFile(f"{FILE_NAME}.zip", parts[0])]
    return [ExportFile(f"{FILE_NAME}-{number}.zip", part) for number, part in enumerate(parts, start=1)]


def _parts(sections: Sections, size_max: int) -> list[bytes]:
    zipped = _zipped(_json(sections))
    longest = max(map(len, sections.values()), default=0)
    if len(zipped) <= size_max or longest <= 1:
        return [zipped]
    halves = [
        {name: rows[: (len(rows) + 1) // 2] for name, rows in sections.items()},
        {name: rows[(len(rows) + 1) // 2 :] for name, rows in sections.items()},
    ]
    return [part for half in halves for part in _parts(half, size_max)]


def _json(sections: Sections) -> bytes:
    return json.dumps(sections, ensure_ascii=False, indent=1).encode()


def _zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{FILE_NAME}.json", content)
    return file.getvalue()
