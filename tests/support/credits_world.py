"""Who and when, for the tests of credits."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, event

from bot.storage.database import sqlite_connect

GUILD = 500
OTHER_GUILD = 501
MEMBER = 7
MODERATOR = 8
OWNER = 1
BUDGET = 1000
"""GUILD's ceiling a month."""
NOON = 1_793_620_800.0
"""2026-11-02 12:00 UTC, a Monday."""


def open_engine(path: Path) -> Engine:
    """A synchronous engine with the transactions of the real one; a power cut is not what these tests are about."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", sqlite_connect)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
