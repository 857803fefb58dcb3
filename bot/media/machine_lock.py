"""A lock that one process of a machine holds, for what is too heavy to be done twice at once.

It is a lock on a file, which the system gives up when its process dies. Processes of one user that share a folder for
temporary files share it. Containers do not, and their owner bounds the processors of each. An advisory lock of the
database would be the whole fleet's, where each machine can make a film of its own.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def machine_lock(name: str) -> Iterator[bool]:
    """Hold the lock of this name while the body runs. Yields False where another process holds it."""
    path = Path(tempfile.gettempdir()) / f"reelmaker-{name}-{os.getuid()}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
