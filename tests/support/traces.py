"""Where a text is found: in every table of a database, in a SQLite file's pages and journal, and in other files."""

import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.storage.database import Database


async def traces(database: Database, wanted: str) -> list[str]:
    """Return the tables and files of a database in which a text stands."""
    found = await database.read(_tables_with, wanted)
    if database.dialect == "sqlite":
        path = Path(str(database.url.database))
        files = [path.with_name(path.name + ending) for ending in ("", "-wal", "-journal")]
        found += [file.name for file in files if _contains(file, wanted)]
    return found


async def traces_at(url: str, wanted: str) -> list[str]:
    """Return where a text stands in the database at an address."""
    database = await Database.open(url)
    try:
        return await traces(database, wanted)
    finally:
        await database.close()


def files_with(folder: Path, wanted: str) -> list[str]:
    """Return the files in a folder, and below it, in which a text stands, also in their names."""
    return [str(file) for file in folder.rglob("*") if wanted in file.name or _contains(file, wanted)]


def _contains(file: Path, wanted: str) -> bool:
    return file.is_file() and wanted.encode() in file.read_bytes()


def _tables_with(conn: Connection, wanted: str) -> list[str]:
    found = []
    for table in inspect(conn).get_table_names():
        rows = conn.execute(text(f'SELECT * FROM "{table}"')).all()
        found += [table] * any(stands_in(wanted, str(row)) for row in rows)
    return found


def stands_in(wanted: str, words: str) -> bool:
    """Tell whether a text stands in words; a number only as a whole, because a pseudonym may have its digits."""
    return re.search(rf"(?<!\d){re.escape(wanted)}(?!\d)", words) is not None
