"""Bring a database's schema to the newest version. Alembic keeps the versions beside this file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem, problem_of


def config() -> Config:
    """Return Alembic's settings. They are made here, so no file beside the package is needed."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    return settings


def upgrade(conn: Connection) -> None:
    """Apply what is missing, in the transaction of `conn`."""
    settings = config()
    settings.attributes["connection"] = conn
    command.upgrade(settings, "head")


async def migrate(database: Database) -> None:
    """Apply what is missing, whole or not at all, in one transaction.

    Raises DatabaseProblem for a database of a newer version, and where it cannot be written to.
    """
    try:
        current, newest = await versions(database)
        if current != newest:
            await database.write(upgrade)
    except (DBAPIError, OSError) as error:
        raise problem_of(database.url, error, what="the database cannot be brought up to date") from error


def _versions(conn: Connection) -> tuple[str | None, str | None]:
    script = ScriptDirectory.from_config(config())
    current, newest = MigrationContext.configure(conn).get_current_revision(), script.get_current_head()
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise DatabaseProblem(
            f"the database is of version {current}, and this bot knows versions up to {newest}: "
            "start the newer bot again, or put a backup of before its first start in place"
        )
    return current, newest


async def versions(database: Database) -> tuple[str | None, str | None]:
    """Return the database's version and the newest one. The first is None for an empty database.

    Raises DatabaseProblem for a version that this program does not know, because a newer one made it.
    """
    return await database.read(_versions)
