"""`/quota`: what moderators set, grant and read."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.discord_ui.views.job_story import story_view
from bot.discord_ui.views.ledger_pages import ledger_view
from bot.domain.jobs import JobState
from bot.domain.ledger import Kind
from bot.domain.ledger_views import Entry, JobLine, LedgerFilter, Page, Sums
from bot.domain.periods import Period
from bot.services.credits import PAGE_SIZE
from sandbox.discord import ClientRefused, DiscordSandbox, Persona, RestFault
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, PATRON_ROLE_ID
from sandbox.discord.model import Json
from sandbox.discord.walk import walk
from tests.cogs.conversation import answered, fail, spend, told
from tests.cogs.results import posted_failure
from tests.support.stage import StageBot, button, handlers_end, words


async def test_limits_of_roles_and_members_count_as_they_are_set(
    mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    await told(ada, "/quota set confirm_above", amount="never")
    await told(ada, "/quota set default", period="week", amount="50")
    assert "<@&" in await told(ada, "/quota set role", role=PATRON_ROLE_ID, period="week", amount="unlimited")
    assert "50 credits are left" in await told(mia, "/veo fast", prompt="a fox")
    assert "held" in await told(noah, "/veo fast", prompt="a fox")
    await told(ada, "/quota set member", member="mia", period="week", amount="100")
    assert "held" in await told(mia, "/veo fast", prompt="a fox")
    assert "Your own limit" not in await told(mia, "/credits")
    shown = await told(ada, "/quota show")
    assert f"- <@&{PATRON_ROLE_ID}>: unlimited credits a week" in shown
    assert f"- <@{MIA_ID}>: 100 credits a week" in shown
    assert "budget of everyone: no limit → 50 credits a week" in shown


async def test_a_limit_that_cannot_take_effect_is_warned_about_when_it_is_set_and_shown(
    ada: Persona, bot: StageBot
) -> None:
    assert "⚠️" not in await told(ada, "/quota set default", period="day", amount="50")
    told_at_once = await told(ada, "/quota set role", role=PATRON_ROLE_ID, period="month", amount="unlimited")
    warning = f"<@&{PATRON_ROLE_ID}>: unlimited credits a month. That has no effect while the limit for everyone"
    assert f"\n⚠️ {warning}" in told_at_once
    assert "lets this server spend less: 1,000 credits a month" in await told(
        ada, "/quota set guild", period="month", amount="5000"
    )
    assert "⚠️" not in await told(ada, "/quota set member", member="mia", period="day", amount="5")
    assert "never asked to confirm" in await told(ada, "/quota set confirm_above", amount="90") + await told(
        ada, "/quota set price_max", amount="80"
    )
    assert "Nobody can ask for anything" in await told(ada, "/quota set jobs_max", guild="0")
    shown = await told(ada, "/quota show")
    assert f"- ⚠️ {warning}" in shown
    assert shown.count("⚠️") == 4


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
    assert "At most 130 credits can be refunded" in await told(
        ada, "/quota refund", job=job_id, reason="blurred", amount=131
    )
    assert "Refunded 30 credits" in await told(ada, "/quota refund", job=job_id.upper(), reason="blurred", amount=30)
    assert "no job with this id" in await told(ada, "/quota refund", job="0" * 12, reason="x")
    assert "12 letters and digits" in await told(ada, "/quota refund", job="../etc", reason="x")
    shown = await told(ada, "/quota ledger", member="mia")
    assert "In all: **100 credits** spent, 40 granted." in shown
    assert f"- **+40 to spend** · granted to <@{MIA_ID}> by <@{ADA_ID}> “contest” · <t:" in shown
    assert f"- **130** · Veo 3.1 Fast · video · ⚠️ 30 more than was held · <@{MIA_ID}> · <t:" in shown
    assert f"- **−30** · Veo 3.1 Fast · refunded by <@{ADA_ID}> “blurred” · <@{MIA_ID}> · <t:" in shown
    assert "Nothing yet." in await told(ada, "/quota ledger", job="0" * 12)
    assert "video" in await told(ada, "/quota ledger", period="this month", job=job_id)
    assert "Nothing yet." in await told(ada, "/quota ledger", period="2020-W05")
    assert "Write a day as" in await told(ada, "/quota ledger", period="whenever")


async def test_a_failure_that_cost_credits_says_who_refunds_and_is_offered_to_moderators_once(
    mia: Persona, ada: Persona, bot: StageBot
) -> None:
    free, costly = await fail(bot, mia, 0), await fail(bot, mia, 100)
    shown = await told(mia, "/jobs")
    hint = "The provider kept 100 credits. A moderator of this server can refund that: `/quota refund`."
    assert shown.count(bot.mentions.in_text(hint)) == 1
    story = await bot.services.jobs.story(costly)
    assert story is not None
    assert hint in str(story_view(story).to_components())  # type: ignore[no-untyped-call]  # discord.py's

    async def offered(typed: str) -> list[tuple[str, str]]:
        choices = await ada.autocomplete("/quota refund", "general", focused="job", job=typed)
        return [(choice["name"], choice["value"]) for choice in choices]

    assert await offered("") == [("Veo 3.1 Fast · 100 credits · 1 s ago · a fox", costly)]
    assert [job_id for _, job_id in await offered("FOX")] == [costly]
    assert [job_id for _, job_id in await offered(costly[:5])] == [costly]
    assert await offered("whale") == []
    assert free not in str(await offered(""))
    await told(ada, "/quota refund", job=costly, reason="not your fault", amount=40)
    assert [name.split(" · ")[1] for name, _ in await offered("")] == ["60 credits"]
    await told(ada, "/quota refund", job=costly, reason="not your fault")
    assert await offered("") == []
    assert "The provider kept" not in await told(mia, "/jobs")


async def test_a_refund_is_told_to_its_member_and_mends_the_message_about_the_failure(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot
) -> None:
    job_id = await fail(bot, mia, 100)
    failure = await posted_failure(bot, sandbox, job_id)
    assert "The provider kept 100 credits. A moderator" in words(failure)
    await told(ada, "/quota refund", job=job_id, reason="not your fault", amount=40)
    await handlers_end()
    mended = words(failure).splitlines()
    assert mended[-1].startswith("-# 40 credits were given back. The provider kept 60 credits. A moderator")
    await told(ada, "/quota refund", job=job_id, reason="not your fault")
    await handlers_end()
    assert words(failure).splitlines() == [*mended[:-1], "-# 100 credits were given back."]
    [direct] = [one for one in sandbox.world.channels.values() if one.guild_id is None]
    first, second = (words(message) for message in direct.messages.values())
    link = f"https://discord.com/channels/{FILM_CLUB_ID}/{failure.channel_id}/{failure.id}"
    assert first == f"In **Film Club** a moderator gave 40 credits back to you for **Veo 3.1 Fast**: {link}"
    assert "gave 60 credits back" in second


async def test_a_refund_holds_where_its_member_cannot_be_told(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot
) -> None:
    job_id = await fail(bot, mia, 100)
    failure = await posted_failure(bot, sandbox, job_id)
    failure.deleted_at = 1.0
    sandbox.controls.add_fault(RestFault("POST", "/users/@me/channels", status=403, code=50007))
    assert await told(ada, "/quota refund", job=job_id, reason="sorry") == f"Refunded 100 credits on job `{job_id}`."
    await handlers_end()
    assert [one for one in sandbox.world.channels.values() if one.guild_id is None] == []


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


async def test_moderators_see_every_entry_behind_the_lines(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot
) -> None:
    await spend(bot, mia, 80)
    await spend(bot, mia, None)
    message = await answered(ada, "/quota ledger")
    assert "**80 of 100** · Veo 3.1 Fast · video" in words(message)
    assert "**0 of 100** · Veo 3.1 Fast · given back" in words(message)
    await ada.press(message, button(message, "Every entry"))
    await sandbox.wait_for(lambda: "**held** 100 credits" in words(message))
    shown = words(message)
    assert "**spent** 80 credits" in shown
    assert "**released** 100 credits" in shown
    assert "In all: **80 credits** spent." in shown
    await ada.press(message, button(message, "One line for each job"))
    await sandbox.wait_for(lambda: "**80 of 100**" in words(message))


async def test_members_turn_the_pages_of_their_own_ledger_and_of_no_other(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    for number in range(6):
        await told(ada, "/quota grant", amount=number + 1, reason=f"round {number}", member="mia")
    await spend(bot, noah, 50)
    message = await answered(mia, "/credits")
    assert "**+1 to spend**" not in words(message)
    await mia.press(message, button(message, "Everything you spent"))
    await sandbox.wait_for(lambda: "**+1 to spend** · granted to" in words(message))
    assert f"## Ledger · <@{MIA_ID}>" in words(message)
    assert "In all: **0 credits** spent, 21 granted." in words(message)
    message.visible_to = None
    refused = await (await noah.press(message, button(message, "Every entry"))).wait_message()
    assert "Manage Server" in words(refused)


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
    assert "per member: at most 1; in this server: at most 50" in await told(ada, "/quota set jobs_max", member="1")
    await told(mia, "/veo fast", prompt="a fox")
    assert "at most 1 job waiting or running" in await told(mia, "/veo fast", prompt="a fox")
    assert "Asia/Tokyo" in await told(ada, "/quota set time_zone", name="Asia/Tokyo")
    assert "no such time zone" in await told(ada, "/quota set time_zone", name="Mars/Olympus")
    [zone] = await ada.autocomplete("/quota set time_zone", "general", focused="name", name="tokyo")
    assert zone["value"] == "Asia/Tokyo"
    assert "midnight in Asia/Tokyo" in await told(ada, "/quota show")


async def test_when_members_are_asked_is_set_in_words_and_shown(mia: Persona, ada: Persona, bot: StageBot) -> None:
    assert "- Members confirm first: prices above half of what they have left" in await told(ada, "/quota show")
    await told(ada, "/quota set default", period="week", amount="180")
    assert "costs **100 of your 180 credits**" in await told(mia, "/veo fast", prompt="a fox")
    choices = await ada.autocomplete("/quota set confirm_above", "general", focused="amount", amount="20")
    assert [(choice["name"], choice["value"]) for choice in choices] == [("20: prices above 20 credits", "20")]
    assert await told(ada, "/quota set confirm_above", amount="always") == "Members confirm first: every price."
    assert await told(ada, "/quota set confirm_above", amount="never") == "Members confirm first: nothing."
    shown = await told(ada, "/quota show")
    assert "- Members confirm first: nothing" in shown
    assert "Members confirm first: prices above half of what they have left → every price" in shown
    assert "held" in await told(mia, "/veo fast", prompt="a fox")
    assert "whole number" in await told(ada, "/quota set confirm_above", amount="sometimes")


@pytest.mark.parametrize("kind", [Kind.HOLD, Kind.KEPT, Kind.CORRECTION, Kind.REFUND, Kind.GRANT])
@pytest.mark.parametrize("every_entry", [False, True])
def test_the_longest_lines_of_a_ledger_fit_a_page(kind: Kind, every_entry: bool) -> None:
    longest = "<@_*" * 200
    given = dict.fromkeys(("held_delta", "spent_delta", "charged_delta", "granted_delta", "overrun"), 10**9)
    entry = Entry(
        id=10**18, created_at=1e10, kind=kind, member_id=10**19, job_id="0" * 12, model_slug="m", grant_id=1,
        actor_id=10**19, reason=longest, day_key="2026-11-02", **given,
    )  # fmt: skip
    end = replace(entry, kind=Kind.KEPT)
    line = JobLine(entry, end, JobState.FAILED) if kind is Kind.HOLD and not every_entry else entry
    wanted = LedgerFilter(1, 10**19, "0" * 12, (Period.DAY, "2026-11-02"), every_entry)
    page = Page((line,) * PAGE_SIZE, has_newer=True, has_older=True, sums=Sums(10**15, 10**15, 10**15))
    view = ledger_view(page, wanted, lambda _: longest)
    components: list[Json] = view.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
    parts = [part for _, part in walk(components)]
    assert sum(len(str(part.get("content", ""))) for part in parts) <= 4_000
    assert all(len(str(part.get("custom_id", ""))) <= 100 for part in parts)
