"""The pages of `/settings` about the word list and about members."""

import pytest

from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import JobState
from bot.services.word_lists import WordLists
from sandbox.discord import DiscordSandbox, LocalFile, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, NOAH_ID
from tests.cogs.conversation import newest, told
from tests.cogs.panel import open_panel
from tests.cogs.results import posted_video
from tests.support.stage import StageBot, button, words


async def test_entries_are_added_tried_and_removed_on_the_panel(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "words")
    assert "**Word list**: empty" in panel.words
    await panel.fill_in("Add…", lines="zombie\nvery bad\na*b\n\nzombie\n/gh?ost/\n/(/")
    assert "Added to the list: 3." in panel.words
    assert "On the list before: 1." in panel.words
    assert "`a*b` has a star elsewhere than at its ends" in panel.words
    assert "`/(/` is no pattern that can be searched for (missing ): ()" in panel.words
    assert "- `/gh?ost/`" in panel.words
    await panel.fill_in("Try a text…", text="a Z.o.m.b.i.e and a ghost")
    assert "🛑 This would be stopped" in panel.words
    assert "- by `zombie`" in panel.words
    assert "- by `/gh?ost/`" in panel.words
    await panel.fill_in("Try a text…", text="a lighthouse")
    assert "✅ Nothing would stop this: `a lighthouse`" in panel.words
    assert "against the rules" in await told(mia, "/veo fast", prompt="zombie")
    option = next(one for one in panel.component(":remove:")["options"] if one["label"] == "zombie")
    await panel.choose(":remove:", option["value"])
    assert "Removed from the list: 1." in panel.words
    assert "held" in await told(mia, "/veo fast", prompt="zombie")
    assert "Word list: 3 added, 0 removed" in await told(ada, "/quota show")
    await panel.turn("overview")
    assert f"**Word list: 2 of 5,000 entries**\n-# Changed by <@{ADA_ID}>" in panel.words


async def test_leetspeak_is_switched_on_the_panel(sandbox: DiscordSandbox, ada: Persona, bot: StageBot) -> None:
    panel = await open_panel(sandbox, ada, "words")
    await panel.fill_in("Add…", lines="zombie")
    await panel.press("Read digits and signs as letters")
    assert "✅ Leetspeak: on" in panel.words
    await panel.fill_in("Try a text…", text="z0mb13")
    assert "This would be stopped" in panel.words
    await panel.press("Read letters only")
    assert "✅ Leetspeak: off" in panel.words


async def test_a_long_list_has_pages_and_is_exported_and_imported(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "words")
    lines = "\n".join(f"word{number:02}" for number in range(40))
    await panel.fill_in("Import…", file=LocalFile("list.txt", lines.encode("utf-8-sig")))
    assert "Added to the list: 40." in panel.words
    assert "Page 1 of 3" in panel.words
    await panel.press("Later entries")
    assert "Page 2 of 3" in panel.words
    assert "`word15`" in panel.words
    option = panel.component(":remove:")["options"][0]
    await panel.choose(":remove:", option["value"])
    assert "Page 2 of 3" in panel.words, "it stays on its page"
    assert f"`{option['label']}`" not in panel.words
    await ada.press(panel.message, button(panel.message, "Export"))
    await sandbox.wait_for(lambda: any(message.attachments for message in ada.read("general")))
    [file] = [one.attachments[0] for one in ada.read("general") if one.attachments]
    assert file.filename == "word-list.txt"
    assert len(file.path.read_text().splitlines()) == 39


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (LocalFile("list.txt", b"\xff\xfe\x00bad"), "not text in UTF-8"),
        (LocalFile("list.txt", b"x" * 1_000_001), "larger than 1 MB"),
    ],
)
async def test_a_file_that_is_no_list_changes_nothing(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot, file: LocalFile, said: str
) -> None:
    panel = await open_panel(sandbox, ada, "words")
    await panel.fill_in("Import…", file=file)
    assert said in panel.words
    assert "**Word list**: empty" in panel.words


