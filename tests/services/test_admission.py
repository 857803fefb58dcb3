"""Accepting a request: what one transaction reads and writes, on both kinds of database."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.blocking import BlockedReason
from bot.domain.jobs import Job
from bot.domain.prices import Price, Rate
from bot.domain.quota import GuildDefaults, Rules
from bot.domain.request import GenerationRequest, complete
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.timings import EngineTimings
from bot.services.admission import Admission
from bot.services.admission_request import AdmissionRequest
from bot.services.admission_result import Admitted, ConfirmationNeeded, Refused
from bot.storage import accounts, job_lists
from bot.storage.database import Database
from bot.storage.guilds import set_rules
from bot.storage.tables.provider import OWNER_ACCOUNT
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.credits_world import BUDGET, GUILD, MEMBER, NOON

STATEMENTS_MAX = 14
"""Statements that one accepted request may take while it holds the only writer of a SQLite file."""

_interactions = count(1)


def make_context(database: Database) -> EngineContext:
    """Return what an admission needs, at NOON."""
    return EngineContext(
        database=database,
        clock=lambda: NOON,
        timings=EngineTimings(),
        providers={},
        worker_id="test",
        durations=ModelDurations(database),
    )


@pytest.fixture
def admission(guild_database: Database) -> Admission:
    return Admission(make_context(guild_database), GuildDefaults(BUDGET))


def request(credits: int = 10, **changes: Any) -> AdmissionRequest:
    """Return a request for a video that costs `credits`."""
    capability = replace(VEO_FAST, price=Price((Rate(Decimal(credits)),)))
    asked = complete(GenerationRequest(VEO_FAST.slug, {"prompt": "a fox"}), capability)
    return replace(
        AdmissionRequest(next(_interactions), GUILD, 5, MEMBER, (), capability, asked, upload_bytes_max=10**7),
        **changes,
    )


def all_jobs(conn: Connection) -> list[Job]:
    return job_lists.recent(conn, GUILD, limit=1000)


async def test_an_accepted_request_reads_each_thing_once(
    admission: Admission, guild_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await admission.admit(request())
    statements: list[str] = []
    write = guild_database.write

    async def counted(work: Any, *args: Any, **kwargs: Any) -> Any:
        def listening(conn: Connection) -> Any:
            def note(_conn: Connection, _cursor: object, statement: str, *_others: object) -> None:
                statements.append(statement)

            event.listen(conn, "before_cursor_execute", note)
            try:
                return work(conn, *args, **kwargs)
            finally:
                event.remove(conn, "before_cursor_execute", note)

        return await write(listening)

    monkeypatch.setattr(guild_database, "write", counted)
    assert isinstance(await admission.admit(request()), Admitted)
    assert len(statements) <= STATEMENTS_MAX, "\n".join(statements)
    assert len(set(statements)) == len(statements), "the same statement twice"


async def test_one_interaction_delivered_many_times_at_once_is_one_job(
    admission: Admission, guild_database: Database
) -> None:
    asked = request()
    outcomes = await asyncio.gather(*(admission.admit(asked) for _ in range(10)))
    assert all(isinstance(outcome, Admitted) for outcome in outcomes)
    assert len({outcome.job.id for outcome in outcomes if isinstance(outcome, Admitted)}) == 1
    assert len(await guild_database.read(all_jobs)) == 1


async def test_a_confirmation_holds_no_more_than_was_agreed_to(admission: Admission, guild_database: Database) -> None:
    await guild_database.write(set_rules, GUILD, Rules(confirm_above=50))
    question = await admission.admit(request(100))
    assert isinstance(question, ConfirmationNeeded)
    dearer = await admission.admit(request(300, confirmed_credits=question.price.credits))
    assert isinstance(dearer, ConfirmationNeeded)
    assert dearer.price.credits == 300
    assert await guild_database.read(all_jobs) == []
    cheaper = await admission.admit(request(80, confirmed_credits=question.price.credits))
    assert isinstance(cheaper, Admitted)
    assert cheaper.job.held == 80


async def test_more_than_half_of_what_is_left_is_asked_about_and_what_is_refused_anyway_is_not(
    admission: Admission,
) -> None:
    assert isinstance(await admission.admit(request(BUDGET // 2)), Admitted)
    question = await admission.admit(request(BUDGET // 2))
    assert isinstance(question, ConfirmationNeeded)
    assert question.quota_status.left == BUDGET // 2
    assert isinstance(await admission.admit(request(BUDGET // 2 + 1)), Refused)
    assert isinstance(await admission.admit(request(BUDGET // 2, confirmed_credits=BUDGET // 2)), Admitted)


@pytest.mark.parametrize("reason", [BlockedReason.UNAUTHORIZED, BlockedReason.FORBIDDEN])
async def test_a_refused_key_refuses_requests_only_until_it_is_tried_again(
    admission: Admission, guild_database: Database, reason: BlockedReason
) -> None:
    """Otherwise nothing would ever be sent again that could show that the key works."""
    await guild_database.write(accounts.block, OWNER_ACCOUNT, reason, NOON + 60)
    refused = await admission.admit(request())
    assert isinstance(refused, Refused)
    assert refused.outage is not None
    await guild_database.write(accounts.block, OWNER_ACCOUNT, reason, NOON)
    assert isinstance(await admission.admit(request()), Admitted)
