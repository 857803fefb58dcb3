"""Reports, and what moderators decide on cards, as people see it."""

import pytest

from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import JobState
from bot.engine.conduct import refused_content
from bot.services.job_views import Resend
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, OMAR_ID, STAFF_ID, VIDEOS_ID
from tests.cogs.conversation import newest, told
from tests.cogs.panel import open_panel
from tests.cogs.results import posted_video
from tests.support.stage import StageBot, button, words


@pytest.fixture
async def log(sandbox: DiscordSandbox, bot: StageBot) -> None:
    """Moderators are told in #staff, which everybody sees here: who may press is checked at the press."""
    sandbox.world.channels[STAFF_ID].overwrites.clear()
    await bot.services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.LOG_CHANNEL, STAFF_ID)


async def report(person: Persona, message: Message, why: str = "Too *scary* for me") -> str:
    """Press *Report*, say why, and return the answer."""
    opened = await person.press(message, button(message, "Report"))
    await opened.wait_modal()
    answered = await (await person.submit(opened, reason=why)).wait_message()
    assert answered.visible_to == person.id
    return words(answered)


async def report_card(bot: StageBot, ada: Persona) -> Message:
    await bot.incidents.step()
    return next(message for message in reversed(ada.read("staff")) if "reported" in words(message))


async def decide(person: Persona, card: Message, label: str) -> str:
    return words(await (await person.press(card, button(card, label))).wait_message())


async def test_a_reported_video_is_deleted_for_good_and_its_reporter_hears_of_it(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, ada: Persona, bot: StageBot, log: None
) -> None:
    video = await posted_video(bot, mia, sandbox)
    assert "Moderators read your report, without your name" in await report(noah, video)
    card = await report_card(bot, ada)
    shown = words(card)
    assert f"By <@{MIA_ID}> with **Veo 3.1 Fast** in <#{VIDEOS_ID}>" in shown
    assert "Too \\*scary\\* for me" in shown
    assert str(noah.id) not in shown
    assert "You need the permission **Manage Server**" in await decide(mia, card, "Delete")
    assert await decide(ada, card, "Delete") == "Deleted for good: nobody can have it posted again."
    await bot.incidents.step()
    await bot.removals.step()
    assert video.deleted_at is not None
    assert f"Deleted for good by <@{ADA_ID}>" in words(card)
    assert "custom_id" not in str(card.components)
    [job] = await newest(bot)
    assert await bot.services.jobs.resend(job.id, MIA_ID) is Resend.REMOVED
    [direct] = [one for one in sandbox.world.channels.values() if one.guild_id is None]
    assert "Moderators deleted it for good." in words(next(iter(direct.messages.values())))


async def test_several_reports_are_one_card_and_a_second_one_of_the_same_member_is_answered(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, omar: Persona, ada: Persona, bot: StageBot, log: None
) -> None:
    video = await posted_video(bot, mia, sandbox)
    await report(noah, video, "one")
    first = await report_card(bot, ada)
    await report(omar, video, "two")
    card = await report_card(bot, ada)
    assert card.id == first.id
    assert "2 reports" in words(card)
    again = await (await noah.press(video, button(video, "Report"))).wait_message()
    assert "You have reported this video already" in words(again)
    assert await decide(ada, card, "Dismiss") == "Dismissed. Nothing was done."
    after = await (await noah.press(video, button(video, "Report"))).wait_message()
    assert "Moderators looked at it and left it as it is." in words(after)


async def test_the_menu_reports_a_video_too_and_nothing_else(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, ada: Persona, bot: StageBot, log: None
) -> None:
    video = await posted_video(bot, mia, sandbox)
    opened = await noah.message_menu("Report video", video)
    await opened.wait_modal()
    assert "Thank you" in words(await (await noah.submit(opened, reason="bad")).wait_message())
    assert "bad" in words(await report_card(bot, ada))
    other = await mia.say("videos", "hello")
    refused = await (await noah.message_menu("Report video", other)).wait_message()
    assert "not a video of mine" in words(refused)
    own = await (await mia.message_menu("Report video", video)).wait_message()
    assert "your own video" in words(own)


async def test_a_report_that_comes_after_the_video_was_deleted_is_answered(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, log: None
) -> None:
    video = await posted_video(bot, mia, sandbox)
    opened = await noah.press(video, button(video, "Report"))
    await opened.wait_modal()
    await (await mia.press(video, button(video, "Delete"))).wait_message()
    answered = await (await noah.submit(opened, reason="bad")).wait_message()
    assert "deleted already" in words(answered)


