"""Many requests at the same moment, on both kinds of database, from one process and from four."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from bot.domain.periods import Period
from bot.domain.quota import GuildDefaults, Limit, Rules, Scope
from bot.services.credits import CreditsService
from bot.storage import adjustments, holds, quotas
from bot.storage.audit import latest
from bot.storage.database import Database
from bot.storage.guilds import set_rules
from bot.storage.holds import Held
from bot.storage.ledger import Note
from bot.storage.ledger_check import disagreements
from tests.support.credits_world import BUDGET, GUILD, MEMBER, MODERATOR, NOON
from tests.support.crowd import PRICE, ask

ROOT = Path(__file__).resolve().parents[2]


async def test_of_200_concurrent_requests_against_a_budget_for_50_exactly_50_are_accepted(
    guild_database: Database,
) -> None:
    outcomes = await asyncio.gather(*(guild_database.write(ask, number) for number in range(200)))
    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 50
    assert await guild_database.read(disagreements, GUILD) == []


async def test_so_it_is_when_they_come_from_four_processes(guild_database: Database, database_url: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-m", "tests.support.crowd", database_url)
    processes = [
        await asyncio.create_subprocess_exec(*command, str(number * 50), stdout=PIPE, env=environment)
        for number in range(4)
    ]
    outputs = [await process.communicate() for process in processes]
    accepted = [int(output) for output, _ in outputs]
    assert sum(accepted) == 50
    assert await guild_database.read(disagreements, GUILD) == []


async def test_concurrent_ends_of_one_hold_end_it_once(guild_database: Database) -> None:
    await guild_database.write(ask, 1)
    captures = [guild_database.write(holds.capture, "job1", charged, NOON) for charged in range(20)]
    releases = [guild_database.write(holds.release, "job1", NOON, "failed") for _ in range(20)]
    captured, released = await asyncio.gather(asyncio.gather(*captures), asyncio.gather(*releases))
    assert sum(end.changed for end in captured) + sum(released) == 1
    assert await guild_database.read(disagreements, GUILD) == []


async def test_concurrent_refunds_of_one_job_give_back_no_more_than_it_cost(guild_database: Database) -> None:
    await guild_database.write(ask, 1)
    await guild_database.write(holds.capture, "job1", PRICE, NOON)
    note = Note(NOON, "sorry", MODERATOR)
    refunds = [guild_database.write(adjustments.refund, GUILD, "job1", 6, note) for _ in range(10)]
    results = await asyncio.gather(*refunds, return_exceptions=True)
    assert sum(result == 6 for result in results) == PRICE // 6
    assert await guild_database.read(disagreements, GUILD) == []


async def test_one_grant_is_not_spent_twice_by_a_crowd(guild_database: Database) -> None:
    await guild_database.write(quotas.set_limit, GUILD, Limit(Scope.GUILD, 0, Period.MONTH, 0))
    await guild_database.write(adjustments.grant, GUILD, None, 5 * PRICE, None, Note(NOON, "prize", MODERATOR))
    outcomes = await asyncio.gather(*(guild_database.write(ask, number) for number in range(40)))
    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 5
    assert await guild_database.read(disagreements, GUILD) == []


async def test_jobs_at_once_are_counted_under_concurrency_too(guild_database: Database) -> None:
    await guild_database.write(set_rules, GUILD, Rules(member_jobs_max=3))
    outcomes = await asyncio.gather(*(guild_database.write(ask, number, 0) for number in range(40)))
    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 5 * 3


async def test_of_two_moderators_at_once_the_last_counts_and_both_are_in_the_audit_log(
    guild_database: Database,
) -> None:
    service = CreditsService(guild_database, lambda: NOON, GuildDefaults(BUDGET))
    limits = {actor: Limit(Scope.DEFAULT, 0, Period.DAY, actor) for actor in (10, 20)}
    await asyncio.gather(*(service.set_limit(GUILD, actor, limit) for actor, limit in limits.items()))
    log = await guild_database.read(latest, GUILD, 10)
    assert {entry.actor_id for entry in log} == {10, 20}
    stated = [limit for limit in await guild_database.read(quotas.limits_of, GUILD) if limit.scope is Scope.DEFAULT]
    assert stated == [limits[log[0].actor_id]]


async def test_a_guild_that_many_requests_meet_first_is_made_known_once(database: Database) -> None:
    service = CreditsService(database, lambda: NOON, GuildDefaults(BUDGET))
    views = await asyncio.gather(*(service.member_view(GUILD, MEMBER, ()) for _ in range(20)))
    assert {view.quota_status.spendable for view in views} == {BUDGET}
