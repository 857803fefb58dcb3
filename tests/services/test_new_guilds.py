"""A stranger's server spends nothing, and all servers together no more than the owner's account may."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.domain.notices import Notice, NoticeKind
from bot.domain.periods import Period
from bot.domain.quota import GuildDefaults, RefusalReason, Scope
from bot.services.admission import Admission
from bot.services.admission_result import Admitted, Refused
from bot.services.credits import CreditsService
from bot.storage import holds, notices
from bot.storage.database import Database
from tests.services.test_admission import make_context, request
from tests.support.credits_world import MEMBER, NOON, OWNER

STRANGER = 900
PRICE = 10


@pytest.fixture
async def second_database(database: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database as another process would have it open."""
    second = await Database.open(database_url)
    yield second
    await second.close()


def admission(database: Database, *, credits: int = 0, bound: int | None = None) -> Admission:
    return Admission(make_context(database), GuildDefaults(credits), account_credits_per_month=bound)


def service(database: Database, **options: Any) -> CreditsService:
    return CreditsService(database, lambda: NOON, GuildDefaults(), **options)


async def test_a_new_server_spends_nothing_until_the_owner_gives_it_credits(database: Database) -> None:
    admit = admission(database).admit
    refused = await admit(request(PRICE, guild_id=STRANGER))
    assert isinstance(refused, Refused)
    [refusal] = refused.refusals
    assert refusal.reason is RefusalReason.LIMIT
    assert refusal.allowance is not None
    assert refusal.allowance.limit.scope is Scope.CEILING
    asked = [Notice(f"new_guild:{STRANGER}", NoticeKind.NEW_GUILD, {"guild_id": STRANGER})]
    assert await database.read(notices.untold) == asked

    await admit(request(PRICE, guild_id=STRANGER))
    assert await database.read(notices.untold) == asked, "the owner is asked once"

    await service(database).set_ceiling(STRANGER, OWNER, Period.MONTH, 1000)
    assert await database.read(notices.untold) == []
    assert isinstance(await admit(request(PRICE, guild_id=STRANGER)), Admitted)


async def test_a_server_that_the_bot_left_spends_nothing_when_it_comes_back(database: Database) -> None:
    admit = admission(database).admit
    await admit(request(PRICE, guild_id=STRANGER))
    await service(database).leave_guild(STRANGER, OWNER)
    assert await database.read(notices.untold) == []
    await service(database).set_ceiling(STRANGER, OWNER, Period.MONTH, 1000)
    refused = await admit(request(PRICE, guild_id=STRANGER))
    assert isinstance(refused, Refused)
    assert [refusal.reason for refusal in refused.refusals] == [RefusalReason.BLOCKED]


async def test_a_look_at_the_credits_is_a_first_use_too(database: Database) -> None:
    await service(database).member_view(STRANGER, MEMBER, ())
    assert [notice.kind for notice in await database.read(notices.untold)] == [NoticeKind.NEW_GUILD]


async def test_an_owner_who_gives_every_server_credits_is_not_asked(database: Database) -> None:
    assert isinstance(await admission(database, credits=100).admit(request(PRICE, guild_id=STRANGER)), Admitted)
    assert await database.read(notices.untold) == []


@pytest.mark.parametrize(
    ("members", "reason"), [([MEMBER] * 11, RefusalReason.MEMBER_JOBS), (range(51), RefusalReason.GUILD_JOBS)]
)
async def test_waiting_jobs_are_bounded_by_default(
    database: Database, members: Sequence[int], reason: RefusalReason
) -> None:
    admit = admission(database, credits=100_000).admit
    outcomes = [await admit(request(1, guild_id=STRANGER, member_id=member)) for member in members]
    last = outcomes.pop()
    assert all(isinstance(outcome, Admitted) for outcome in outcomes)
    assert isinstance(last, Refused)
    assert [refusal.reason for refusal in last.refusals] == [reason]


async def test_many_servers_at_once_never_exceed_the_bound_on_the_account(
    database: Database, second_database: Database
) -> None:
    admits = [admission(each, credits=1000, bound=20 * PRICE).admit for each in (database, second_database)]
    asked = [
        request(PRICE, guild_id=STRANGER + number % 8, member_id=number, confirmed_credits=PRICE)
        for number in range(60)
    ]
    outcomes = await asyncio.gather(*(admits[number % 2](each) for number, each in enumerate(asked)))
    assert sum(isinstance(outcome, Admitted) for outcome in outcomes) == 20
    refused = next(outcome for outcome in outcomes if isinstance(outcome, Refused))
    [refusal] = refused.refusals
    assert refusal.allowance is not None
    assert refusal.allowance.limit.scope is Scope.ACCOUNT


async def test_what_was_charged_counts_against_the_bound_and_what_was_released_does_not(database: Database) -> None:
    admit = admission(database, credits=1000, bound=100).admit
    first, second = [await admit(request(50, guild_id=STRANGER + number, confirmed_credits=50)) for number in range(2)]
    assert isinstance(first, Admitted)
    assert isinstance(second, Admitted)
    await database.write(holds.capture, first.job.id, 70, NOON)
    await database.write(holds.release, second.job.id, NOON, "failed")
    assert isinstance(await admit(request(31, guild_id=STRANGER + 2, confirmed_credits=31)), Refused)
    assert isinstance(await admit(request(30, guild_id=STRANGER + 2, confirmed_credits=30)), Admitted)
    shown = await service(database, account_credits_per_month=100).balance()
    assert (shown.used_this_month, shown.bound) == (100, 100)