async def test_without_a_log_channel_the_reporter_is_told_so(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, ada: Persona, bot: StageBot
) -> None:
    video = await posted_video(bot, mia, sandbox)
    assert "no channel in which I could tell moderators" in await report(noah, video)
    await bot.incidents.step()
    [direct] = [one for one in sandbox.world.channels.values() if one.guild_id is None]
    [written] = direct.messages.values()
    assert [user.id for user in direct.recipients] == [OMAR_ID]
    assert "In **Film Club** something waits for a moderator" in words(written)
    assert "Something waits for moderators" in (await open_panel(sandbox, ada)).words


async def test_a_member_is_blocked_from_a_card_and_reads_until_when_and_why(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, ada: Persona, bot: StageBot, log: None
) -> None:
    video = await posted_video(bot, mia, sandbox)
    await told(mia, "/veo fast", prompt="another fox")
    await report(noah, video)
    card = await report_card(bot, ada)
    refused = await (await noah.press(card, button(card, "Block member"))).wait_message()
    assert "Timeout Members" in words(refused)
    opened = await ada.press(card, button(card, "Block member"))
    await opened.wait_modal()
    done = words(await (await ada.submit(opened, time="week", reason="Gore is not allowed")).wait_message())
    assert f"<@{MIA_ID}> may not ask for videos until <t:" in done
    assert "cancelled 1 waiting request" in done
    assert [job.state for job in await newest(bot)] == [JobState.CANCELLED, JobState.SUCCEEDED]
    said = await told(mia, "/veo fast", prompt="a third fox")
    assert "A moderator has blocked you from asking for videos here until <t:" in said
    assert "> Gore is not allowed" in said
    assert "Nothing was charged." in said
    for label in ("Again", "Edit prompt"):
        pressed = await (await mia.press(video, button(video, label))).wait_message()
        assert "A moderator has blocked you" in words(pressed)
    assert "A moderator has blocked you" in await told(mia, "/video", prompt="a fox")
    await bot.incidents.step()
    assert "Its member is blocked until" in words(card)
    assert "Block member" not in str(card.components)
    assert await decide(ada, card, "Delete") == "Deleted for good: nobody can have it posted again."


async def test_two_moderators_decide_once(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, ada: Persona, omar: Persona, bot: StageBot, log: None
) -> None:
    await report(noah, await posted_video(bot, mia, sandbox))
    card = await report_card(bot, ada)
    buttons = (button(card, "Dismiss"), button(card, "Delete"))
    assert "Dismissed" in words(await (await ada.press(card, buttons[0])).wait_message())
    late = words(await (await omar.press(card, buttons[1])).wait_message())
    assert late == "Another moderator has decided about this already."


async def test_a_stopped_request_names_no_word_to_its_member_and_the_entry_to_moderators(
    mia: Persona, ada: Persona, bot: StageBot, log: None
) -> None:
    await bot.services.word_lists.add(FILM_CLUB_ID, ADA_ID, "zombie")
    said = await told(mia, "/veo fast", prompt="a Z-O-M-B-I-E at dusk")
    assert "against the rules of this server" in said
    assert "zombie" not in said.lower()
    assert "Nothing was charged." in said
    assert "against the rules" in await told(mia, "/video", prompt="a zombie")
    assert await newest(bot) == []
    await bot.incidents.step()
    cards = [words(message) for message in ada.read("staff") if "stopped" in words(message)]
    assert len(cards) == 2
    assert "`zombie` on this server's word list" in cards[0]
    assert "a Z-O-M-B-I-E at dusk" in cards[0]


async def test_edit_is_no_way_round_a_word_list(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot
) -> None:
    video = await posted_video(bot, mia, sandbox)
    await bot.services.word_lists.add(FILM_CLUB_ID, ADA_ID, "zombie\nfox")
    opened = await noah.press(video, button(video, "Edit prompt"))
    await opened.wait_modal()
    assert "against the rules" in words(await (await noah.submit(opened, prompt="a zombie")).wait_message())
    assert "against the rules" in words(await (await noah.press(video, button(video, "Again"))).wait_message())


async def test_a_paused_member_is_let_on_by_a_moderator(mia: Persona, ada: Persona, bot: StageBot, log: None) -> None:
    await bot.services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.CONTENT_REFUSALS_MAX, 1)
    await told(mia, "/veo fast", prompt="a fox")
    [job] = await newest(bot)
    await bot.stage.database.write(refused_content, job, bot.services.clock())
    said = await told(mia, "/veo fast", prompt="a fox")
    assert "the provider refused several of your requests for their content" in said
    await bot.incidents.step()
    [card] = [message for message in ada.read("staff") if "paused" in words(message)]
    assert "endanger the account" in words(card)
    assert await decide(ada, card, "Lift") == "The member may ask for videos again."
    assert "held" in await told(mia, "/veo fast", prompt="a fox")
    await bot.incidents.step()
    assert f"Pause lifted by <@{ADA_ID}>" in words(card)
