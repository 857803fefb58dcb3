"""What is old is forgotten: words after the days that the owner set, jobs when no history can show them any more."""

from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import Table, func, select

from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import JobState
from bot.domain.moderation import IncidentDecision, IncidentKind
from bot.services.guild_settings import GuildSettingsService
from bot.storage import incidents, job_cards, retention
from bot.storage.database import Database
from bot.storage.ledger_check import disagreements
from bot.storage.migrations import migrate
from bot.storage.tables.jobs import job_events_table, jobs_table, renders_table
from bot.storage.tables.money import ledger_entries_table
from bot.workers.retention import DAY_SECONDS, EVERY_SECONDS, Retention
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench
from tests.support.traces import traces

MARK = "Zaphod-Beeblebrox"
DAYS = 90


async def count(engine: Bench, table: Table) -> int:
    return int(
        await engine.database.read(lambda conn: conn.execute(select(func.count()).select_from(table)).scalar_one())
    )


async def forget(engine: Bench) -> None:
    worker = Retention(engine.context, DAYS)
    while await worker.step() < EVERY_SECONDS:
        pass


async def test_words_go_after_their_days_and_nothing_goes_before(engine: Bench) -> None:
    old = await engine.ask(f"{MARK} long ago")
    await engine.finish(old)
    await engine.cards.step()
    engine.studio.advance(DAYS * DAY_SECONDS - 3600)
    await forget(engine)
    assert await engine.people.get(old.id) is not None
    young = await engine.ask("just now")
    running = await engine.ask(f"{MARK} still waits")
    engine.studio.advance(2 * 3600)
    await forget(engine)
    assert await engine.people.get(old.id) is None
    assert [await engine.state(job) for job in (young, running)] == [JobState.QUEUED, JobState.QUEUED]
    assert await count(engine, renders_table) == 1, "the provider's history may still show it"
    charged = select(func.sum(ledger_entries_table.c.charged_delta))
    assert await engine.database.read(lambda conn: conn.execute(charged).scalar_one()) > 0
    await engine.people.cancel(running.id, MEMBER)
    await engine.deliver_until_done()
    engine.studio.advance((DAYS + 1) * DAY_SECONDS)
    await forget(engine)
    assert await traces(engine.database, MARK) == []
    assert await engine.database.read(disagreements, GUILD) == []


async def test_jobs_go_once_no_history_can_show_them(engine: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_NEWEST_GONE", retention._NEWEST_GONE.offset(2))
    for number in range(4):
        await engine.finish(await engine.ask(f"number {number}"))
    await engine.cards.step()
    entries = await count(engine, ledger_entries_table)
    engine.studio.advance((DAYS + 1) * DAY_SECONDS)
    await forget(engine)
    assert await count(engine, jobs_table) == 2
    assert await count(engine, renders_table) == 2
    assert await count(engine, job_events_table) == 0
    assert await count(engine, ledger_entries_table) == entries
    assert await engine.database.read(disagreements, GUILD) == []


async def test_incidents_go_with_their_words_unless_moderators_have_to_decide(engine: Bench) -> None:
    now = engine.context.clock()
    for number, decision in enumerate((None, IncidentDecision.DISMISSED)):
        found = await engine.database.write(
            incidents.add, f"guard:{number}", GUILD, IncidentKind.GUARD, MEMBER, CHANNEL, {"text": MARK}, now
        )
        assert found is not None
        if decision is not None:
            await engine.database.write(incidents.decide, found, decision, 91, now)
            await engine.database.write(incidents.set_due, found, None)
    engine.studio.advance((DAYS + 1) * DAY_SECONDS)
    await forget(engine)
    assert await engine.database.read(incidents.newest, GUILD, 5) == (), "nobody decides after so long"


async def test_a_card_that_is_never_removed_holds_up_nothing(engine: Bench) -> None:
    job = await engine.ask(f"{MARK} long ago")
    await engine.finish(job)
    await engine.database.write(job_cards.set_due, job.id, engine.context.clock())
    engine.studio.advance((DAYS + 1) * DAY_SECONDS)
    await forget(engine)
    assert await engine.people.get(job.id) is None


async def test_a_file_of_an_earlier_version_is_rewritten_once_and_can_shrink_then(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with aiosqlite.connect(path) as earlier:
        await earlier.execute("PRAGMA journal_mode=WAL")
        await earlier.execute("CREATE TABLE before (words TEXT)")
        await earlier.executemany("INSERT INTO before VALUES (?)", [("x" * 3000,)] * 500)
        await earlier.commit()
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        await migrate(database)
        assert await database.prepare_to_shrink()
        assert not await database.prepare_to_shrink()
        await database.write(lambda conn: conn.exec_driver_sql("DELETE FROM before"))
        await database.empty_journal()
        large = path.stat().st_size
        await database.give_space_back(10_000)
        await database.empty_journal()
        assert path.stat().st_size < large - 1_000_000
    finally:
        await database.close()


async def test_a_new_file_can_shrink_from_the_beginning(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    try:
        await migrate(database)
        assert not await database.prepare_to_shrink()
    finally:
        await database.close()


async def test_a_server_may_keep_words_less_long_than_the_owner_and_not_longer(engine: Bench) -> None:
    settings = GuildSettingsService(engine.database, engine.context.clock)
    await settings.change(GUILD, MEMBER, GuildSetting.RETENTION_DAYS, 7)
    await settings.change(GUILD + 1, MEMBER, GuildSetting.RETENTION_DAYS, 365)
    jobs = [await engine.ask(f"{MARK} {guild}", guild=guild) for guild in (GUILD, GUILD + 1, GUILD + 2)]
    for job in jobs:
        await engine.finish(job)
    await engine.cards.step()
    kept = []
    for days in (6, 2, DAYS - 9, 2):
        engine.studio.advance(days * DAY_SECONDS)
        await forget(engine)
        kept.append([await engine.people.get(job.id) is not None for job in jobs])
    assert kept == [[True, True, True], [False, True, True], [False, True, True], [False, False, False]]
