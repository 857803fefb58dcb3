"""Bring a database's schema to the newest version. Alembic keeps the versions beside this file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.database import Database


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
    """Apply what is missing, whole or not at all, in one transaction."""
    await database.write(upgrade)


def _versions(conn: Connection) -> tuple[str | None, str | None]:
    script = ScriptDirectory.from_config(config())
    return MigrationContext.configure(conn).get_current_revision(), script.get_current_head()


async def versions(database: Database) -> tuple[str | None, str | None]:
    """Return the database's version and the newest one. The first is None for an empty database."""
    return await database.read(_versions)
