"""`/credits` and `/usage`: what members read about their credits."""

import pytest

from sandbox.discord import DiscordSandbox, Persona
from tests.cogs.conversation import spend, told
from tests.support.stage import StageBot, words


async def test_a_member_sees_what_is_left_and_why(mia: Persona, ada: Persona, bot: StageBot) -> None:
    await told(ada, "/quota set default", period="day", amount="250")
    await told(mia, "/veo fast", prompt="a fox")
    shown = await told(mia, "/credits")
    assert "You can spend up to **150 credits** now." in shown
    assert "**150 of 250** left · everyone's limit for today · 100 held · renews <t:" in shown
    assert "**900 of 1,000** left · this server's budget for this month · 100 held" in shown
    assert "- **100 held** · Veo 3.1 Fast · ⏳ under way · <t:" in shown
    assert "- You have 1 job waiting or running (at most 10 at once)" in shown


async def test_credits_that_become_scarce_are_told_with_when_more_come(
    mia: Persona, ada: Persona, sandbox: DiscordSandbox, bot: StageBot
) -> None:
    await told(ada, "/quota set confirm_above", amount="never")
    await told(ada, "/quota set default", period="day", amount="150")
    await told(mia, "/veo fast", prompt="a fox")
    messages = sandbox.world.find_channel("general", mia.user).messages
    await sandbox.wait_for(lambda: any("You have 50 credits left" in words(one) for one in messages.values()))
    [warning] = [one for one in messages.values() if "not enough for the same again" in words(one)]
    assert warning.visible_to == mia.id
    assert "More come <t:" in words(warning)


async def test_members_see_their_own_spending_and_moderators_that_of_the_server(
    mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    await spend(bot, mia, 100)
    await spend(bot, noah, 60)
    own = await (await mia.slash("/usage", "general")).wait_message(20)
    assert own.visible_to == mia.id
    assert own.attachments[0].path.read_bytes().startswith(b"\x89PNG")
    assert "## Your spending\nSpent in the latest 30 days: **100 credits**." in words(own)
    assert "- Veo 3.1 Fast: **100** (100%)" in words(own)
    assert "<@" not in words(own)
    assert "Veo 3.1 Fast 100" in str(own.components), "its alternative text"
    assert "You need the permission **Manage Server**" in await told(mia, "/usage", server=True)

    everybodys = words(await (await ada.slash("/usage", "general")).wait_message(20))
    assert "## Film Club\nSpent in the latest 30 days: **160 credits**." in everybodys
    assert f"- <@{noah.id}>: **60** (38%)" in everybodys
    assert "Nothing was spent in the latest 7 days." in await told(ada, "/usage", server=False, days=7)


async def test_a_chart_that_is_larger_than_the_server_takes_leaves_its_numbers(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot
) -> None:
    await spend(bot, mia, 100)
    sandbox.controls.set_upload_limit(1_000, "Film Club")
    own = await (await mia.slash("/usage", "general")).wait_message(20)
    assert own.attachments == []
    assert "- Veo 3.1 Fast: **100** (100%)" in words(own)
    assert "The chart is larger than the files that I may attach here." in words(own)


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
