"""Accepting a comparison: all of its jobs or none, once, on both kinds of database."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.comparisons import Comparison
from bot.domain.jobs import Job, JobState
from bot.domain.moderation import Bar
from bot.domain.prices import Price, Rate
from bot.domain.quota import GuildDefaults, RefusalReason, Rules
from bot.domain.request import GenerationRequest, complete
from bot.services.admission import Admission
from bot.services.admission_request import AdmissionRequest, ComparisonRequest
from bot.services.admission_result import ComparisonAdmitted, ComparisonQuestion, ComparisonRefused
from bot.storage import age_restricted, comparisons, job_lists
from bot.storage.database import Database
from bot.storage.guilds import set_rules
from bot.storage.ledger_check import disagreements
from bot.storage.tables.comparisons import comparisons_table
from bot.storage.tables.money import ledger_entries_table
from tests.discord_ui.catalogues import VEO_FAST
from tests.services.test_admission import make_context
from tests.support.credits_world import BUDGET, GUILD, MEMBER

AGREED = 10**6
_interactions = count(5_000)


@pytest.fixture
def admission(guild_database: Database) -> Admission:
    return Admission(make_context(guild_database), GuildDefaults(BUDGET))


def comparison(*prices: int, agreed: int | None = AGREED, member: int = MEMBER, **changes: Any) -> ComparisonRequest:
    """Return a wish to compare models at these prices."""
    interaction = next(_interactions)
    requests = []
    for number, credits in enumerate(prices):
        model = replace(VEO_FAST, slug=f"model_{number}", price=Price((Rate(Decimal(credits)),)))
        asked = complete(GenerationRequest(model.slug, {"prompt": "a fox"}), model)
        requests.append(replace(AdmissionRequest(interaction, GUILD, 5, member, (), model, asked), **changes))
    return ComparisonRequest(tuple(requests), agreed)


def written(conn: Connection) -> tuple[list[Job], int, int]:
    """Return the jobs, the number of comparisons, and the number of entries in the ledger."""
    kept = conn.execute(select(func.count()).select_from(comparisons_table)).scalar_one()
    entries = conn.execute(select(func.count()).select_from(ledger_entries_table)).scalar_one()
    return job_lists.recent(conn, GUILD, limit=1000), kept, entries


async def test_a_comparison_is_one_question_and_then_one_hold_for_each_job(
    admission: Admission, guild_database: Database
) -> None:
    asked = comparison(10, 20, 30, agreed=None)
    question = await admission.admit_comparison(asked)
    assert isinstance(question, ComparisonQuestion)
    assert question.credits == 60
    assert await guild_database.read(written) == ([], 0, 0)
    accepted = await admission.admit_comparison(replace(asked, confirmed_credits=60))
    assert isinstance(accepted, ComparisonAdmitted)
    jobs, kept, entries = await guild_database.read(written)
    assert {job.id for job in jobs} == {job.id for job in accepted.jobs}
    assert [job.held for job in accepted.jobs] == [10, 20, 30]
    assert {job.state for job in jobs} == {JobState.QUEUED}
    assert (kept, entries) == (1, 3)
    assert {job.comparison_id for job in jobs} == {accepted.comparison.id}
    clips = await guild_database.read(comparisons.clips_of, accepted.comparison.id)
    assert sorted(clip.position for clip in clips) == [0, 1, 2]
    assert await guild_database.read(disagreements, GUILD) == []


async def test_a_dearer_sum_than_was_agreed_to_is_asked_about_again(admission: Admission) -> None:
    again = await admission.admit_comparison(comparison(10, 20, agreed=29))
    assert isinstance(again, ComparisonQuestion)
    assert isinstance(await admission.admit_comparison(comparison(10, 20, agreed=30)), ComparisonAdmitted)


async def test_a_budget_for_three_holds_nothing_of_four(admission: Admission, guild_database: Database) -> None:
    quarter = BUDGET // 3
    refused = await admission.admit_comparison(comparison(quarter, quarter, quarter, quarter))
    assert isinstance(refused, ComparisonRefused)
    assert refused.credits == 4 * quarter
    [refusal] = refused.refused.refusals
    assert refusal.reason is RefusalReason.LIMIT
    assert refusal.allowance is not None
    assert refusal.allowance.left == BUDGET, "nothing of the comparison is counted against itself"
    assert await guild_database.read(written) == ([], 0, 0)
    assert isinstance(await admission.admit_comparison(comparison(quarter, quarter, quarter)), ComparisonAdmitted)


async def test_of_two_at_once_for_the_last_credits_exactly_one_is_accepted(
    admission: Admission, guild_database: Database
) -> None:
    half = BUDGET // 2
    wishes = [comparison(half - 10, half - 10, member=MEMBER + number) for number in range(6)]
    outcomes = await asyncio.gather(*(admission.admit_comparison(each) for each in wishes))
    assert sum(isinstance(outcome, ComparisonAdmitted) for outcome in outcomes) == 1
    jobs, kept, entries = await guild_database.read(written)
    assert (len(jobs), kept, entries) == (2, 1, 2)
    assert await guild_database.read(disagreements, GUILD) == []


async def test_one_interaction_delivered_many_times_at_once_is_one_comparison(
    admission: Admission, guild_database: Database
) -> None:
    asked = comparison(10, 20, 30, 40)
    outcomes = await asyncio.gather(*(admission.admit_comparison(asked) for _ in range(8)))
    accepted = [outcome for outcome in outcomes if isinstance(outcome, ComparisonAdmitted)]
    assert len(accepted) == 8
    assert len({outcome.comparison.id for outcome in accepted}) == 1
    assert sum(outcome.repeated for outcome in accepted) == 7
    jobs, kept, entries = await guild_database.read(written)
    assert (len(jobs), kept, entries) == (4, 1, 4)


async def test_jobs_at_once_count_every_job_of_a_comparison(admission: Admission, guild_database: Database) -> None:
    await guild_database.write(set_rules, GUILD, Rules(member_jobs_max=3))
    refused = await admission.admit_comparison(comparison(1, 1, 1, 1))
    assert isinstance(refused, ComparisonRefused)
    assert [each.reason for each in refused.refused.refusals] == [RefusalReason.MEMBER_JOBS]
    assert isinstance(await admission.admit_comparison(comparison(1, 1)), ComparisonAdmitted)
    assert isinstance(await admission.admit_comparison(comparison(1, 1)), ComparisonRefused)


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (Rules(price_max=50), RefusalReason.PRICE_MAX),
        (Rules(approval_above=50, approval_channel_id=7), RefusalReason.APPROVAL),
    ],
)
async def test_the_price_of_one_model_is_what_is_refused_where_it_alone_is_too_high(
    admission: Admission, guild_database: Database, rules: Rules, reason: RefusalReason
) -> None:
    await guild_database.write(set_rules, GUILD, rules)
    refused = await admission.admit_comparison(comparison(40, 60, 50))
    assert isinstance(refused, ComparisonRefused)
    assert (refused.about, refused.credits) == (1, 60)
    assert [each.reason for each in refused.refused.refusals] == [reason]
    assert isinstance(await admission.admit_comparison(comparison(40, 50, 50)), ComparisonAdmitted)


async def test_one_age_restricted_model_keeps_the_comparison_out_of_an_open_channel(
    admission: Admission, guild_database: Database
) -> None:
    await guild_database.write(age_restricted.mark, "model_1", 1, 1.0)
    refused = await admission.admit_comparison(comparison(1, 1))
    assert isinstance(refused, ComparisonRefused)
    assert (refused.refused.bar, refused.about) == (Bar.AGE_RESTRICTED, 1)
    accepted = await admission.admit_comparison(comparison(1, 1, age_restricted_channel=True))
    assert isinstance(accepted, ComparisonAdmitted)


async def test_what_breaks_in_the_middle_leaves_nothing(
    admission: Admission, guild_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = comparisons.add

    def breaks(conn: Connection, kept: Comparison, *rest: Any) -> None:
        write(conn, kept, *rest)
        raise OSError("the disk is full")

    monkeypatch.setattr(comparisons, "add", breaks)
    with pytest.raises(OSError, match="the disk is full"):
        await admission.admit_comparison(comparison(10, 20))
    assert await guild_database.read(written) == ([], 0, 0)
    assert await guild_database.read(disagreements, GUILD) == []
