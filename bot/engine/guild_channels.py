"""The channels that moderators chose for the bot: where results go, and what happens when a channel is lost."""

from sqlalchemy import Connection

from bot.domain.audit import THE_BOT
from bot.domain.guild_notices import GuildNoticeKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import Job, JobState
from bot.storage import age_restricted, guild_notices, guild_settings

LOST = {
    GuildSetting.RESULTS_CHANNEL: GuildNoticeKind.RESULTS_CHANNEL_LOST,
    GuildSetting.LOG_CHANNEL: GuildNoticeKind.LOG_CHANNEL_LOST,
    GuildSetting.SHOWCASE_CHANNEL: GuildNoticeKind.SHOWCASE_CHANNEL_LOST,
}
"""Setting that is a channel → the notice that the channel was lost."""


def destination(conn: Connection, job: Job, state: JobState) -> int:
    """Return the channel of the closing message of a job that ends in `state`.

    A video goes to the guild's results channel, where it has one. Why there is no video is told where it was asked for,
    and a video of an age-restricted model stays there: the results channel may be open to everybody.
    """
    if state is not JobState.SUCCEEDED or age_restricted.is_restricted(conn, job.id):
        return job.channel_id
    return guild_settings.settings_of(conn, job.guild_id).results_channel or job.channel_id


def lose_channel(conn: Connection, guild_id: int, setting: GuildSetting, channel_id: int, now: float) -> None:
    """Stop using a channel that is gone or forbidden, and have the moderators know, once.

    Does nothing where another channel was chosen meanwhile.
    """
    if guild_settings.lock(conn, guild_id, THE_BOT, setting, now) != channel_id:
        return
    guild_settings.change(conn, guild_id, THE_BOT, setting, channel_id, None, now)
    guild_notices.raise_notice(conn, guild_id, LOST[setting], {"channel_id": channel_id}, now)
