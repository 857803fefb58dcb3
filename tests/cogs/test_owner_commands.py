"""The commands of the bot's owner, on a local Discord. Omar owns the bot; Ada owns the server Film Club."""

import discord
from sqlalchemy import text

from sandbox.discord import Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.cogs.conversation import newest, spend, told
from tests.support.stage import StageBot


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


async def test_an_owner_reads_a_jobs_story_with_the_engines_details(omar: Persona, mia: Persona, bot: StageBot) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    [job] = await newest(bot)
    story = await told(omar, "/owner job", id=f" `{job.id.upper()}` ")
    for part in ("requested, in the queue", "accepted", f"server `{FILM_CLUB_ID}`", "sent 0 times", "100 credits held"):
        assert part in story
    assert "no job with this id" in await told(omar, "/owner job", id="zzzzzzzzzzzz")
    assert "12 letters and digits" in await told(omar, "/owner job", id="7")
