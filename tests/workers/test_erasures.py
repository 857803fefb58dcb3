"""A member's data is erased: words and links go, amounts stay exact, and nobody gains by it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select, update

from bot.domain.audit import AuditAction
from bot.domain.cast import CastLimits
from bot.domain.films import ClipFacts
from bot.domain.gallery import GalleryKind
from bot.domain.guild_log import LogKind
from bot.domain.jobs import Job, JobState
from bot.domain.json_value import JsonObject
from bot.domain.moderation import IncidentDecision, IncidentKind
from bot.domain.notices import Notice, NoticeKind
from bot.domain.periods import Period
from bot.domain.postings import PostedKind, PostedMessage
from bot.domain.privacy import Policy
from bot.domain.quota import GuildDefaults, Limit, Scope
from bot.engine.notifier import DeliveryLater
from bot.services.cast import Cast
from bot.services.credits import CreditsService
from bot.services.moderation import Moderation
from bot.services.privacy import Privacy
from bot.services.reports import Reports
from bot.storage import (
    audit,
    cases,
    erasing,
    gallery,
    guild_log,
    incidents,
    member_choices,
    member_locales,
    notices,
    posted_messages,
    postings,
    reel_parts,
    reels,
)
from bot.storage.ledger_check import disagreements
from bot.storage.personal_data import person_columns
from bot.storage.tables import metadata
from bot.storage.tables.jobs import jobs_table, renders_table
from bot.storage.tables.moderation import incidents_table, member_blocks_table
from bot.storage.tables.money import audit_log_table, ledger_entries_table, limits_table, usage_table
from bot.storage.tables.privacy import carried_usage_table, erasures_table
from bot.workers.erasures import Erasures
from bot.workers.housekeeping import Housekeeping
from tests.support.bench import CHANNEL, GUILD, MEMBER, Bench
from tests.support.removal import RecordingRemover
from tests.support.traces import stands_in, traces

MARK = "Zaphod-Beeblebrox"
"""What the member wrote everywhere."""
OTHER_GUILD, OTHER_MEMBER, MODERATOR = 1002, 3002, 91
DAY = 86_400.0
DEFAULTS = GuildDefaults(100_000)
ERASED = {
    *("member_choices.member_id", "member_locales.member_id", "fair_tags.member_id", "erasures.member_id"),
    *("reel_members.member_id", "reel_sounds.added_by", "reel_render_makers.member_id", "comparison_votes.member_id"),
    "gallery_opt_outs.member_id",
    "cast_pictures.member_id",
}
PSEUDONYMOUS = {
    *("jobs.member_id", "job_events.actor_id", "outbox.deleted_by", "approvals.actor_id", "queue_switches.actor_id"),
    *("ledger_entries.member_id", "ledger_entries.actor_id", "audit_log.actor_id", "guild_settings.actor_id"),
    *("incidents.member_id", "incidents.actor_id", "reports.reporter_id", "word_list_entries.actor_id"),
    *("age_restricted_models.actor_id", "member_blocks.actor_id", "reels.maker_id", "reels.titled_by"),
    *("reel_clips.added_by", "reel_renders.asked_by", "reel_renders.deleted_by"),
    "comparisons.member_id",
    "gallery_entries.member_id",
    "styles.actor_id",
}
KEPT = {"member_blocks.member_id", "content_refusals.member_id", "carried_usage.member_id"}
"""Otherwise an erasure would lift a block or a limit."""


@dataclass
class Office:
    """The bench's engine with what erases."""

    engine: Bench
    privacy: Privacy
    credits: CreditsService
    worker: Erasures
    remover: RecordingRemover

    async def erase(self, guild_id: int | None = None, *, delete_messages: bool = False, member: int = MEMBER) -> None:
        await self.privacy.erase(member, guild_id, delete_messages=delete_messages)
        await self.work()

    async def work(self) -> None:
        """Take the worker's steps until nothing is due, once the cards on Discord are up to date."""
        await self.engine.cards.step()
        for _ in range(50):
            if await self.worker.step() > 0:
                return
        raise AssertionError("the worker does not come to an end")

    async def pending(self) -> int:
        return int(await self.number(select(func.count()).select_from(erasures_table)))

    async def number(self, query: Any) -> Any:
        return await self.engine.database.read(lambda conn: conn.execute(query).scalar())

    async def sound(self) -> None:
        for guild in (GUILD, OTHER_GUILD):
            assert await self.engine.database.read(disagreements, guild) == []


