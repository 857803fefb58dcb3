"""The commands about credits, by people on a local Discord."""

import csv
import io
from collections.abc import AsyncIterator

import discord
import pytest
from sqlalchemy import text

from bot.domain.approvals import APPROVAL_SECONDS
from bot.domain.jobs import Job, JobState
from bot.storage import holds, jobs
from bot.storage.database import Database
from bot.storage.ledger_check import disagreements
from sandbox.discord import ClientRefused, DiscordSandbox, Message, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, MIA_ID, PATRON_ROLE_ID
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.stage import StageBot, button, make_services, running, words


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        yield bot
        assert await sqlite_database.read(disagreements, FILM_CLUB_ID) == []


async def told(person: Persona, command: str, **options: object) -> str:
    """What a command answers; always for that person only."""
    return words(await answered(person, command, **options))


async def answered(person: Persona, command: str, **options: object) -> Message:
    message = await (await person.slash(command, "general", **options)).wait_message()
    assert message.visible_to == person.id
    return message


async def spend(bot: StageBot, person: Persona, charged: int | None) -> str:
    """A job that ended; the job's id."""
    await told(person, "/veo fast", prompt="a fox")
    [job] = [job for job in await newest(bot) if job.state is JobState.QUEUED][:1]
    if charged is None:
        await bot.services.database.write(holds.release, job.id, bot.services.clock(), "failed")
    else:
        await bot.services.database.write(holds.capture, job.id, charged, bot.services.clock())
    return job.id


async def newest(bot: StageBot) -> list[Job]:
    return await bot.services.database.read(jobs.recent, FILM_CLUB_ID)


async def test_a_member_sees_what_is_left_and_why(mia: Persona, ada: Persona, bot: StageBot) -> None:
    await told(ada, "/quota set default", period="day", amount="250")
    await told(mia, "/veo fast", prompt="a fox")
    shown = await told(mia, "/credits")
    assert "You can spend up to **150** now." in shown
    assert "**150 credits** left of 250 (everyone's limit for today), renews <t:" in shown
    assert "**900 credits** left of 1,000 (this server's budget for this month)" in shown
    assert "**held** 100 credits" in shown
    assert "1 of your jobs are waiting or running" in shown


