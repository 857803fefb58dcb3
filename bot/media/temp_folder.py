"""The folder for result files under way. What a bot that was killed left behind is removed at the next start."""

import fcntl
import logging
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

log = logging.getLogger(__name__)

PREFIX = "reelmaker-"


@contextmanager
def temp_folder() -> Iterator[Path]:
    """Make a folder for this process alone, and remove it at the end. It stays locked, so that no other start takes it.

    Folders of the same user that nobody has locked are removed: their bots were killed.
    """
    parent = Path(tempfile.gettempdir())
    _remove_abandoned(parent)
    path, lock = _make_locked()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def _make_locked() -> tuple[Path, int]:
    """Return a new folder and the descriptor that locks it."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = _lock(path)
        # Another start may have found the folder before it was locked, and have removed it.
        if lock is not None and path.exists():
            return path, lock
        if lock is not None:
            os.close(lock)


def _remove_abandoned(parent: Path) -> None:
    for path in parent.glob(f"{PREFIX}*"):
        if not _is_own_folder(path):
            continue
        lock = _lock(path)
        if lock is None:
            continue  # its bot lives
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)
        log.info("removed %s, which a bot that was killed had left", path.name, extra={"action": "tidy_up"})


def _is_own_folder(path: Path) -> bool:
    with suppress(OSError):
        status = path.lstat()
        return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return False


def _lock(path: Path) -> int | None:
    """Lock a folder and return the descriptor that holds the lock; None if another process holds it, or it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
