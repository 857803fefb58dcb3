"""The moderators' log as they read it, on the local Discord."""

from dataclasses import replace

import discord
import pytest

from bot.discord_ui.posting.guild_log import DiscordGuildLogWriter
from bot.discord_ui.views.log_words import log_line
from bot.domain.guild_log import LogEntry, LogKind
from bot.domain.jobs import JobState
from bot.domain.json_value import JsonObject
from bot.domain.postings import DIRECT, Posting
from bot.engine.guild_log import LogChannelLost, LogLater, LogLine
from sandbox.discord import DiscordSandbox, Persona, RestFault
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, GENERAL_ID, MIA_ID, VIDEOS_ID
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot, words

POSTING = Posting(2.0, "channel", VIDEOS_ID, 4711, 1, 1, None)
LINK = f"https://discord.com/channels/{FILM_CLUB_ID}/{VIDEOS_ID}/4711"
GRANT: JsonObject = {"member_id": MIA_ID, "amount": 5, "reason": "a *prize* @everyone"}


async def job_of(bot: StageBot, mia: Persona) -> LogLine:
    """Have Mia ask for a video; the line is about its job."""
    await (await mia.slash("/veo fast", "videos", prompt="a fox, @everyone <@&1401000000000000001>")).wait_message()
    [job] = await bot.stage.all_jobs()
    return LogLine(LogEntry(LogKind.REQUESTED, {"job_id": job.id}, 1.0), job, None)


async def test_each_line_says_who_what_and_how_it_ended(mia: Persona, bot: StageBot) -> None:
    asked = await job_of(bot, mia)
    assert asked.job is not None
    done = replace(asked.job, state=JobState.SUCCEEDED, charged=100)
    failed = replace(asked.job, state=JobState.FAILED, charged=0)
    ended = LogEntry(LogKind.ENDED, {"job_id": done.id}, 1.0)
    deleted = LogEntry(LogKind.DELETED, {"job_id": done.id, "actor_id": ADA_ID}, 1.0)
    granted = LogEntry(LogKind.CHANGED, {"actor_id": ADA_ID, "action": "grant", "data": GRANT}, 1.0)
    told = [
        (asked, f"🎬 <@{MIA_ID}> asked for **Veo 3.1 Fast** (100 credits) in <#{VIDEOS_ID}>: “a fox, "),
        (LogLine(ended, done, POSTING), f"✅ done: **Veo 3.1 Fast** for <@{MIA_ID}> · 100 credits · {LINK}"),
        (LogLine(ended, failed, POSTING), f"❌ failed: **Veo 3.1 Fast** for <@{MIA_ID}> · nothing charged · {LINK}"),
        (LogLine(ended, done, replace(POSTING, outcome=DIRECT)), "100 credits · sent as a direct message"),
        (LogLine(ended, done, None), "could not be delivered"),
        (LogLine(deleted, done, POSTING), f"🗑️ <@{ADA_ID}> deleted the video of <@{MIA_ID}> (**Veo 3.1 Fast**"),
        (LogLine(deleted, None, None), f"Job `{done.id}`: deleted; nothing more is kept about it."),
        (LogLine(granted, None, None), f"⚙️ <@{ADA_ID}>: granted 5 credits to <@{MIA_ID}>"),
    ]
    for line, expected in told:
        shown = log_line(line, FILM_CLUB_ID, str)
        assert shown.startswith("<t:1:T> ")
        assert expected in shown
        assert "@everyone" not in shown.replace("@\u200beveryone", "")


async def test_a_batch_is_one_message_that_mentions_nobody_however_often_it_is_sent(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot
) -> None:
    line = await job_of(bot, mia)
    writer = DiscordGuildLogWriter(bot, str, default_settings)
    for _ in range(2):
        await writer.write(GENERAL_ID, FILM_CLUB_ID, "7-19abcdef012", [line] * 10)
    [message] = sandbox.world.channels[GENERAL_ID].messages.values()
    assert len(words(message).splitlines()) == 10
    assert sandbox.record.messages(GENERAL_ID)[-1].mentions == []


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [(404, 10003, LogChannelLost), (403, 50013, LogChannelLost), (403, 50001, LogChannelLost), (503, 0, LogLater)],
)
async def test_a_channel_that_is_lost_is_told_from_a_failure_that_passes(
    sandbox: DiscordSandbox, poster: discord.Client, status: int, code: int, raised: type[Exception]
) -> None:
    fault = RestFault("POST", f"/channels/{GENERAL_ID}/messages", status=status, code=code)
    sandbox.controls.add_fault(fault)
    line = LogLine(LogEntry(LogKind.DELETED, {"job_id": "x", "actor_id": 1}, 1.0), None, None)
    with pytest.raises(raised):
        await DiscordGuildLogWriter(poster, str, default_settings).write(
            GENERAL_ID, FILM_CLUB_ID, "7-19abcdef012", [line]
        )