@pytest.fixture
def office(engine: Bench) -> Office:
    remover = RecordingRemover()
    context = engine.context
    credits = CreditsService(context.database, context.clock, DEFAULTS)
    return Office(engine, Privacy(context, Policy()), credits, Erasures(context, remover), remover)


async def live(office: Office) -> list[Job]:
    """Have a member use everything that keeps words, in two guilds. One job of each kind is returned, all ended."""
    engine, database, now = office.engine, office.engine.database, office.engine.context.clock()
    await office.credits.set_limit(GUILD, MODERATOR, Limit(Scope.MEMBER, MEMBER, Period.MONTH, 50_000))
    await office.credits.grant(GUILD, MODERATOR, MEMBER, 50, f"{MARK} won", None)
    await office.credits.grant(OTHER_GUILD, MEMBER, OTHER_MEMBER, 50, f"{MARK} gave this", 30)
    await office.credits.change_rules(OTHER_GUILD, MEMBER, blocked_reason=f"{MARK} blocked it")
    await office.credits.change_rules(OTHER_GUILD, MODERATOR, blocked_reason=None)
    paid = await engine.ask(f"{MARK} in a lighthouse")
    await engine.finish(paid)
    await office.credits.refund(GUILD, MODERATOR, paid.id, 10, f"{MARK} was sad")
    elsewhere = await engine.ask(f"{MARK} at sea", guild=OTHER_GUILD, channel=CHANNEL + 1)
    await engine.finish(elsewhere)
    await database.write(member_choices.save, MEMBER, "veo31_fast", {"aspect_ratio": MARK})
    await database.write(member_locales.save, MEMBER, MARK)
    await database.write(cases.open_case, paid.id, f"{MARK} is unclear", (), now)
    notice = Notice(f"unresolved:{paid.id}", NoticeKind.UNRESOLVED, {"job_id": paid.id, "why": MARK})
    await database.write(notices.raise_notice, notice, now)
    await database.write(notices.told, notice.key, now)
    guard: JsonObject = {"entry": "x", "owners": False, "model": "veo", "text": f"{MARK} wanted this"}
    stopped = await database.write(incidents.add, "guard:1", GUILD, IncidentKind.GUARD, MEMBER, CHANNEL, guard, now)
    assert stopped is not None
    await database.write(incidents.decide, stopped, IncidentDecision.DISMISSED, MODERATOR, now)
    await database.write(incidents.set_due, stopped, None)
    line: JsonObject = {"actor_id": MODERATOR, "action": "grant", "data": {"member_id": MEMBER, "reason": MARK}}
    await database.write(guild_log.write, GUILD, LogKind.CHANGED, line, now)
    await Moderation(engine.context, DEFAULTS).block(GUILD, MEMBER, MODERATOR, f"{MARK} insulted us", 3600.0)
    reel = await database.write(reels.add, GUILD, CHANNEL, MEMBER, f"{MARK}, the film", now)
    await database.write(reel_parts.add_title, reel, f"{MARK} presents", 3.0, MEMBER, now)
    await database.write(reels.set_sound, reel, f"{MARK}.mp3", MARK.encode(), MEMBER)
    await database.write(reel_parts.add_clip, reel, paid.id, 0, MEMBER, now)
    await database.write(
        reel_parts.note_facts, paid.id, 0, ClipFacts(64, 64, Fraction(24), 8000, True, 9), MARK.encode()
    )
    await database.write(gallery.opt_out, GUILD, MEMBER, now)
    pictures = Cast(engine.context, CastLimits())
    for shared in (False, True):
        content = b"\x89PNG\r\n\x1a\n" + MARK.encode() + bytes([shared])
        await pictures.add(GUILD, MEMBER, f"{MARK}'s face", content, (8, 8), shared=shared)
    frame = (
        update(renders_table).where(renders_table.c.job_id == paid.id).values(last_frame_url=f"https://{MARK}/l.png")
    )
    await database.write(lambda conn: conn.execute(frame))
    other = await engine.ask("somebody else's", member=OTHER_MEMBER)
    await engine.finish(other)
    engine.studio.advance(10)
    return [paid, elsewhere, other]