async def test_limits_of_roles_and_members_count_as_they_are_set(
    mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    await told(ada, "/quota set default", period="week", amount="50")
    assert "<@&" in await told(ada, "/quota set role", role=PATRON_ROLE_ID, period="week", amount="unlimited")
    assert "has 50 credits left" in await told(mia, "/veo fast", prompt="a fox")
    assert "held" in await told(noah, "/veo fast", prompt="a fox")
    await told(ada, "/quota set member", member="mia", period="week", amount="100")
    assert "held" in await told(mia, "/veo fast", prompt="a fox")
    assert "Your own limit" not in await told(mia, "/credits")
    shown = await told(ada, "/quota show")
    assert f"- <@&{PATRON_ROLE_ID}>: unlimited a week" in shown
    assert f"- <@{MIA_ID}>: 100 credits a week" in shown
    assert "budget of everyone: none → 50 credits a week" in shown


async def test_a_limit_is_cleared_by_picking_it(ada: Persona, bot: StageBot) -> None:
    await told(ada, "/quota set role", role=PATRON_ROLE_ID, period="day", amount="50")
    choices = await ada.autocomplete("/quota clear", "general", focused="limit", limit="patr")
    assert [choice["name"] for choice in choices] == ["role Patron: 50 credits a day"]
    assert await told(ada, "/quota clear", limit=choices[0]["value"]) == "Cleared."
    assert "There is no such limit" in await told(ada, "/quota clear", limit=choices[0]["value"])
    assert "Pick a limit from the list" in await told(ada, "/quota clear", limit="ceiling:0:month")


async def test_a_deleted_roles_limit_is_shown_by_its_id_and_can_be_cleared(ada: Persona, bot: StageBot) -> None:
    statement = "INSERT INTO limits (guild_id, scope, subject_id, period, amount) VALUES (:guild, 'role', 77, 'day', 5)"
    await told(ada, "/quota show")
    await bot.services.database.write(lambda conn: conn.execute(text(statement), {"guild": FILM_CLUB_ID}))
    assert "deleted role 77: 5 credits a day" in await told(ada, "/quota show")
    [choice] = await ada.autocomplete("/quota clear", "general", focused="limit", limit="deleted")
    assert await told(ada, "/quota clear", limit=choice["value"]) == "Cleared."


@pytest.mark.parametrize("amount", ["-5", "1.5", "1000000001", "9" * 300, "lots", ""])
async def test_an_amount_that_makes_no_sense_changes_nothing(ada: Persona, bot: StageBot, amount: str) -> None:
    if amount == "":
        with pytest.raises(ClientRefused):
            await told(ada, "/quota set guild", period="day")
        return
    assert "whole number from 0 to 1,000,000,000" in await told(ada, "/quota set guild", period="day", amount=amount)
    assert "no limit" in await told(ada, "/quota show")


async def test_who_does_not_manage_the_server_is_refused_on_the_bots_side_too(
    mia: Persona, sandbox: DiscordSandbox, bot: StageBot
) -> None:
    with pytest.raises(ClientRefused):
        await mia.slash("/quota show", "general")
    for command in bot.tree.get_commands():
        if command.name == "quota":
            command.default_permissions = None  # as when an administrator opened it to everybody
    await bot.tree.sync()
    assert "Manage Server" in await told(mia, "/quota show")
    assert "Manage Server" in await told(mia, "/quota grant", amount=5, reason="me")
    assert await mia.autocomplete("/quota clear", "general", focused="limit", limit="") == []


async def test_grants_refunds_and_the_ledger_name_who_did_it_and_why(mia: Persona, ada: Persona, bot: StageBot) -> None:
    assert "Granted 40 credits to <@" in await told(ada, "/quota grant", amount=40, reason="contest", member="mia")
    job_id = await spend(bot, mia, 130)
    assert "Between 1 and 130" in await told(ada, "/quota refund", job=job_id, reason="blurred", amount=131)
    assert "Refunded 30 credits" in await told(ada, "/quota refund", job=job_id.upper(), reason="blurred", amount=30)
    assert "no job with this id" in await told(ada, "/quota refund", job="0" * 12, reason="x")
    assert "12 letters and digits" in await told(ada, "/quota refund", job="../etc", reason="x")
    shown = await told(ada, "/quota ledger", member="mia")
    assert "**granted** 40 credits" in shown
    assert "“contest”" in shown
    assert "**spent** 130 credits (⚠️ 30 above the hold)" in shown
    assert "**refunded** 30 credits" in shown
    assert "No entries." in await told(ada, "/quota ledger", job="0" * 12)
    assert "**held**" in await told(ada, "/quota ledger", period="this month", job=job_id)
    assert "No entries." in await told(ada, "/quota ledger", period="2020-W05")
    assert "Write a day as" in await told(ada, "/quota ledger", period="whenever")


async def test_the_ledgers_pages_turn_in_place(sandbox: DiscordSandbox, ada: Persona) -> None:
    for number in range(12):
        await told(ada, "/quota grant", amount=number + 1, reason=f"round {number}")
    message = await answered(ada, "/quota ledger")
    assert "round 11" in words(message)
    assert "round 1”" not in words(message)
    await ada.press(message, button(message, "Older"))
    await sandbox.wait_for(lambda: "round 1”" in words(message))
    assert "round 11" not in words(message)
    await ada.press(message, button(message, "Newer"))
    await sandbox.wait_for(lambda: "round 11" in words(message))


async def test_the_exported_ledger_holds_no_formulas(mia: Persona, ada: Persona, bot: StageBot) -> None:
    await told(ada, "/quota grant", amount=5, reason='=HYPERLINK("http://x","y")')
    await told(ada, "/quota grant", amount=5, reason="@SUM(1,2)")
    job_id = await spend(bot, mia, 10)
    message = await answered(ada, "/quota ledger", file=True)
    content = message.attachments[0].path.read_text()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["reason"] for row in rows if row["kind"] == "grant"] == ["'@SUM(1,2)", '\'=HYPERLINK("http://x","y")']
    assert [(row["kind"], row["held_delta"], row["spent_delta"]) for row in rows if row["job_id"] == job_id] == [
        ("capture", "-100", "10"),
        ("hold", "100", "0"),
    ]


