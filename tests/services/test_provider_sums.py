"""The ledger against the provider's own books, after a day on which much went wrong."""

import random
from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.domain.quota import GuildDefaults
from bot.services.credits import CreditsService
from bot.storage.database import Database
from bot.storage.ledger_check import disagreements
from bot.storage.tables.money import ledger_entries_table
from tests.support.bench import GUILD, Bench, bench
from tests.support.credits_world import BUDGET, MODERATOR


def sums(conn: Connection) -> tuple[int, ...]:
    columns = (
        ledger_entries_table.c.held_delta,
        ledger_entries_table.c.spent_delta,
        ledger_entries_table.c.charged_delta,
    )
    return tuple(int(total) for total in conn.execute(select(*(func.sum(column) for column in columns))).one())


async def trouble(engine: Bench, kind: int) -> None:
    """Return what goes wrong with the next job; sometimes nothing."""
    faults = engine.studio.faults
    match kind:
        case 0:
            faults.add("job_fails")
        case 1:
            faults.add("job_fails", refunded=False)
        case 2:
            faults.add("cut_after")
        case 3:
            faults.add("error_before", status=400)


async def test_what_the_ledger_says_was_charged_is_what_the_provider_charged(
    sqlite_database: Database, tmp_path: Path
) -> None:
    chance = random.Random(7)
    async with bench(sqlite_database, tmp_path) as engine:
        service = CreditsService(sqlite_database, engine.studio.clock.now, GuildDefaults(BUDGET))
        for number in range(14):
            await trouble(engine, number % 7)
            job = await engine.ask(member=3001 + number % 3)
            await engine.submit()
            for _ in range(60):
                if (await engine.job(job.id)).ended_at is not None:
                    break
                await engine.reconciliation.step()
                await engine.poller.step()
                engine.studio.advance(30)
            ended = await engine.job(job.id)
            assert ended.ended_at is not None
            engine.studio.faults.clear()
            engine.studio.advance(chance.randrange(3600, 4 * 3600))
            if ended.charged and number % 5 == 0:
                await service.refund(GUILD, MODERATOR, job.id, 30, "blurred")
        held, spent, charged = await sqlite_database.read(sums)
        assert held == 0
        assert charged == engine.studio.records.charged() > 0
        assert spent < charged
        assert await sqlite_database.read(disagreements, GUILD) == []
