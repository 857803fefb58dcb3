"""`python -m bot backup` and `restore`: copies of a SQLite database, also while the bot is running."""

import time
from pathlib import Path

from bot.storage import copies
from bot.storage.database import database_file, parse_url
from bot.storage.database_problems import DatabaseProblem
from bot.storage.process_lock import ProcessLock


def back_up(database_url: str, target: Path, kept: int | None = None) -> Path:
    """Copy the database to a new file, or under a dated name into a folder, and return where the copy is.

    `kept` is how many dated copies stay in the folder; None: all. Raises DatabaseProblem with one line.
    """
    source = _file_of(database_url, "backup copies SQLite files; for PostgreSQL use pg_dump, see docs/operations.md")
    if kept is None and not target.is_dir():
        copies.copy(source, target)
        return target
    if target.is_file():
        raise DatabaseProblem(f"--keep counts copies in a folder, and {target} is a file")
    copied = target / copies.dated_name(time.time())
    copies.copy(source, copied)
    if kept is not None:
        copies.drop_old(target, kept)
    return copied


def restore(database_url: str, copied: Path) -> Path | None:
    """Put a copy in the database's place, and return where the one before is kept; None where there was none.

    Raises DatabaseProblem with one line, also where a bot is using the database.
    """
    target = _file_of(
        database_url, "restore puts SQLite files back; for PostgreSQL use pg_restore, see docs/operations.md"
    )
    if not copied.is_file():
        raise DatabaseProblem(f"there is no copy at {copied}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseProblem(f"{target.parent} cannot be made: {error.strerror}") from error
    with ProcessLock(parse_url(database_url)):
        return copies.put_back(copied, target, time.time())


def _file_of(database_url: str, otherwise: str) -> Path:
    file = database_file(database_url)
    if file is None:
        raise DatabaseProblem(otherwise)
    return file
