"""Notices in words, for the owners' direct messages."""

import discord

from bot.discord_ui.views.escaping import code, excerpt
from bot.discord_ui.views.guild_buttons import new_guild_view
from bot.discord_ui.views.message_limits import CONTENT_MAX, cut_lines
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.words import seconds
from bot.domain.blocking import BlockedReason
from bot.domain.json_value import JsonObject, JsonValue
from bot.domain.notices import Notice, NoticeKind

NAME_SHOWN_MAX = 80
"""Characters of a model's or a server's name that are shown."""
RENDERS_SHOWN_MAX = 10
MONTH_SECONDS = 30 * 86_400
_WORKS_AGAIN: dict[str, str] = {
    BlockedReason.UNAUTHORIZED: "The video provider accepts the API key again",
    BlockedReason.FORBIDDEN: "The video provider lets the API key make videos again",
    BlockedReason.NO_CREDITS: "The provider account can pay again",
    NoticeKind.UNREACHABLE: "The video provider is reached again",
}


def notice_view(notice: Notice) -> discord.ui.View | None:
    """Return the buttons of the message, or None where an owner can do nothing about it on Discord."""
    guild_id = notice.data.get("guild_id")
    if notice.kind is NoticeKind.NEW_GUILD and isinstance(guild_id, int):
        return new_guild_view(guild_id)
    return None


def notice_text(notice: Notice, guild_name: str | None = None) -> str:
    """Return the message for the owners, in at most Discord's 2,000 characters. `guild_name` is its guild's, if known.

    Everything that the provider, a member or a guild wrote is escaped and cut.
    """
    return cut_lines(_words(notice, guild_name), CONTENT_MAX)


def _words(notice: Notice, guild_name: str | None) -> str:
    data = notice.data
    match notice.kind:
        case NoticeKind.KEY_REFUSED:
            return (
                "The video provider does not accept the API key. New requests are refused and queued ones wait. "
                "Put a valid key into STUDIO_API_KEY and restart the bot."
            )
        case NoticeKind.KEY_FORBIDDEN:
            legacy = (
                " Some keys may only use the provider's older API: if yours is one, set STUDIO_API=legacy and restart "
                "the bot. Queued requests that the older API cannot make then end, and say so."
            )
            return (
                "The video provider does not let the API key generate videos. New requests are refused and queued "
                "ones wait; the bot tries again every quarter of an hour. Check the key's account at the provider."
                f"{legacy if data.get('legacy_may_help') else ''}"
            )
        case NoticeKind.NO_CREDITS:
            numbers = ""
            if data.get("required") is not None and data.get("available") is not None:
                numbers = f": a job needs {_credits(data['required'])}, and {_credits(data['available'])} are left"
            waits = "The queue waits" if data.get("available") is None else "Requests that cost more than that wait"
            return (
                f"The provider account cannot pay{numbers}. {waits}. The bot tries again every quarter of an hour, and "
                "goes on by itself once there are credits."
            )
        case NoticeKind.LOW_CREDITS:
            return f"The provider account has {_credits(data['available'])} left."
        case NoticeKind.UNRESOLVED:
            name = excerpt(str(data["model_name"]), NAME_SHOWN_MAX)
            return (
                f"Job `{data['job_id']}` ({name}, {_credits(data['held'])} held) needs your decision: "
                f"{excerpt(str(data['why']), 300)}. `/owner unresolved` shows it, with buttons to decide."
            )
        case NoticeKind.NEW_GUILD:
            name = f"**{excerpt(guild_name, NAME_SHOWN_MAX)}** " if guild_name else ""
            return (
                f"The server {name}(`{data['guild_id']}`) used the bot for the first time. "
                "It can spend nothing of your account until you give it credits."
            )
        case NoticeKind.WORKS_AGAIN:
            return f"{_WORKS_AGAIN[str(data['was'])]}. The queue goes on."
        case NoticeKind.UNREACHABLE:
            return (
                f"The video provider has not been reached for some minutes: {excerpt(str(data['why']), 300)}. "
                "Queued requests wait, and the bot keeps trying."
            )
        case NoticeKind.JOB_REFUSED:
            name = excerpt(str(data["model_name"]), NAME_SHOWN_MAX)
            return (
                f"Job `{data['job_id']}` ({name}) has ended and cost nothing: the provider refused it again and "
                f"again. It said: {excerpt(str(data['why']), 300)}."
            )
        case NoticeKind.LONG_PAUSE:
            return (
                f"The video provider asked for a pause of {_duration(data['asked'])}. "
                f"Nothing is sent for {_duration(data['seconds'])}; then the queue goes on by itself."
            )
        case NoticeKind.UNOWNED_RENDER:
            return (
                f"The provider made something for job `{data['job_id']}` that the job cannot own, and may "
                f"charge for it: {_render_ids(data)}. Look it up on the provider's own pages."
            )
        case NoticeKind.CATALOGUE_NOT_UNDERSTOOD:
            return (
                "No model in the provider's list is understood. The models known before are offered, or those of the "
                "provider's documentation. Please run `python -m bot doctor --capture FILE` and report the file; "
                "until then, MODELS_FILE can state the models."
            )
        case NoticeKind.UNKNOWN_STATUS:
            return (
                f"The provider tells a status that this bot does not know: {excerpt(str(data['status']), 100)} "
                f"(job `{data['job_id']}`). The job is asked about again; please report the word to the bot's makers."
            )


def _render_ids(data: JsonObject) -> str:
    ids, unnamed = data.get("remote_ids"), data.get("unnamed")
    named = [str(one) for one in ids] if isinstance(ids, list) else []
    words = [code(one, 100) for one in named[:RENDERS_SHOWN_MAX]]
    more = len(named) - len(words) + (unnamed if isinstance(unnamed, int) else 0)
    return ", ".join([*words, *([f"{more:,} more"] if more else [])])


def _credits(amount: JsonValue) -> str:
    return amount_words(amount) if isinstance(amount, int) else "an unknown number of credits"


def _duration(amount: JsonValue) -> str:
    if not isinstance(amount, (int, float)):
        return "an unknown time"
    return seconds(amount) if amount < MONTH_SECONDS else "more than a month"
