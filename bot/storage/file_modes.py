"""The database's files are for their owner alone, also those that an earlier version made readable for all."""

import logging
import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import URL

log = logging.getLogger(__name__)

PRIVATE = 0o600
SUFFIXES = ("", "-wal", "-shm", "-journal", ".lock")
"""Endings of the files of one SQLite database."""


def make_private(url: URL) -> None:
    """Take away what others may do with the database's files. Files of another user are left as they are."""
    for path in (Path(f"{url.database}{suffix}") for suffix in SUFFIXES):
        with suppress(OSError):
            status = path.stat()
            if status.st_uid == os.getuid() and status.st_mode & 0o077:
                path.chmod(PRIVATE)
                log.info("%s is for its owner alone now", path.name, extra={"action": "tighten", "file": path.name})
