"""People, servers, amounts and a moment for the tests of credits."""

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

from bot.domain.quota import GuildDefaults, Refusal
from bot.storage import holds
from bot.storage.counters import Payer
from bot.storage.database import sqlite_connect
from bot.storage.guilds import lock_guild
from bot.storage.holds import Held
from bot.storage.tables.provider import OWNER_ACCOUNT

GUILD = 500
OTHER_GUILD = 501
MEMBER = 7
MODERATOR = 8
OWNER = 1
BUDGET = 1000
"""GUILD's ceiling a month."""
ANY_JOBS = GuildDefaults(BUDGET, member_jobs_max=None, guild_jobs_max=None)
"""GUILD's ceiling, and any number of jobs at once."""
NOON = 1_793_620_800.0
"""2026-11-02 12:00 UTC, a Monday."""


def open_engine(path: Path) -> Engine:
    """Return a synchronous engine with the transactions of the real one, but without waiting for the disk."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", sqlite_connect)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def hold(
    conn: Connection,
    job_id: str,
    price: int,
    now: float = NOON,
    *,
    guild_id: int = GUILD,
    member_id: int = MEMBER,
    role_ids: Collection[int] = (),
    account_id: int = OWNER_ACCOUNT,
) -> Held | tuple[Refusal, ...]:
    """Ask for a job's credits as an admission does: under the guild's lock."""
    rules = lock_guild(conn, guild_id)
    quota = holds.read_quota(conn, rules, Payer(guild_id, member_id, account_id), role_ids, now)
    return holds.hold(conn, quota, job_id, "veo", price)
