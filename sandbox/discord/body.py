"""Reading a request's body: JSON, or multipart with `payload_json` and `files[n]`."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.discord.errors import ApiError
from sandbox.discord.files import FileStore

JSON_BYTES_MAX = 8 * 1024 * 1024
UPLOAD_BYTES_KEPT_MAX = 128 * 1024 * 1024
"""Bytes of one file that are stored. No boost tier allows as many; further bytes are only counted."""

CHUNK_BYTES = 256 * 1024
FILE_FIELD = re.compile(r"files?(?:\[(\d+)\])?$")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part: `index` is its n in `files[n]`, by which `attachments[].id` refers to it."""

    index: int
    filename: str
    path: Path
    size: int


@dataclass(slots=True)
class Body:
    """A request's JSON (None if there was none) and its file parts."""

    json: Any = None
    uploads: list[Upload] = field(default_factory=list)

    @property
    def upload_bytes(self) -> int:
        """The size of all files together."""
        return sum(upload.size for upload in self.uploads)


async def read_body(request: web.Request, files: FileStore) -> Body:
    """Read a request to its end, also if it will be refused: an early answer would reach the client as a broken pipe.

    Raises `ApiError` 50109 for invalid JSON and 413 for too much of it.
    """
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request, files)
    raw = await request.read()
    return Body(json=_parse(raw) if raw else None)


async def _read_multipart(request: web.Request, files: FileStore) -> Body:
    body = Body()
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        matched = FILE_FIELD.match(part.name or "")
        if part.name == "payload_json":
            body.json = _parse(await part.read(decode=True))
        elif matched and part.filename:
            index = int(matched[1]) if matched[1] else len(body.uploads)
            path = files.new_path()
            body.uploads.append(Upload(index, part.filename, path, await _store(part, path)))
    return body


async def _store(part: BodyPartReader, path: Path) -> int:
    size = 0
    with path.open("wb") as file:
        while chunk := await part.read_chunk(CHUNK_BYTES):
            size += len(chunk)
            if size <= UPLOAD_BYTES_KEPT_MAX:
                file.write(chunk)
    return size


def _parse(raw: bytes | bytearray) -> Any:
    if len(raw) > JSON_BYTES_MAX:
        raise ApiError(413, 0, "413: Request Entity Too Large")
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None
