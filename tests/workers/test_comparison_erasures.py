"""A comparison loses what its member wrote, and every member's vote; with its guild the votes go at once."""

from sqlalchemy import select

from bot.domain.privacy import Policy
from bot.services.privacy import Privacy
from bot.storage import comparisons, guild_erasing
from bot.storage.ledger_check import disagreements
from bot.storage.personal_data import jobs_page, rows_about
from bot.storage.tables.comparisons import comparison_votes_table
from bot.workers.erasures import Erasures
from tests.support.bench import GUILD, MEMBER, Bench
from tests.support.removal import RecordingRemover
from tests.support.traces import traces
from tests.workers.test_erasures import MARK, OTHER_MEMBER


async def compare(engine: Bench) -> str:
    """Have a member compare two models, and two members vote. Returns the comparison's id."""
    admitted = await engine.compare("veo31_fast", "kling_3_0", prompt=f"{MARK} in a lighthouse")
    engine.studio.advance(11)
    await engine.comparison_cards.step()
    await engine.submit()
    for job in admitted.jobs:
        await engine.poll_until_ended(job)
    await engine.comparisons.step()
    await engine.deliver()
    await engine.comparison_cards.step()
    for member, job in zip((MEMBER, OTHER_MEMBER), admitted.jobs, strict=True):
        now = engine.context.clock()
        await engine.database.write(comparisons.vote, admitted.comparison.id, member, job.id, now)
    engine.studio.advance(1)
    return admitted.comparison.id


async def erase(engine: Bench, member: int, *, delete_messages: bool = False) -> RecordingRemover:
    remover = RecordingRemover()
    worker = Erasures(engine.context, remover)
    await Privacy(engine.context, Policy()).erase(member, None, delete_messages=delete_messages)
    for _ in range(20):
        if await worker.step() > 0:
            return remover
    raise AssertionError("the worker does not come to an end")


async def voters(engine: Bench) -> set[int]:
    query = select(comparison_votes_table.c.member_id)
    return set(await engine.database.read(lambda conn: conn.execute(query).scalars().all()))


async def test_words_and_votes_of_the_member_go_and_the_vote_goes_on_without_them(engine: Bench) -> None:
    comparison_id = await compare(engine)
    assert "jobs" in await traces(engine.database, MARK)
    await erase(engine, MEMBER)
    assert await traces(engine.database, MARK) == []
    found = await engine.database.read(comparisons.find, comparison_id)
    assert found is not None
    assert found.member_id < 0
    assert await voters(engine) == {OTHER_MEMBER}
    engine.studio.advance(engine.context.timings.voting_seconds)
    await engine.comparisons.step()
    assert engine.compared.revealed == [], "nobody knows any more where its message is"
    assert sum(each.votes for each in (await engine.database.read(comparisons.standings, GUILD)).values()) == 1
    assert await engine.database.read(disagreements, GUILD) == []


async def test_a_voters_erasure_takes_the_vote_out_and_leaves_the_comparison(engine: Bench) -> None:
    comparison_id = await compare(engine)
    await erase(engine, OTHER_MEMBER)
    assert await voters(engine) == {MEMBER}
    found = await engine.database.read(comparisons.find, comparison_id)
    assert found is not None
    assert found.member_id == MEMBER


async def test_the_one_message_of_all_jobs_is_deleted_if_the_member_wants_it(engine: Bench) -> None:
    comparison_id = await compare(engine)
    remover = await erase(engine, MEMBER, delete_messages=True)
    assert {message_id for _, message_id in remover.removed} == {engine.compared.posted[comparison_id]}


async def test_an_export_shows_the_comparison_its_jobs_and_the_vote(engine: Bench) -> None:
    comparison_id = await compare(engine)
    tables = dict(await engine.database.read(lambda conn: list(rows_about(conn, MEMBER))))
    assert [row["id"] for row in tables["comparisons"]] == [comparison_id]
    assert [row["comparison_id"] for row in tables["comparison_votes"]] == [comparison_id]
    exported, _ = await engine.database.read(jobs_page, MEMBER, "")
    assert {job["comparison_id"] for job in exported} == {comparison_id}


async def test_the_votes_in_a_guild_go_with_its_data(engine: Bench) -> None:
    await compare(engine)
    await engine.database.write(guild_erasing.forget, GUILD, engine.context.clock())
    assert await voters(engine) == set()
