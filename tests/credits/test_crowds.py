"""Many requests at the same moment."""

import asyncio

from bot.domain.periods import Period
from bot.domain.quota import Limit, Rules, Scope
from bot.storage import credits, quotas
from bot.storage.credits import Captured, Held, Hold
from bot.storage.database import Database
from bot.storage.guilds import rules_of, set_rules
from bot.storage.ledger_check import disagreements
from bot.storage.tables.provider import OWNER_ACCOUNT
from tests.credits.conftest import GUILD, MEMBER, NOON


def ask(number: int, price: int = 20) -> Hold:
    return Hold(f"job{number}", GUILD, MEMBER + number % 5, (), OWNER_ACCOUNT, "veo", price, NOON)


async def test_of_200_concurrent_requests_against_a_budget_for_50_exactly_50_are_accepted(database: Database) -> None:
    outcomes = await asyncio.gather(*(database.write(credits.hold, ask(number)) for number in range(200)))
    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 50
    assert await database.read(disagreements, GUILD) == []


async def test_concurrent_ends_of_one_hold_end_it_once(database: Database) -> None:
    await database.write(credits.hold, ask(1))
    captures = [database.write(credits.capture, "job1", charged, NOON) for charged in range(20)]
    releases = [database.write(credits.release, "job1", NOON, "failed") for _ in range(20)]
    ends = await asyncio.gather(*captures, *releases)
    assert sum(end.changed if isinstance(end, Captured) else end for end in ends) == 1
    assert await database.read(disagreements, GUILD) == []


async def test_jobs_at_once_are_counted_under_concurrency_too(database: Database) -> None:
    await database.write(set_rules, GUILD, Rules(member_jobs_max=3))
    outcomes = await asyncio.gather(*(database.write(credits.hold, ask(number, 0)) for number in range(40)))
    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 5 * 3


async def test_of_two_moderators_at_once_the_last_one_counts(database: Database) -> None:
    limits = [Limit(Scope.DEFAULT, 0, Period.DAY, amount) for amount in (10, 20)]
    await asyncio.gather(*(database.write(quotas.set_limit, GUILD, limit) for limit in limits))
    stated = await database.read(quotas.limits_of, GUILD)
    assert [limit.amount for limit in stated if limit.scope is Scope.DEFAULT] == [20]
    assert (await database.read(rules_of, GUILD)).time_zone == "UTC"
