"""Why a database cannot be used, in one line for the owner: what happened, where, and what to do about it."""

import errno
import os
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError


class DatabaseProblem(Exception):
    """The database cannot be used. The message is one line; `passing` says whether trying again later may help."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


def problem_of(url: URL, error: BaseException, *, what: str = "DATABASE_URL cannot be opened") -> DatabaseProblem:
    """Return the problem behind a driver's or the system's error."""
    advice, passing = _advice(url, error)
    return DatabaseProblem(f"{what} ({shown(url)}): {reason_of(error)}{advice and f': {advice}'}", passing=passing)


def shown(url: URL) -> str:
    """Return the address without its password, for logs."""
    return url.render_as_string(hide_password=True)


def reason_of(error: BaseException) -> str:
    """Return the driver's own words, in one line."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def _advice(url: URL, error: BaseException) -> tuple[str, bool]:
    """Return what to do about an error, and whether it may pass by itself."""
    if url.get_backend_name() != "sqlite":
        return "", True
    words, number = reason_of(error), error.errno if isinstance(error, OSError) else None
    folder = Path(str(url.database)).absolute().parent
    if "locked" in words:
        return "another program is writing to it; stop that program or try again", True
    if "full" in words or number in (errno.ENOSPC, errno.EDQUOT):
        return f"free space on the disk of {folder} and start again", True
    if "disk I/O error" in words or number == errno.EFBIG:
        return f"check the disk of {folder}, its free space and its limits", True
    if "not a database" in words or "malformed" in words:
        return "put a backup in its place", False
    return f"the user id {os.geteuid()} must be able to write to the folder {folder} and to the files in it", False
