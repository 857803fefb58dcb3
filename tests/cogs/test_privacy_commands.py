"""`/privacy`: members read, and take with them, what is kept about them."""

import json
import zipfile
from typing import Any

from sqlalchemy import Connection, insert, select

from benchmarks.filling import rows_of_jobs
from bot.discord_ui.posting.removal import DiscordMessageRemover
from bot.domain.jobs import JobState
from bot.storage.tables.jobs import jobs_table
from bot.storage.tables.privacy import departures_table
from bot.workers.erasures import Erasures
from cogs.privacy import UPLOAD_BYTES
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.cogs.conversation import answered, newest, say_yes, spend, told
from tests.cogs.results import posted_video
from tests.support.stage import StageBot, becomes, button, words


async def test_a_member_is_told_what_is_kept_why_for_how_long_and_who_gets_it(mia: Persona, bot: StageBot) -> None:
    await spend(bot, mia, 100)
    shown = await told(mia, "/privacy show")
    assert "- 1 request: your Discord id, the prompt" in shown
    assert "- 2 movements of credits" in shown
    assert "- Your last choices for " in shown
    for heading in ("### Why", "### For how long", "### Who gets it", "### What you can do"):
        assert heading in shown


async def test_an_export_has_everything_of_the_member_and_nothing_of_others(
    mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    await told(mia, "/veo fast", prompt="a fox that only Mia asked for")
    await told(noah, "/veo fast", prompt="an owl that only Noah asked for")
    await told(ada, "/quota grant", member=mia.id, amount=50, reason="for the foxes")
    told_mia = await exported(await answered(mia, "/privacy export"))
    text = json.dumps(told_mia)
    assert "Noah" not in text
    [job] = told_mia["jobs"]
    assert job["payload"]["prompt"] == "a fox that only Mia asked for"
    assert job["member_id"] == str(mia.id), "JavaScript cannot hold an id as a number"
    assert job["created_at"].startswith("20")
    assert [event["state"] for event in job["job_events"]] == ["queued"]
    assert [entry["kind"] for entry in told_mia["ledger_entries"]] == ["hold", "grant"]
    assert told_mia["grants"][0]["reason"] == "for the foxes"
    told_ada = await exported(await answered(ada, "/privacy export"))
    assert told_ada["audit_log"][0]["data"]["reason"] == "for the foxes"


async def test_an_export_of_ten_thousand_jobs_fits_into_what_discord_takes(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot
) -> None:
    now = bot.services.clock()
    sandbox.world.guilds[FILM_CLUB_ID].upload_limit_bytes = UPLOAD_BYTES

    def fill(conn: Connection) -> None:
        rows = rows_of_jobs(range(10_000), 10_000, now)
        mine = {"member_id": mia.id, "guild_id": FILM_CLUB_ID, "reason": "the provider says why, at some length " * 9}
        conn.execute(insert(jobs_table), [row | mine for row in rows])

    await bot.services.database.write(fill)
    message = await (await mia.slash("/privacy export", "general")).wait_message(60)
    [file] = message.attachments
    assert file.filename == "reelmaker-data.zip"
    assert file.path.stat().st_size <= UPLOAD_BYTES
    with zipfile.ZipFile(file.path) as archive:
        kept = json.loads(archive.read("reelmaker-data.json"))
    assert len({job["id"] for job in kept["jobs"]}) == 10_000
    assert sandbox.record.violations() == []


async def test_an_erasure_asks_back_and_is_told_about_until_it_is_done(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot
) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    question = await answered(mia, "/privacy erase")
    assert "**Erase what I keep about you in every server?**" in words(question)
    assert (await bot.services.privacy.show(mia.id)).erasures == 0, "nothing is done before the answer"
    await mia.press(question, button(question, "Not now"))
    await sandbox.wait_for(lambda: "nothing was erased" in words(question))
    question = await answered(mia, "/privacy erase", where="this server")
    assert "**Erase what I keep about you in this server?**" in words(question)
    await mia.press(question, button(question, "Erase, but leave the videos"))
    await sandbox.wait_for(lambda: "It has begun" in words(question))
    assert "⏳ Your data is being erased. " in await told(mia, "/privacy show")
    worker = Erasures(bot.stage.context, DiscordMessageRemover(bot))
    await worker.step()
    [job] = await bot.stage.all_jobs()
    assert job.state is JobState.CANCELLED


async def test_an_export_tells_neither_the_entry_that_stopped_a_request_nor_who_reported_a_video(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    await posted_video(bot, mia, sandbox)
    [job] = await newest(bot)
    await bot.services.reports.report(job.id, noah.id, "gore")
    await bot.services.word_lists.add(FILM_CLUB_ID, ada.id, "zombie")
    await told(mia, "/veo fast", prompt="z o m b i e")
    await bot.services.moderation.block(FILM_CLUB_ID, mia.id, ada.id, "spam", None)
    told_mia = await exported(await answered(mia, "/privacy export"))
    text = json.dumps(told_mia)
    assert "zombie" not in text
    assert str(noah.id) not in text
    assert [one["data"].get("text") for one in told_mia["incidents"]] == [None, "z o m b i e"]
    assert told_mia["member_blocks"][0]["reason"] == "spam"
    told_noah = await exported(await answered(noah, "/privacy export"))
    assert told_noah["reports"][0]["reason"] == "gore"
    told_ada = await exported(await answered(ada, "/privacy export"))
    assert "incidents" not in told_ada


async def test_the_owner_has_a_member_or_a_server_forgotten_after_a_question(
    sandbox: DiscordSandbox, mia: Persona, omar: Persona, bot: StageBot
) -> None:
    await spend(bot, mia, 100)
    assert "Name either a member or a server." in await told(omar, "/owner forget")
    begun = await say_yes(sandbox, omar, "/owner forget", "Erase, but leave the videos", member="mia")
    assert "It has begun" in begun
    assert (await bot.services.privacy.show(mia.id)).erasures == 2, "her choices, and what is of the server"
    begun = await say_yes(sandbox, omar, "/owner forget", "Erase it all", server="Film Club")
    assert "It has begun" in begun
    worker = Erasures(bot.stage.context, DiscordMessageRemover(bot))
    while await worker.step() == 0:
        pass
    kept = await bot.services.privacy.show(mia.id)
    assert (kept.ledger_entries, kept.choices) == (0, 0)


async def test_the_bot_notes_which_servers_it_has_left(sandbox: DiscordSandbox, mia: Persona, bot: StageBot) -> None:
    async def gone() -> list[int]:
        query = select(departures_table.c.guild_id)
        return list(await bot.services.database.read(lambda conn: conn.execute(query).scalars().all()))

    await told(mia, "/veo fast", prompt="a fox")
    assert await gone() == []
    guild = bot.get_guild(FILM_CLUB_ID)
    assert guild is not None
    await guild.leave()
    assert await becomes(gone) == [FILM_CLUB_ID]
    await bot.on_guild_join(guild)
    assert await gone() == []
    await bot.services.privacy.reconcile_guilds([], lambda _: True)
    assert await gone() == [FILM_CLUB_ID]


async def test_a_message_that_is_gone_counts_as_deleted(mia: Persona, bot: StageBot) -> None:
    card = await answered(mia, "/veo fast", prompt="a fox")
    remover = DiscordMessageRemover(bot)
    for _ in range(2):
        await remover.remove(card.channel_id, card.id)
        assert card.deleted_at is not None


async def exported(message: Message) -> dict[str, Any]:
    """Read the attached file of an export."""
    assert message.visible_to is not None
    [file] = message.attachments
    assert file.filename == "reelmaker-data.json"
    read: dict[str, Any] = json.loads(file.path.read_bytes())
    return read