async def test_rules_are_set_and_shown(ada: Persona, mia: Persona, bot: StageBot) -> None:
    await told(ada, "/quota set price_max", amount="99")
    assert "at most 99 credits here" in await told(mia, "/veo fast", prompt="a fox")
    await told(ada, "/quota set price_max", amount="off")
    assert "at most 1 per member, any number" in await told(ada, "/quota set jobs_max", member="1")
    await told(mia, "/veo fast", prompt="a fox")
    assert "at most 1 job waiting or running" in await told(mia, "/veo fast", prompt="a fox")
    assert "Asia/Tokyo" in await told(ada, "/quota set time_zone", name="Asia/Tokyo")
    assert "no such time zone" in await told(ada, "/quota set time_zone", name="Mars/Olympus")
    [zone] = await ada.autocomplete("/quota set time_zone", "general", focused="name", name="tokyo")
    assert zone["value"] == "Asia/Tokyo"
    assert "midnight in Asia/Tokyo" in await told(ada, "/quota show")


async def ask_for_approval(ada: Persona, mia: Persona, bot: StageBot) -> Message:
    """The card in the moderators' channel."""
    assert "above: 50 credits" in await told(ada, "/quota set approval_above", amount="50", channel="videos")
    await told(mia, "/veo fast", prompt="a fox")
    await bot.approval_cards.step()
    [card] = [message for message in ada.read("videos") if "waits for approval" in words(message)]
    return card


