"""The commands of the bot's owner, on a local Discord. Omar owns the bot and the server Film Club."""

import asyncio

import discord
import pytest
from sqlalchemy import Connection, text

from bot.discord_ui.posting.owners import DiscordOwnerMessenger
from bot.discord_ui.views.case_cards import cases_view
from bot.discord_ui.views.guilds_page import guilds_view
from bot.domain.cases import Candidate, Case
from bot.domain.jobs import JobState
from bot.domain.ledger_views import GuildUse
from bot.domain.periods import Period
from bot.domain.quota import GuildDefaults, Limit, Scope
from bot.services.admission import Admission
from bot.storage import cases, jobs
from bot.workers.owner_notices import OwnerNotices
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, NIGHT_OWLS_ID, OMAR_ID
from sandbox.discord.model import Json
from sandbox.discord.walk import walk
from tests.cogs.conversation import answered, newest, say_yes, spend, told
from tests.discord_ui.test_pages import make_job
from tests.support.stage import StageBot, button, words


async def test_only_the_owner_uses_the_owners_commands(
    sandbox: DiscordSandbox, omar: Persona, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await spend(bot, mia, 120)
    shown = await told(omar, "/owner guilds")
    assert "**Film Club**" in shown
    assert "120 this month, 0 held, 120 ever · 1,000 credits a month" in shown
    assert "charged so far, over 1 server: 120 credits" in await told(omar, "/owner balance")
    assert "spend of your account: 125 credits a month" in await told(
        omar, "/owner ceiling", server="Film Club", amount="125"
    )
    assert "5 credits are left" in await told(mia, "/veo fast", prompt="a fox")
    await told(ada, "/quota set guild", period="month", amount="unlimited")
    assert "5 credits are left" in await told(mia, "/veo fast", prompt="a fox")
    await say_yes(sandbox, omar, "/owner block", "Block it", server=str(FILM_CLUB_ID), reason="unpaid")
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


async def test_an_owner_reads_a_jobs_story_with_the_engines_details(omar: Persona, mia: Persona, bot: StageBot) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    [job] = await newest(bot)
    story = await told(omar, "/owner job", id=f" `{job.id.upper()}` ")
    for part in (
        "requested · in the queue",
        "accepted",
        f"server `{FILM_CLUB_ID}`",
        "sent 0 times",
        "100 credits held",
    ):
        assert part in story
    assert "no job with this id" in await told(omar, "/owner job", id="zzzzzzzzzzzz")
    assert "12 letters and digits" in await told(omar, "/owner job", id="7")


async def rename_night_owls(sandbox: DiscordSandbox, bot: StageBot, name: str) -> None:
    heard = asyncio.ensure_future(bot.wait_for("guild_update", timeout=5))
    sandbox.world.guilds[NIGHT_OWLS_ID].name = name
    sandbox.core.guild_changed(sandbox.world.guilds[NIGHT_OWLS_ID])
    await heard


async def test_digits_mean_a_servers_id_and_never_its_name(
    sandbox: DiscordSandbox, omar: Persona, mia: Persona, bot: StageBot
) -> None:
    await rename_night_owls(sandbox, bot, str(FILM_CLUB_ID))
    answer = await say_yes(sandbox, omar, "/owner block", "Block it", server=str(FILM_CLUB_ID))
    assert answer == "**Film Club** is blocked."
    assert "cannot generate videos" in await told(mia, "/veo fast", prompt="a fox")
    await rename_night_owls(sandbox, bot, "123")
    assert "I know no server" in await told(omar, "/owner ceiling", server="123", amount="900000")


@pytest.mark.parametrize(
    ("command", "label", "options"),
    [
        ("/owner block", "Block it", {"server": "Film Club"}),
        ("/owner queue", "Pause everywhere", {"do": "pause"}),
        ("/owner queue", "Drain everywhere", {"do": "drain"}),
    ],
)
async def test_a_wide_action_is_done_only_after_a_yes(
    sandbox: DiscordSandbox,
    omar: Persona,
    mia: Persona,
    bot: StageBot,
    command: str,
    label: str,
    options: dict[str, str],
) -> None:
    question = await answered(omar, command, **options)
    await omar.press(question, button(question, "Not now"))
    await told(omar, "/owner balance")
    assert words(question) == "All right, nothing was done."
    before = await told(mia, "/veo fast", prompt="a fox")
    assert "held" in before
    assert "paused" not in before
    await say_yes(sandbox, omar, command, label, **options)
    after = await told(mia, "/veo fast", prompt="another fox")
    assert "held" not in after or "paused" in after


async def test_a_charge_is_corrected_only_after_a_yes(
    sandbox: DiscordSandbox, omar: Persona, mia: Persona, bot: StageBot
) -> None:
    job_id = await spend(bot, mia, 100)
    options = {"server": "Film Club", "job": job_id, "charged": 90, "reason": "the provider's page"}
    question = await answered(omar, "/owner correct", **options)
    assert f"Set the charge of job `{job_id}` in **Film Club** to 90 credits?" in words(question)
    assert "charged so far, over 1 server: 100 credits" in await told(omar, "/owner balance")
    assert await say_yes(sandbox, omar, "/owner correct", "Correct it", **options) == "Corrected: -10 credits."
    assert "12 letters and digits" in await told(omar, "/owner correct", **(options | {"job": "7"}))


async def test_every_server_that_the_bot_is_in_is_listed(omar: Persona, mia: Persona, bot: StageBot) -> None:
    assert "## 2 servers\n" in await told(omar, "/owner guilds")
    await spend(bot, mia, 100)
    shown = await told(omar, "/owner guilds")
    assert "**Film Club**" in shown
    assert f"- **Night Owls** `{NIGHT_OWLS_ID}`: not used yet" in shown
    assert "over 1 server" in await told(omar, "/owner balance")


async def test_more_servers_than_a_page_holds_are_turned_in_place(
    sandbox: DiscordSandbox, omar: Persona, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await spend(bot, mia, 100)
    for guild_id in range(1, 21):
        await bot.services.credits.overview(guild_id)
    message = await answered(omar, "/owner guilds")
    assert "## 22 servers\n- **Film Club** `" in words(message)
    assert "- unknown server `1`: 0 this month, 0 held, 0 ever · 1,000 credits a month" in words(message)
    assert "Night Owls" not in words(message)
    await omar.press(message, button(message, "Next (1 of 2)"))
    await sandbox.wait_for(lambda: "**Night Owls**" in words(message))
    assert "Film Club" not in words(message)
    message.visible_to = None
    refused = await (await ada.press(message, button(message, "Previous"))).wait_message()
    assert words(refused) == "You may not use this command here."


def test_the_longest_names_of_servers_fit_a_page() -> None:
    names = dict.fromkeys(range(10**18, 10**18 + 40), "<@_*" * 25)
    ceilings = tuple(Limit(Scope.CEILING, 0, period, 10**9) for period in Period)
    uses = [GuildUse(guild_id, "_" * 300, 10**9, 10**9, 10**9, ceilings) for guild_id in names]
    parts: list[Json] = guilds_view(uses, names, 99).to_components()  # type: ignore[no-untyped-call]  # discord.py's
    assert sum(len(str(part.get("content", ""))) for _, part in walk(parts)) <= 4_000


async def test_the_message_about_a_new_server_gives_it_credits_or_leaves_it(
    sandbox: DiscordSandbox, omar: Persona, bot: StageBot, caplog: pytest.LogCaptureFixture
) -> None:
    zoe = sandbox.persona("zoe")
    bot.stage.admission = Admission(bot.stage.context, GuildDefaults(credits=0))
    refused = await (await zoe.slash("/veo fast", "lobby", prompt="a fox")).wait_message()
    assert "has no credits to spend yet" in words(refused)
    await OwnerNotices(bot.stage.context, DiscordOwnerMessenger(bot, bot.mentions, [OMAR_ID])).step()
    [direct] = [channel for channel in sandbox.world.channels.values() if channel.guild_id is None]
    [notice] = direct.messages.values()
    assert f"The server **Night Owls** (`{NIGHT_OWLS_ID}`) used the bot for the first time." in words(notice)

    given = await (await omar.press(notice, button(notice, "Give 1,000 a month"))).wait_message()
    assert words(given) == "What **Night Owls** may spend of your account: 1,000 credits a month."
    opened = await omar.press(notice, button(notice, "Another amount"))
    await opened.wait_modal()
    entered = await (await omar.submit(opened, amount="250")).wait_message()
    assert words(entered) == "What **Night Owls** may spend of your account: 250 credits a month."
    opened = await omar.press(notice, button(notice, "Another amount"))
    await opened.wait_modal()
    assert "whole number" in words(await (await omar.submit(opened, amount="plenty")).wait_message())
    held = await (await zoe.slash("/veo fast", "lobby", prompt="a fox")).wait_message()
    assert "100 credits held" in words(held)

    question = await (await omar.press(notice, button(notice, "Leave"))).wait_message()
    assert bot.get_guild(NIGHT_OWLS_ID) is not None
    left = asyncio.ensure_future(bot.wait_for("guild_remove", timeout=5))
    await omar.press(question, button(question, "Leave it"))
    assert (await left).id == NIGHT_OWLS_ID
    assert bot.user is not None
    assert bot.user.id not in sandbox.world.guilds[NIGHT_OWLS_ID].members


async def unresolved(bot: StageBot, mia: Persona, *candidates: Candidate) -> str:
    """Leave a job to the owner, with renders that could be its own; return its id."""
    await told(mia, "/veo fast", prompt="a fox")
    [job] = await newest(bot)

    def leave(conn: Connection) -> None:
        jobs.transition(conn, job.id, JobState.QUEUED, JobState.SUBMITTING, "test", 1.0)
        jobs.transition(conn, job.id, JobState.SUBMITTING, JobState.UNKNOWN, "test", 2.0)
        jobs.transition(conn, job.id, JobState.UNKNOWN, JobState.UNRESOLVED, "test", 3.0)
        cases.open_case(conn, job.id, "its answer was lost", candidates, 3.0)

    await bot.stage.database.write(leave)
    return job.id


async def test_an_unclear_job_is_shown_with_its_candidates_and_decided_by_a_button(
    omar: Persona, mia: Persona, bot: StageBot
) -> None:
    job_id = await unresolved(
        bot, mia, Candidate("remote:7", "veo31_fast", 2.0, "a *fox*"), Candidate("r" * 90), Candidate("remote_8")
    )
    page = await answered(omar, "/owner unresolved")
    shown = words(page)
    assert "## 1 unclear job" in shown
    assert f"**Veo 3.1 Fast** · job `{job_id}` of <@{mia.id}> · 100 credits held" in shown
    assert "its answer was lost" in shown
    assert "`remote:7` · <t:2:R> · Veo 3.1 Fast · a \\*fox\\*" in shown
    assert "1 other render could be it, too" in shown, "its id is too long for a button"
    found = [part["custom_id"] for _, part in walk(page.components) if part.get("label") == "This one"]
    assert [custom_id.split(":", 4)[4] for custom_id in found] == ["remote:7", "remote_8"]
    decided = await (await omar.press(page, found[0])).wait_message()
    assert words(decided) == f"Job `{job_id}`: found at the provider: post its video."
    [job] = await newest(bot)
    assert job.state is JobState.RUNNING
    assert "`remote:7` named by an owner" in await told(omar, "/owner job", id=job_id)
    await (await omar.press(page, found[1])).wait_message()
    assert "`remote_8` named by an owner" in await told(omar, "/owner job", id=job_id), "a slip is corrected"
    lost = await (await omar.press(page, button(page, "Charged, but lost"))).wait_message()
    assert words(lost) == f"Job `{job_id}`: charged, but the video is lost.", "so is a wrong verdict"
    late = await (await omar.press(page, button(page, "Never sent"))).wait_message()
    assert "not waiting for a decision" in words(late), "it has ended"
    assert "No job is unclear." in await told(omar, "/owner unresolved")


@pytest.mark.parametrize(("label", "state"), [("Never sent", JobState.QUEUED), ("Charged, but lost", JobState.FAILED)])
async def test_an_unclear_job_without_candidates_is_decided_by_a_button(
    omar: Persona, mia: Persona, bot: StageBot, label: str, state: JobState
) -> None:
    await unresolved(bot, mia)
    page = await answered(omar, "/owner unresolved")
    await (await omar.press(page, button(page, label))).wait_message()
    [job] = await newest(bot)
    assert job.state is state


async def test_buttons_for_owners_refuse_everybody_else(
    sandbox: DiscordSandbox, omar: Persona, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await unresolved(bot, mia)
    page = await answered(omar, "/owner unresolved")
    page.visible_to = None
    refused = await (await ada.press(page, button(page, "Never sent"))).wait_message()
    assert words(refused) == "You may not use this command here."
    [job] = await newest(bot)
    assert job.state is JobState.UNRESOLVED


def test_more_cases_than_a_message_holds_are_counted() -> None:
    job = make_job(model_name="M" * 200, payload={"prompt": "p" * 2_000}, state=JobState.UNRESOLVED, reason=None)
    candidates = tuple(Candidate(f"remote_{n}", "m" * 200, 1.0, "p" * 200) for n in range(25))
    view = cases_view([Case(job, "w" * 2_000, 1.0, candidates)] * 25, str)
    parts: list[Json] = view.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
    found = [part for _, part in walk(parts)]
    assert len(found) <= 40
    assert sum(len(str(part.get("content", ""))) for part in found) <= 4_000
    assert any("more. Decide about these first." in str(part.get("content")) for part in found)
