"""A request that a word list forbids: refused before anything is held, and told to moderators once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.audit import AuditAction
from bot.domain.guild_settings import GuildSetting
from bot.domain.moderation import ALL_GUILDS, Bar, IncidentKind, Stop
from bot.domain.word_list import EntryProblem
from bot.services.admission_result import Admitted, Refused
from bot.services.guild_settings import GuildSettingsService
from bot.services.word_lists import WordLists
from bot.storage import audit, incidents
from bot.storage.database import Database
from tests.support.bench import GUILD, MEMBER, Bench, bench

MODERATOR = 77


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready


@pytest.fixture
def lists(engine: Bench) -> WordLists:
    return WordLists(engine.context)


async def outcome(engine: Bench, prompt: str, guild: int = GUILD) -> Bar | None:
    """Ask, and return the bar that stopped it; None where it was accepted."""
    result = await engine.admission.admit(engine.request(prompt, guild=guild))
    assert isinstance(result, (Admitted, Refused)), result
    return result.bar if isinstance(result, Refused) else None


async def test_a_forbidden_word_is_refused_and_nothing_is_held(engine: Bench, lists: WordLists) -> None:
    await lists.add(GUILD, MODERATOR, "zombie\nvery bad")
    asked = engine.request("A Z.O.M.B.I.E walks")
    assert await engine.admission.admit(asked) == Refused(bar=Bar.WORDS)
    assert await engine.admission.admit(asked) == Refused(bar=Bar.WORDS), "a repeated delivery"
    [told] = await engine.database.read(incidents.newest, GUILD, 10)
    assert (told.kind, told.member_id, told.job_id) == (IncidentKind.GUARD, MEMBER, None)
    assert (told.data["entry"], told.data["owners"], told.data["text"]) == ("zombie", False, "A Z.O.M.B.I.E walks")
    job = await engine.ask("a fox")
    assert await engine.ledger(job) == [("hold", job.held, 0)]
    assert await outcome(engine, "a zombie", guild=GUILD + 1) is None, "it is this guild's list"


async def test_the_owners_list_holds_everywhere_and_each_list_is_changed_by_itself(
    engine: Bench, lists: WordLists
) -> None:
    await lists.add(ALL_GUILDS, MODERATOR, "zombie")
    await lists.add(GUILD, MODERATOR, "ghost")
    assert await outcome(engine, "a zombie", guild=GUILD + 1) is Bar.WORDS
    assert await outcome(engine, "a ghost", guild=GUILD + 1) is None
    assert await lists.dry_run(GUILD, "a ghost meets a zombie") == (Stop("ghost", False), Stop("zombie", True))
    assert await lists.dry_run(ALL_GUILDS, "a ghost meets a zombie") == (Stop("zombie", True),)
    assert await lists.remove(GUILD, MODERATOR, ["ghost", "unheard of"]) == 1
    assert await lists.remove(GUILD, MODERATOR, ["zombie"]) == 0
    assert await outcome(engine, "a ghost") is None
    assert await outcome(engine, "a zombie") is Bar.WORDS
    assert (await lists.entries(GUILD), await lists.count(ALL_GUILDS)) == ((), 1)


async def test_another_process_knows_a_change_at_once(engine: Bench, lists: WordLists, tmp_path: Path) -> None:
    assert await outcome(engine, "a zombie") is None
    async with bench(engine.database, tmp_path, name="two") as other:
        await WordLists(other.context).add(GUILD, MODERATOR, "zombie")
        assert await outcome(engine, "a zombie") is Bar.WORDS
        await lists.remove(GUILD, MODERATOR, ["zombie"])
        assert await outcome(other, "a zombie") is None


async def test_leetspeak_is_the_guilds_choice(engine: Bench, lists: WordLists) -> None:
    await lists.add(ALL_GUILDS, MODERATOR, "zombie")
    settings = GuildSettingsService(engine.database, engine.context.clock)
    assert await outcome(engine, "a z0mb1e") is None
    await settings.change(GUILD, MODERATOR, GuildSetting.LEETSPEAK, True)
    assert await outcome(engine, "a z0mb1e") is Bar.WORDS
    assert await outcome(engine, "a z0mb1e", guild=GUILD + 1) is None


async def test_patterns_are_searched_for_too(engine: Bench, lists: WordLists) -> None:
    added = await lists.add(GUILD, MODERATOR, "/zo+mbies? \\d+/\n/(/")
    assert added.added == ("/zo+mbies? \\d+/",)
    assert [line.why for line in added.refused] == [EntryProblem.NOT_A_PATTERN]
    assert await outcome(engine, "ZOOOMBIE 28") is Bar.WORDS
    assert await outcome(engine, "zombie") is None


async def test_every_change_of_a_list_is_in_the_audit_log_without_its_words(engine: Bench, lists: WordLists) -> None:
    await lists.add(GUILD, MODERATOR, "zombie\nghost")
    await lists.add(GUILD, MODERATOR, "zombie")
    await lists.remove(GUILD, MODERATOR, ["ghost"])
    found = [(one.actor_id, one.action, dict(one.data)) for one in await engine.database.read(audit.latest, GUILD, 10)]
    assert found == [
        (MODERATOR, AuditAction.CHANGE_WORDS, {"added": 0, "removed": 1}),
        (MODERATOR, AuditAction.CHANGE_WORDS, {"added": 2, "removed": 0}),
    ]


async def test_two_moderators_who_fill_a_list_at_once_fill_it_once(engine: Bench, lists: WordLists) -> None:
    lines = "\n".join(f"word{n}" for n in range(200))
    outcomes = await asyncio.gather(*(lists.add(GUILD, MODERATOR, lines) for _ in range(4)))
    assert sorted(len(one.added) for one in outcomes) == [0, 0, 0, 200]
    assert await lists.count(GUILD) == 200


async def test_a_price_that_was_asked_about_is_no_way_round(engine: Bench, lists: WordLists) -> None:
    await lists.add(GUILD, MODERATOR, "zombie")
    confirmed = replace(engine.request("a zombie"), confirmed_credits=10_000)
    assert await engine.admission.admit(confirmed) == Refused(bar=Bar.WORDS)