async def test_the_longest_list_with_the_longest_entries_fits_the_panel(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    long = "\n".join(f"/{'ab' * 125}{number}/" for number in range(3)) + "\n"
    long += "\n".join(f"{'x' * 90}{number:05}" for number in range(100))
    await WordLists(bot.stage.context).add(FILM_CLUB_ID, ADA_ID, long)
    panel = await open_panel(sandbox, ada, "words")
    await panel.fill_in("Try a text…", text="nothing " * 400)
    await panel.fill_in("Add…", lines="\n".join(f"{'*' * 60}{number}" for number in range(60)))
    assert "and 55 more" in panel.words


async def test_a_member_is_blocked_and_let_on_again_on_the_panel(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, bot: StageBot
) -> None:
    await told(mia, "/veo fast", prompt="a fox")
    panel = await open_panel(sandbox, ada, "members")
    assert "**Blocked members**: nobody" in panel.words
    await panel.fill_in("Block a member…", member="mia", time="ever", reason="Spam")
    assert f"<@{MIA_ID}> may not ask for videos until somebody lifts it." in panel.words
    assert "cancelled 1 waiting request" in panel.words
    assert f"- <@{MIA_ID}> · until somebody lifts it · by <@{ADA_ID}>: Spam" in panel.words
    [job] = await newest(bot)
    assert job.state is JobState.CANCELLED
    assert "blocked you from asking for videos here.\n> Spam" in await told(mia, "/veo fast", prompt="a fox")
    await panel.choose(":lift:", "mia")
    assert f"✅ <@{MIA_ID}> may ask for videos again." in panel.words
    assert "held" in await told(mia, "/veo fast", prompt="a fox")
    await panel.turn("members")
    shown = await told(ada, "/quota show")
    assert f"blocked <@{MIA_ID}> “Spam”" in shown
    assert f"<@{MIA_ID}> may ask for videos again" in shown


async def test_what_waits_for_moderators_is_opened_from_the_panel(
    sandbox: DiscordSandbox, ada: Persona, mia: Persona, noah: Persona, bot: StageBot
) -> None:
    video = await posted_video(bot, mia, sandbox)
    [job] = await newest(bot)
    await bot.services.reports.report(job.id, NOAH_ID, "gore")
    await bot.services.word_lists.add(FILM_CLUB_ID, ADA_ID, "zombie")
    await told(mia, "/veo fast", prompt="a zombie")
    panel = await open_panel(sandbox, ada, "members")
    assert "**Waiting for moderators**: 1" in panel.words, "a stopped request waits for nobody"
    assert f"1. A video of <@{MIA_ID}> was reported" in panel.words
    option = panel.component(":open:")["options"][0]
    await panel.choose(":open:", option["value"])
    await sandbox.wait_for(lambda: any("gore" in words(one) for one in ada.read("general")))
    card = next(one for one in ada.read("general") if "gore" in words(one))
    assert card.visible_to == ada.id
    decided = await (await ada.press(card, button(card, "Delete"))).wait_message()
    assert "Deleted for good" in words(decided)
    await bot.removals.step()
    assert video.deleted_at is not None
    await panel.turn("members")
    assert "**Waiting for moderators**: nothing" in panel.words


async def test_refusals_and_the_pause_are_chosen_on_the_panel(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "members")
    assert "**Refusals for content**: 3" in panel.words
    await panel.choose(f":{GuildSetting.CONTENT_REFUSALS_MAX}:", "none")
    assert "✅ Refusals for content: any number, nobody is paused" in panel.words
    await panel.choose(f":{GuildSetting.CONTENT_PAUSE_HOURS}:", "6")
    assert "✅ Pause after refusals: 6 hours" in panel.words
    settings = await bot.services.guild_settings.of(FILM_CLUB_ID)
    assert (settings.content_refusals_max, settings.content_pause_hours) == (None, 6)
