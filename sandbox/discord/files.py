"""Uploaded files on disk, and addresses for them that are signed and expire as on Discord's CDN."""

import hashlib
import hmac
import mimetypes
import re
import secrets
from pathlib import Path
from urllib.parse import quote

from sandbox.clock import Clock
from sandbox.discord.ids import SnowflakeFactory
from sandbox.discord.media import dimensions
from sandbox.discord.model import Attachment

URL_LIFETIME_SECONDS = 24 * 3600
"""Seconds that a CDN address is valid. Discord documents no figure; addresses live about a day."""


class FileStore:
    """Keeps files in `directory`; `base_url` is where the CDN answers, without a slash at the end."""

    def __init__(self, directory: Path, base_url: str, clock: Clock, ids: SnowflakeFactory) -> None:
        self._directory = directory
        self._base_url = base_url
        self._clock = clock
        self._ids = ids
        self._key = secrets.token_bytes(32)
        self._attachments: dict[int, Attachment] = {}

    def new_path(self) -> Path:
        """Return a path for a file that is still arriving."""
        return self._directory / f"{self._ids.next()}.part"

    def add(
        self, path: Path, filename: str, folder_id: int, *, ephemeral: bool = False, description: str | None = None
    ) -> Attachment:
        """Take over the file at `path`, which was made with `new_path`."""
        attachment_id = self._ids.next()
        stored = path.rename(self._directory / str(attachment_id))
        content_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        width, height = dimensions(stored, content_type) or (None, None)
        attachment = Attachment(
            id=attachment_id,
            folder_id=folder_id,
            filename=clean_filename(filename),
            size=stored.stat().st_size,
            content_type=content_type,
            path=stored,
            ephemeral=ephemeral,
            description=description,
            width=width,
            height=height,
        )
        self._attachments[attachment_id] = attachment
        return attachment

    def find(self, attachment_id: int) -> Attachment | None:
        """Return a stored file by id; None if there is none."""
        return self._attachments.get(attachment_id)

    def signed_url(self, attachment: Attachment) -> str:
        """Return a CDN address of the file that is valid for `URL_LIFETIME_SECONDS` from now on."""
        folder = "ephemeral-attachments" if attachment.ephemeral else "attachments"
        path = f"/{folder}/{attachment.folder_id}/{attachment.id}/{quote(attachment.filename)}"
        issued = int(self._clock.now())
        expires = issued + URL_LIFETIME_SECONDS
        return f"{self._base_url}{path}?ex={expires:x}&is={issued:x}&hm={self._sign(attachment, expires, issued)}&"

    def is_valid(self, attachment: Attachment, query: dict[str, str]) -> bool:
        """Return whether a request's `ex`, `is` and `hm` were issued here for this file and have not expired."""
        try:
            expires, issued = int(query["ex"], 16), int(query["is"], 16)
        except (KeyError, ValueError):
            return False
        signature = self._sign(attachment, expires, issued)
        return hmac.compare_digest(signature, query.get("hm", "")) and self._clock.now() < expires

    def _sign(self, attachment: Attachment, expires: int, issued: int) -> str:
        text = f"{attachment.id}:{expires:x}:{issued:x}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()


def clean_filename(name: str) -> str:
    """Return a name as Discord keeps it: letters, digits, `_`, `-` and `.`, with `_` for the rest."""
    return re.sub(r"[^\w.-]", "_", Path(name).name) or "unknown"
