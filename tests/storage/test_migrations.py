"""The schema is the sum of the migrations, on both kinds of database, applied whole or not at all."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.confirmation import DEFAULT, NEVER
from bot.domain.postings import PostedMessage
from bot.storage import migrations, model_names, posted_messages
from bot.storage.audit import latest
from bot.storage.database import Database
from bot.storage.migrations import migrate, upgrade, versions
from bot.storage.tables import metadata
from bot.storage.tables.provider import accounts_table


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    database = await Database.open(empty_url)
    yield database
    await database.close()


async def test_the_migrations_make_exactly_the_tables(empty: Database) -> None:
    await migrate(empty)

    def differences(conn: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))

    assert await empty.read(differences) == []
    current, newest = await versions(empty)
    assert current == newest


async def test_migrating_twice_changes_nothing(empty: Database) -> None:
    await migrate(empty)
    await migrate(empty)
    assert await empty.read(lambda conn: conn.execute(select(accounts_table.c.id)).scalars().all()) == [1]


async def test_a_migration_that_fails_leaves_nothing_behind(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(conn: Connection) -> None:
        upgrade(conn)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await empty.write(broken)
    assert await empty.read(lambda conn: inspect(conn).get_table_names()) == []
    await migrate(empty)


async def test_a_path_with_odd_characters_is_migrated(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'a b%20c' / 'bot.db'}")
    try:
        await migrate(database)
    finally:
        await database.close()


def upgrade_to(conn: Connection, to: str) -> None:
    settings = migrations.config()
    settings.attributes["connection"] = conn
    command.upgrade(settings, to)


async def test_models_of_old_jobs_are_known_by_the_latest_name(empty: Database) -> None:
    entered = text(
        "INSERT INTO jobs (id, interaction_id, account_id, guild_id, channel_id, member_id, model_slug, model_name, "
        "request, payload, state, held, price_certain, created_at, attempts) "
        "VALUES (:id, :number, 1, 1, 1, 1, :slug, :name, '{}', '{}', 'succeeded', 1, '1', :at, 1)"
    )
    jobs = [("a", "Old name", 5), ("a", "New name", 9), ("a", "Older name", 1), ("b", "Other", 2)]
    rows = [
        {"id": f"job{number}", "number": number, "slug": slug, "name": name, "at": at}
        for number, (slug, name, at) in enumerate(jobs)
    ]
    await empty.write(upgrade_to, "0011")
    await empty.write(lambda conn: conn.execute(entered, rows))
    await empty.write(upgrade_to, "0012")
    assert await empty.read(model_names.load) == {"a": "New name", "b": "Other"}


async def test_messages_that_were_posted_before_are_known_to_stand(empty: Database) -> None:
    job = text(
        "INSERT INTO jobs (id, interaction_id, account_id, guild_id, channel_id, member_id, model_slug, model_name, "
        "request, payload, state, held, price_certain, created_at, attempts) "
        "VALUES (:id, :number, 1, 1, 1, 1, 'a', 'A', '{}', '{}', 'succeeded', 1, '1', 1, 1)"
    )
    owed = text(
        "INSERT INTO outbox (job_id, channel_id, created_at, due_at, attempts, copy, message_channel_id, message_id) "
        "VALUES (:id, 5, 1, 1, 1, 1, :channel, :message)"
    )
    rows = [("posted", 11, 5, 77), ("not posted", 12, None, None)]
    await empty.write(upgrade_to, "0024")
    for job_id, number, channel, message in rows:
        await empty.write(lambda conn, values: conn.execute(job, values), {"id": job_id, "number": number})
        place = {"id": job_id, "channel": channel, "message": message}
        await empty.write(lambda conn, values: conn.execute(owed, values), place)
    await migrate(empty)
    known = await empty.read(posted_messages.of_jobs, ["posted", "not posted"])
    assert known == {"posted": [PostedMessage("posted", 5, 77)], "not posted": []}


async def test_what_was_posted_before_is_in_the_gallery(empty: Database) -> None:
    job = text(
        "INSERT INTO jobs (id, interaction_id, account_id, guild_id, channel_id, member_id, model_slug, model_name, "
        "request, payload, state, held, price_certain, created_at, attempts, erased_at) "
        "VALUES (:id, :number, 1, 5, 1, 7, 'veo', 'Veo', '{}', '{}', :state, 1, '1', 1, 1, :erased)"
    )
    message = text(
        "INSERT INTO outbox (job_id, channel_id, created_at, due_at, attempts, copy, done_at, outcome, "
        "message_channel_id, message_id, deleted_at) VALUES (:id, 1, 1, 1, 1, 1, 9, :outcome, 3, 4, :deleted)"
    )
    stands: dict[str, object] = {"state": "succeeded", "erased": None, "outcome": "channel", "deleted": None}
    others: list[dict[str, object]] = [{"state": "failed"}, {"erased": 2.0}, {"outcome": "dm"}, {"deleted": 2.0}]
    rows = [stands | other | {"id": f"job{number}", "number": number} for number, other in enumerate([{}, *others])]
    await empty.write(upgrade_to, "0026")
    await empty.write(lambda conn: conn.execute(job, rows))
    await empty.write(lambda conn: conn.execute(message, rows))
    await empty.write(upgrade_to, "0027")
    listed = text(
        "SELECT source_id, guild_id, channel_id, message_id, member_id, posted_at, due_at FROM gallery_entries"
    )
    assert await empty.read(lambda conn: conn.execute(listed).all()) == [("job0", 5, 3, 4, 7, 9.0, 9.0)]


async def test_what_the_audit_log_said_in_words_is_kept(empty: Database) -> None:
    entered = text(
        "INSERT INTO audit_log (guild_id, actor_id, action, detail, created_at) "
        "VALUES (1, 2, 'set limit', 'default: 5 → 6', 3)"
    )
    await empty.write(upgrade_to, "0004")
    await empty.write(lambda conn: conn.execute(entered))
    await empty.write(upgrade_to, "0005")
    noted = AuditEntry(2, AuditAction.NOTED, {"words": "set limit: default: 5 → 6"}, 3.0)
    assert await empty.read(latest, 1, 10) == (noted,)
    for change in ("UPDATE audit_log SET actor_id = 5", "DELETE FROM audit_log"):
        with pytest.raises(DBAPIError, match="insert-only"):
            await empty.write(Connection.exec_driver_sql, change)


async def test_only_guilds_that_switched_the_question_off_keep_it_off(empty: Database) -> None:
    guild = text("INSERT INTO guilds (guild_id, time_zone, confirm_above, created_at) VALUES (:id, 'UTC', :above, 1)")
    change = text(
        "INSERT INTO audit_log (guild_id, actor_id, action, data, created_at) VALUES (:id, 2, 'change_rule', :data, 3)"
    )
    changes = [(2, None, 20), (2, 20, None), (3, None, 20)]
    told = [
        {"id": guild_id, "data": json.dumps({"rule": "confirm_above", "before": before, "after": after})}
        for guild_id, before, after in changes
    ]
    await empty.write(upgrade_to, "0014")
    guilds: list[dict[str, int | None]] = [{"id": 1, "above": None}, {"id": 2, "above": None}, {"id": 3, "above": 20}]
    await empty.write(lambda conn: conn.execute(guild, guilds))
    await empty.write(lambda conn: conn.execute(change, told))
    await empty.write(upgrade_to, "0015")
    thresholds = text("SELECT confirm_above FROM guilds ORDER BY guild_id")
    assert await empty.read(lambda conn: conn.execute(thresholds).scalars().all()) == [DEFAULT, NEVER, 20]
    newest, older = await empty.read(latest, 2, 10)
    assert (newest.data["before"], newest.data["after"]) == (20, NEVER)
    assert (older.data["before"], older.data["after"]) == (NEVER, 20)
    with pytest.raises(DBAPIError, match="insert-only"):
        await empty.write(Connection.exec_driver_sql, "UPDATE audit_log SET actor_id = 5")