async def test_nothing_that_the_member_wrote_is_found_anywhere_afterwards(office: Office) -> None:
    paid, elsewhere, other = await live(office)
    database = office.engine.database
    everywhere = {
        "jobs",
        "ledger_entries",
        "audit_log",
        "member_choices",
        "member_locales",
        "grants",
        "reels",
        "reel_clips",
        "reel_sounds",
        "renders",
    }
    assert everywhere <= set(await traces(database, MARK))
    await office.erase()
    assert await traces(database, MARK) == []
    assert await office.pending() == 0
    for job in (paid, elsewhere):
        assert await office.engine.people.get(job.id) is None
    kept = await office.engine.people.get(other.id)
    assert kept is not None
    assert kept.request.prompt == "somebody else's"
    rows = await database.read(lambda conn: conn.execute(select(renders_table)).all())
    assert {row.job_id for row in rows} == {paid.id, elsewhere.id, other.id}, "an id must not look like somebody else's"
    assert [row.job_id for row in rows if row.result_urls] == [other.id]


async def test_the_ledger_stays_exact_and_has_a_pseudonym_of_which_no_key_is_kept(office: Office) -> None:
    await live(office)
    database = office.engine.database
    sums = select(func.sum(ledger_entries_table.c.charged_delta), func.sum(ledger_entries_table.c.spent_delta))
    before = await database.read(lambda conn: conn.execute(sums).one())
    await office.erase()
    await office.sound()
    assert await database.read(lambda conn: conn.execute(sums).one()) == before
    members = select(ledger_entries_table.c.member_id).where(ledger_entries_table.c.member_id < 0).distinct()
    pseudonyms = (await database.read(lambda conn: conn.execute(members))).scalars().all()
    assert len(pseudonyms) == 2, "another one in each guild"
    found = set(await traces(database, str(MEMBER))) - {"bot.db", "bot.db-wal"}
    assert found == {"carried_usage", "limits", "member_blocks"}, "what a moderator's limit needs"
    counted = select(func.sum(usage_table.c.spent)).where(usage_table.c.subject_id.in_(pseudonyms))
    assert await office.number(counted) > 0


async def test_a_limit_is_not_lifted_by_an_erasure(office: Office) -> None:
    engine = office.engine
    await office.credits.set_limit(GUILD, MODERATOR, Limit(Scope.MEMBER, MEMBER, Period.MONTH, 300))
    for _ in range(2):
        await engine.finish(await engine.ask())
    spent = (await office.credits.member_view(GUILD, MEMBER, ())).quota_status
    for _ in range(2):
        engine.studio.advance(1)
        await office.erase()
    now = (await office.credits.member_view(GUILD, MEMBER, ())).quota_status
    assert now.spendable == spent.spendable
    assert now.allowances == spent.allowances
    await engine.finish(await engine.ask())
    assert (await office.credits.member_view(GUILD, MEMBER, ())).quota_status.spendable == 0
    await office.sound()
    engine.studio.advance(33 * DAY)
    await Housekeeping(engine.context).step()
    assert await office.number(select(func.count()).select_from(carried_usage_table)) == 0


async def test_what_waits_is_cancelled_and_what_runs_is_erased_when_it_has_ended(office: Office) -> None:
    engine = office.engine
    running = await engine.ask(f"{MARK} runs")
    await engine.submit()
    waiting = await engine.ask(f"{MARK} waits")
    engine.studio.advance(1)
    await office.erase()
    assert await engine.state(waiting) is JobState.CANCELLED
    assert await engine.state(running) is JobState.RUNNING
    assert await office.pending() == 1
    engine.studio.advance(1)
    again = await engine.ask(f"{MARK} asks again")
    await engine.poll_until_ended(running)
    while await engine.undelivered():
        await engine.deliver()
    engine.studio.advance(3700)
    await office.work()
    assert await office.pending() == 0
    assert [await engine.people.get(job.id) for job in (running, waiting)] == [None, None]
    assert await engine.people.get(again.id) is not None, "asked for after the erasure"
    listed = await engine.database.read(gallery.find, GalleryKind.VIDEO, running.id)
    assert listed is None, "it was posted after the erasure, and has left the gallery"
    assert (await engine.job(running.id)).member_id < 0
    await office.sound()