@pytest.mark.parametrize(
    ("label", "state", "left"), [("Approve", JobState.QUEUED, 900), ("Deny", JobState.CANCELLED, 1000)]
)
async def test_a_moderator_decides_about_an_expensive_request(
    ada: Persona, mia: Persona, bot: StageBot, label: str, state: JobState, left: int
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    [job] = await newest(bot)
    assert job.state is JobState.AWAITING
    assert f"<@{MIA_ID}> asks for" in words(card)
    assert "100 credits" in words(card)
    refused = await (await mia.press(card, button(card, label))).wait_message()
    assert "Manage Server" in words(refused)
    pressed = await (await ada.press(card, button(card, label))).wait_message()
    assert pressed.visible_to == ada.id
    [job] = await newest(bot)
    assert job.state is state
    assert f"spend up to **{left:,}** now" in await told(mia, "/credits")
    await bot.approval_cards.step()
    [closed] = [message for message in ada.read("videos") if message.id == card.id]
    assert f"by <@{ada.id}>" in words(closed)
    assert "custom_id" not in str(closed.components)
    again = await bot.services.approvals.find(job.id)
    assert again is not None
    with pytest.raises(ValueError, match="decided_before"):
        await bot.services.approvals.decide(job.id, approved=True, actor_id=ada.id)


async def test_the_cards_buttons_work_after_a_restart(sandbox: DiscordSandbox, sqlite_database: Database) -> None:
    ada, mia = sandbox.persona("ada"), sandbox.persona("mia")
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        card = await ask_for_approval(ada, mia, bot)
    async with running(sandbox, make_services(sqlite_database, VEO_FAST)) as bot:
        await (await ada.press(card, button(card, "Approve"))).wait_message()
        [job] = await newest(bot)
        assert job.state is JobState.QUEUED


async def test_what_nobody_decides_within_a_day_is_taken_back(
    ada: Persona, mia: Persona, bot: StageBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await ask_for_approval(ada, mia, bot)
    now = bot.services.clock()
    monkeypatch.setattr(bot.stage.context, "clock", lambda: now + APPROVAL_SECONDS + 1)
    await bot.approval_cards.step()
    [job] = await newest(bot)
    assert (job.state, job.reason) == (JobState.CANCELLED, "no moderator decided within a day")
    assert "spend up to **1,000** now" in await told(mia, "/credits")
    [closed] = [message for message in ada.read("videos") if message.id == card.id]
    assert "Nobody decided within a day" in words(closed)


async def test_a_channel_in_which_the_bot_may_not_post_cannot_be_chosen(ada: Persona, bot: StageBot) -> None:
    assert "I may not post in" in await told(ada, "/quota set approval_above", amount="50", channel="staff")
    assert "Name the channel" in await told(ada, "/quota set approval_above", amount="50")


async def test_a_request_is_not_left_waiting_where_nobody_can_be_asked(
    ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await told(ada, "/quota set approval_above", amount="50", channel="videos")
    await told(mia, "/veo fast", prompt="a fox")
    await bot.services.database.write(lambda conn: conn.execute(text("UPDATE approvals SET channel_id = 1")))
    await bot.approval_cards.step()
    [job] = await newest(bot)
    assert (job.state, job.reason) == (JobState.CANCELLED, "the moderators' channel cannot be reached")


async def test_the_chart_is_a_picture(mia: Persona, ada: Persona, bot: StageBot) -> None:
    await spend(bot, mia, 100)
    for person in (mia, ada):
        message = await (await person.slash("/usage", "general")).wait_message(20)
        assert message.visible_to == person.id
        assert message.attachments[0].path.read_bytes().startswith(b"\x89PNG")


async def test_only_the_owner_uses_the_owners_commands(
    omar: Persona, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await spend(bot, mia, 120)
    shown = await told(omar, "/owner guilds")
    assert "**Film Club**" in shown
    assert "120 this month, 0 held, 120 ever · 1,000 credits a month" in shown
    assert "120 credits charged so far" in await told(omar, "/owner balance")
    assert "now spend 125 credits a month" in await told(omar, "/owner ceiling", server="Film Club", amount="125")
    assert "has 5 credits left" in await told(mia, "/veo fast", prompt="a fox")
    await told(ada, "/quota set guild", period="month", amount="unlimited")
    assert "has 5 credits left" in await told(mia, "/veo fast", prompt="a fox")
    assert "is blocked" in await told(omar, "/owner block", server=str(FILM_CLUB_ID), reason="unpaid")
    assert "cannot generate videos at the moment" in await told(mia, "/veo fast", prompt="a fox")
    assert "⛔ unpaid" in await told(omar, "/owner guilds")
    await told(omar, "/owner block", server=str(FILM_CLUB_ID), lift=True)
    await told(omar, "/owner ceiling", server=str(FILM_CLUB_ID), amount="unlimited")
    assert "held" in await told(mia, "/veo fast", prompt="a fox")
    assert "I know no server" in await told(omar, "/owner ceiling", server="nowhere", amount="5")
    server = discord.Object(FILM_CLUB_ID)
    [group] = bot.tree.get_commands(guild=server)
    assert isinstance(group, discord.app_commands.Group)
    group.default_permissions = None
    await bot.tree.sync(guild=server)
    assert "You may not use this command here." in await told(ada, "/owner balance")
    assert await ada.autocomplete("/owner block", "general", focused="server", server="") == []


async def test_the_owner_finds_and_repairs_a_balance_that_drifted(omar: Persona, mia: Persona, bot: StageBot) -> None:
    await spend(bot, mia, 100)
    assert await told(omar, "/owner check") == "All balances agree with the ledger."
    await bot.services.database.write(lambda conn: conn.execute(text("UPDATE usage SET spent = 7")))
    assert "is (0, 7, 0), the ledger says (0, 100, 0)" in await told(omar, "/owner check", repair=True)
    assert await told(omar, "/owner check") == "All balances agree with the ledger."


async def test_when_the_database_is_down_nothing_is_accepted_and_nobody_sees_an_exception(
    mia: Persona, bot: StageBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise OSError("disk I/O error in /secret/place")

    monkeypatch.setattr(bot.services.database, "read", down)
    monkeypatch.setattr(bot.services.database, "write", down)
    for command, options in (("/credits", {}), ("/veo fast", {"prompt": "a fox"})):
        shown = await told(mia, command, **options)
        assert "went wrong on my side" in shown
        assert "secret" not in shown
    monkeypatch.undo()
