"""A lock that keeps two bots from using one SQLite file. Only PostgreSQL is shared between processes."""

import fcntl
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from sqlalchemy.engine import URL

from bot.storage.database_problems import DatabaseProblem, problem_of


class ProcessLock:
    """Hold the lock from `with` to its end. The system frees it if the process dies.

    Raises DatabaseProblem where another process holds it, or where the folder cannot be written to.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._path = Path(f"{url.database}.lock")

    def __enter__(self) -> "ProcessLock":
        try:
            self._file = self._path.open("w")
        except OSError as error:
            raise problem_of(self._url, error, what="the database cannot be locked") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise DatabaseProblem(
                f"another bot is using {self._path.with_suffix('')}: stop it, or use PostgreSQL for several processes",
                passing=True,
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._file.close()


def is_locked(database_file: Path) -> bool:
    """Tell whether a bot is using a SQLite file. Nothing is made, and a lock that nobody holds is not kept."""
    try:
        with Path(f"{database_file}.lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