async def test_asked_for_twice_while_a_job_runs_in_each_of_two_servers_all_of_it_is_erased_once(office: Office) -> None:
    engine = office.engine
    running = [
        await engine.ask(f"{MARK} runs"),
        await engine.ask(f"{MARK} too", guild=OTHER_GUILD, channel=CHANNEL + 1),
    ]
    await engine.submit()
    engine.studio.advance(1)
    await office.erase()
    await office.erase(delete_messages=True)
    assert await office.pending() == 2
    assert [await engine.state(job) for job in running] == [JobState.RUNNING] * 2
    for job in running:
        await engine.poll_until_ended(job)
    while await engine.undelivered():
        await engine.deliver()
    posted = {(job.channel_id, engine.notifier.posted[job.id]) for job in running}
    await engine.cards.step()
    engine.studio.advance(3700)
    await office.work()
    assert await office.pending() == 0
    assert set(office.remover.removed) == posted, "as the member wished the second time"
    assert await traces(engine.database, MARK) == []
    pseudonyms = [(await engine.job(job.id)).member_id for job in running]
    assert all(pseudonym < 0 for pseudonym in pseudonyms)
    assert len(set(pseudonyms)) == 2
    await office.sound()


async def test_posted_videos_are_deleted_if_the_member_wants_it_also_after_a_failure(office: Office) -> None:
    paid, elsewhere, _ = await live(office)
    office.remover.trouble = [DeliveryLater("Discord is down", 30.0)]
    database, now = office.engine.database, office.engine.context.clock()
    copy, line = PostedMessage(paid.id, 4711, 900), PostedMessage(elsewhere.id, CHANNEL, 901)
    await database.write(posted_messages.note, PostedKind.CLOSING, copy, now)
    await database.write(posted_messages.note, PostedKind.CARD, line, now)
    stood = {await office.engine.database.read(postings.posting_of, job.id) for job in (paid, elsewhere)}
    await office.erase(delete_messages=True)
    assert len(office.remover.removed) in (0, 2), "the messages of the other guild, at most"
    office.engine.studio.advance(60)
    await office.work()
    assert await office.pending() == 0
    latest = {(one.channel_id, one.message_id) for one in stood if one is not None}
    assert set(office.remover.removed) == latest | {(4711, 900), (CHANNEL, 901)}
    assert await database.read(posted_messages.of_jobs, [paid.id, elsewhere.id]) == {paid.id: [], elsewhere.id: []}


async def test_one_guild_alone_can_be_erased_and_twice_is_once(office: Office) -> None:
    paid, elsewhere, _ = await live(office)
    for _ in range(2):
        await office.privacy.erase(MEMBER, GUILD, delete_messages=False)
    await office.work()
    assert await office.engine.people.get(paid.id) is None
    assert await office.engine.people.get(elsewhere.id) is not None
    assert (await office.privacy.show(MEMBER)).jobs == 1
    await office.erase(GUILD)
    await office.sound()


async def test_the_log_lets_nothing_else_be_changed(office: Office) -> None:
    await live(office)
    database = office.engine.database
    refused = [
        ledger_entries_table.update().values(spent_delta=1),
        ledger_entries_table.update().values(member_id=MEMBER + 1),
        ledger_entries_table.update().values(member_id=-5, charged_delta=0, held_delta=7),
        ledger_entries_table.update().values(reason="another"),
        audit_log_table.update().values(actor_id=MEMBER + 1),
        audit_log_table.update().values(data={"amount": 1}),
        audit_log_table.update().where(audit_log_table.c.action == "grant").values(action="refund"),
        ledger_entries_table.delete(),
        audit_log_table.delete(),
    ]
    for statement in refused:
        with pytest.raises(Exception, match="insert-only"):
            await database.write(lambda conn, change: conn.execute(change), statement)


async def test_a_reported_video_is_erased_once_moderators_have_decided(office: Office) -> None:
    engine, database = office.engine, office.engine.database
    job = await engine.ask(f"{MARK} in a lighthouse")
    await engine.finish(job)
    await Reports(engine.context).report(job.id, OTHER_MEMBER, f"{MARK} is rude")
    engine.studio.advance(1)
    await office.erase(member=OTHER_MEMBER)
    await office.erase()
    assert (await office.pending(), await engine.people.get(job.id) is None) == (1, False)
    [incident] = await database.read(incidents.newest, GUILD, 5)
    await Moderation(engine.context, DEFAULTS).decide(GUILD, incident.id, IncidentDecision.DISMISSED, MODERATOR)
    await database.write(incidents.set_due, incident.id, None)
    engine.studio.advance(60)
    await office.work()
    assert await office.pending() == 0
    assert await traces(database, MARK) == []
    assert set(await traces(database, str(OTHER_MEMBER))) - {"bot.db", "bot.db-wal"} == set()


