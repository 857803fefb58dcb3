"""`/credits` and `/usage`: what members read about their credits."""

import pytest

from sandbox.discord import Persona
from tests.cogs.conversation import spend, told
from tests.support.stage import StageBot


async def test_a_member_sees_what_is_left_and_why(mia: Persona, ada: Persona, bot: StageBot) -> None:
    await told(ada, "/quota set default", period="day", amount="250")
    await told(mia, "/veo fast", prompt="a fox")
    shown = await told(mia, "/credits")
    assert "You can spend up to **150** now." in shown
    assert "**150 credits** left of 250 (everyone's limit for today), renews <t:" in shown
    assert "**900 credits** left of 1,000 (this server's budget for this month)" in shown
    assert "- **100 held** · Veo 3.1 Fast · ⏳ queued · <t:" in shown
    assert "- 1 request waiting or running of yours (at most 10 at once)" in shown


async def test_the_chart_is_a_picture(mia: Persona, ada: Persona, bot: StageBot) -> None:
    await spend(bot, mia, 100)
    for person in (mia, ada):
        message = await (await person.slash("/usage", "general")).wait_message(20)
        assert message.visible_to == person.id
        assert message.attachments[0].path.read_bytes().startswith(b"\x89PNG")


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
