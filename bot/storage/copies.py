"""Copies of a SQLite database: made while a bot uses it, looked through before they are relied on, and put back."""

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from alembic.script import ScriptDirectory

from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import config

PREFIX, SUFFIX = "bot-", ".db"
"""What the names of dated copies begin and end with."""
_MOMENT = "%Y%m%d-%H%M%S"
_BESIDE = ("-wal", "-shm")
"""What the names of a database's other files end with."""


def copy(source: Path, target: Path) -> None:
    """Copy a database, also one in use, to a new file, and look the copy through.

    The copy bears the target's name only once it is whole. Raises DatabaseProblem with one line.
    """
    if not source.is_file():
        raise DatabaseProblem(f"there is no database at {source}")
    if target.exists():
        raise DatabaseProblem(f"{target} exists already: name a new file")
    part: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}-", suffix=".part")
        os.close(descriptor)
        part = Path(name)
        with closing(_open(source)) as live, closing(sqlite3.connect(part)) as copied:
            live.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")
        version_of(part)
        _keep_safe(part)
        part.rename(target)
        _keep_safe(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseProblem(f"the backup failed: {error}", passing=True) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def version_of(file: Path) -> str:
    """Look through a database and return its version. Raises DatabaseProblem where it is damaged or not the bot's."""
    try:
        with closing(_open(file)) as opened:
            damage = [row[0] for row in opened.execute("PRAGMA integrity_check(1)")]
            if damage != ["ok"]:
                raise DatabaseProblem(f"{file} is damaged: {damage[0]}")
            version = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise DatabaseProblem(f"{file} is no database of the bot: {error}") from error
    if version is None:
        raise DatabaseProblem(f"{file} is no database of the bot: it has no version")
    return str(version[0])


def dated_name(now: float) -> str:
    """Return the name of a copy that is made now. Names in their order are the copies in theirs."""
    return f"{PREFIX}{datetime.fromtimestamp(now, UTC):{_MOMENT}}{SUFFIX}"


def dated_copies(folder: Path) -> list[tuple[float, Path]]:
    """Return the copies with dated names, oldest first, each with its moment in seconds since the epoch."""
    found = []
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with suppress(ValueError):
            named = datetime.strptime(path.name, f"{PREFIX}{_MOMENT}{SUFFIX}")  # noqa: DTZ007 - named in UTC, see below
            found.append((named.replace(tzinfo=UTC).timestamp(), path))
    return sorted(found)


def drop_old(folder: Path, kept: int) -> None:
    """Remove all dated copies but the newest `kept`. Files with other names stay."""
    for _, path in dated_copies(folder)[:-kept]:
        path.unlink(missing_ok=True)


def put_back(copied: Path, target: Path, now: float) -> Path | None:
    """Put a copy in a database's place, and return where the one before is kept; None where there was none.

    Nobody may use the database meanwhile. Raises DatabaseProblem; then the database is the one before.
    """
    version = version_of(copied)
    if version not in {revision.revision for revision in ScriptDirectory.from_config(config()).walk_revisions()}:
        raise DatabaseProblem(
            f"{copied} is of version {version}, which this bot does not know: use the bot that made it"
        )
    part = target.with_name(f"{target.name}.restored")
    part.unlink(missing_ok=True)
    copy(copied, part)
    before = target.with_name(f"{target.name}.before-{datetime.fromtimestamp(now, UTC):{_MOMENT}}")
    try:
        return _exchange(part, target, before)
    except OSError as error:
        raise DatabaseProblem(f"{target} cannot be replaced: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _exchange(part: Path, target: Path, before: Path) -> Path | None:
    if not target.exists():
        part.rename(target)
        return None
    # The files get second names, so that nothing of them is lost whatever happens from here on.
    for ending in ("", *_BESIDE):
        with suppress(FileNotFoundError):
            os.link(target.with_name(target.name + ending), before.with_name(before.name + ending))
    with suppress(sqlite3.Error), closing(sqlite3.connect(target)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in _BESIDE:
        target.with_name(target.name + ending).unlink(missing_ok=True)  # it must not be taken for the new file's
    part.replace(target)
    _keep_safe(target.parent)
    return before


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _keep_safe(path: Path) -> None:
    """Have a file, or a folder's names, written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
