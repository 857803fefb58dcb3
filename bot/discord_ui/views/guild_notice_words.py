"""What moderators are to know, in words."""

from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.guild_setting_words import setting_name
from bot.discord_ui.views.words import relative
from bot.domain.guild_notices import GuildNotice, GuildNoticeKind
from bot.domain.guild_settings import GuildSetting


def notice_words(notice: GuildNotice) -> str:
    """Return two or three sentences."""
    channel, when = f"<#{notice.data.get('channel_id')}>", relative(notice.created_at)
    match notice.kind:
        case GuildNoticeKind.RESULTS_CHANNEL_LOST:
            name = setting_name(GuildSetting.RESULTS_CHANNEL)
            return say(
                "{setting}: {moment} I could not post in {channel} any more. Since then videos are posted where they "
                "are asked for. Give me the permissions there, or choose another channel.",
                setting=name,
                moment=when,
                channel=channel,
            )
        case GuildNoticeKind.LOG_CHANNEL_LOST:
            name = setting_name(GuildSetting.LOG_CHANNEL)
            return say(
                "{setting}: {moment} I could not write in {channel} any more, so I stopped. "
                "Give me the permissions there, or choose another channel.",
                setting=name,
                moment=when,
                channel=channel,
            )
        case GuildNoticeKind.SHOWCASE_CHANNEL_LOST:
            name = setting_name(GuildSetting.SHOWCASE_CHANNEL)
            return say(
                "{setting}: {moment} I could not post in {channel} any more, so nothing is forwarded there. "
                "Give me the permissions there, or choose another channel.",
                setting=name,
                moment=when,
                channel=channel,
            )
        case GuildNoticeKind.REPORTS_WAIT:
            return say(
                "Something waits for moderators on the page **Members and reports**, and there is no log channel in "
                "which I could ask you. Choose one, so that you hear of the next."
            )
