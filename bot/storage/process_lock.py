"""A lock that keeps two bots from using one SQLite file. Only PostgreSQL is shared between processes."""

import fcntl
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from bot.storage.database import DatabaseProblem


class ProcessLock:
    """Hold the lock from `with` to its end. The system frees it if the process dies.

    Raises DatabaseProblem where another process holds it.
    """

    def __init__(self, database_file: Path) -> None:
        self._path = database_file.with_name(database_file.name + ".lock")

    def __enter__(self) -> "ProcessLock":
        self._file = self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise DatabaseProblem(
                f"another bot is using {self._path.with_suffix('')}: stop it, or use PostgreSQL for several processes"
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._file.close()