async def test_a_block_is_not_lifted_by_an_erasure(office: Office) -> None:
    moderation = Moderation(office.engine.context, DEFAULTS)
    await office.credits.set_limit(GUILD, MODERATOR, Limit(Scope.GUILD, 0, Period.MONTH, 50_000))
    await moderation.block(GUILD, MEMBER, MODERATOR, f"{MARK} insulted us", None)
    await office.erase()
    block = await moderation.block_of(GUILD, MEMBER)
    assert block is not None
    assert (block.member_id, block.reason) == (MEMBER, "")


def test_every_column_that_names_a_person_is_decided_about() -> None:
    """A table that is added later is to be erased, to be made somebody else's, or to stay on purpose."""
    named = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in person_columns(table)}
    assert named == ERASED | PSEUDONYMOUS | KEPT
    others = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith(("member_id", "actor_id", "user_id", "reporter_id", "_by", "owner_id"))
    }
    assert others - named == set(), "has to have the type PersonId"


async def test_a_member_of_whom_nothing_is_kept_can_be_erased(office: Office) -> None:
    await office.erase(member=12345)
    assert await office.pending() == 0
    assert await office.engine.database.read(erasing.guilds_of, 12345) == [0]


async def test_limits_of_the_member_stay(office: Office) -> None:
    await live(office)
    await office.erase()
    stay = select(limits_table.c.amount).where(limits_table.c.subject_id == MEMBER)
    assert await office.number(stay) == 50_000
    assert await office.number(select(func.count()).select_from(jobs_table)) == 3


def _rows_of(conn: Connection, table: Table, guild_id: int) -> list[Any]:
    return list(conn.execute(select(table).where(table.c.guild_id == guild_id)))


async def test_a_guild_is_forgotten_a_month_after_the_bot_has_left_it(office: Office) -> None:
    await live(office)
    engine, database = office.engine, office.engine.database
    words: JsonObject = {"setting": "x", "before": None, "after": f"{MARK} channel"}
    await database.write(audit.record, GUILD, MODERATOR, AuditAction.CHANGE_SETTING, words, engine.context.clock())
    housekeeping = Housekeeping(engine.context)
    await office.privacy.reconcile_guilds([OTHER_GUILD], lambda guild_id: guild_id != 77)
    engine.studio.advance(29 * DAY)
    await housekeeping.step()
    assert await office.pending() == 0
    await office.privacy.guild_joined(GUILD)
    engine.studio.advance(2 * DAY)
    await housekeeping.step()
    assert await office.pending() == 0, "it came back in time"
    await office.privacy.guild_left(GUILD)
    engine.studio.advance(31 * DAY)
    for _ in range(2):
        await housekeeping.step()
        await office.work()
    assert await office.pending() == 0
    ids = (MEMBER, OTHER_MEMBER, MODERATOR)
    guild = (jobs_table, ledger_entries_table, audit_log_table, limits_table, member_blocks_table, incidents_table)
    for table in guild:
        rows = await database.read(_rows_of, table, GUILD)
        assert not any(stands_in(str(person), str(row)) for row in rows for person in ids[:2]), table.name
        assert MARK not in str(rows), table.name
    ceilings = select(func.count()).select_from(limits_table).where(limits_table.c.guild_id == GUILD)
    assert await office.number(ceilings) == 1, "the owner's own"
    await office.sound()
    assert "jobs" in await traces(database, MARK), "the other guild is not concerned"


async def test_nothing_is_left_of_a_guild_that_is_forgotten(office: Office) -> None:
    await live(office)
    for guild in (GUILD, OTHER_GUILD):
        await office.privacy.forget_guild(guild)
    await office.work()
    assert await office.pending() == 0
    assert set(await traces(office.engine.database, MARK)) <= {
        *("member_choices", "member_locales", "cast_pictures", "bot.db"),
    }, "what is the member's own, and no guild's"
    await office.erase()
    assert await traces(office.engine.database, MARK) == []
    await office.sound()
