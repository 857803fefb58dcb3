"""`python -m bot backup FILE`: a consistent copy of a SQLite database, also while the bot is running."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.storage.database import database_file
from bot.storage.database_problems import DatabaseProblem


def back_up(database_url: str, target: Path) -> None:
    """Copy the database to a new file. Raises DatabaseProblem with one line where that cannot be done."""
    source = database_file(database_url)
    if source is None:
        raise DatabaseProblem("backup copies SQLite files; for PostgreSQL use pg_dump")
    if not source.is_file():
        raise DatabaseProblem(f"there is no database at {source}")
    if target.exists():
        raise DatabaseProblem(f"{target} exists already: name a new file")
    try:
        _copy(source, target)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseProblem(f"the backup failed: {error}", passing=True) from error


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Copied under another name first, so that a file which bears the target's name is whole.
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}-", suffix=".part")
    os.close(descriptor)
    part = Path(name)
    try:
        address = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as live, closing(sqlite3.connect(part)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
