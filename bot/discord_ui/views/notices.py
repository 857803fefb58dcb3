"""Notices in words, for the owners' direct messages."""

import discord

from bot.discord_ui.language.speaking import mark, say
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
    BlockedReason.UNAUTHORIZED: mark("The video provider accepts the API key again. The queue goes on."),
    BlockedReason.FORBIDDEN: mark("The video provider lets the API key make videos again. The queue goes on."),
    BlockedReason.NO_CREDITS: mark("The provider account can pay again. The queue goes on."),
    NoticeKind.UNREACHABLE: mark("The video provider is reached again. The queue goes on."),
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
            return say(
                "The video provider does not accept the API key. New requests are refused and queued ones wait. "
                "The bot asks again by itself and tells you once it goes on. A new key goes into STUDIO_API_KEY; "
                "the next start reads it."
            )
        case NoticeKind.KEY_FORBIDDEN:
            return _key_forbidden(legacy_may_help=bool(data.get("legacy_may_help")))
        case NoticeKind.NO_CREDITS:
            return _no_credits(data)
        case NoticeKind.LOW_CREDITS:
            return say("The provider account is nearly empty. Left: {credits}.", credits=_credits(data["available"]))
        case NoticeKind.UNRESOLVED:
            return say(
                "Job `{job}` ({model}, held: {credits}) needs your decision: {why}. "
                "`/owner unresolved` shows it, with buttons to decide.",
                job=data["job_id"],
                model=excerpt(str(data["model_name"]), NAME_SHOWN_MAX),
                credits=_credits(data["held"]),
                why=excerpt(str(data["why"]), 300),
            )
        case NoticeKind.NEW_GUILD:
            server = f"`{data['guild_id']}`"
            server = f"**{excerpt(guild_name, NAME_SHOWN_MAX)}** ({server})" if guild_name else f"({server})"
            return say(
                "The server {server} used the bot for the first time. "
                "It can spend nothing of your account until you give it credits.",
                server=server,
            )
        case NoticeKind.WORKS_AGAIN:
            works_again = _WORKS_AGAIN[str(data["was"])]
            return say(works_again)
        case NoticeKind.UNREACHABLE:
            return say(
                "The video provider has not been reached for some minutes: {why}. "
                "Queued requests wait, and the bot keeps trying.",
                why=excerpt(str(data["why"]), 300),
            )
        case NoticeKind.JOB_REFUSED:
            return say(
                "Job `{job}` ({model}) has ended and cost nothing: the provider refused it again and again. "
                "It said: {why}.",
                job=data["job_id"],
                model=excerpt(str(data["model_name"]), NAME_SHOWN_MAX),
                why=excerpt(str(data["why"]), 300),
            )
        case NoticeKind.LONG_PAUSE:
            return say(
                "The video provider asked for a long pause: {asked}. Nothing is sent now ({time}); "
                "then the queue goes on by itself.",
                asked=_duration(data["asked"]),
                time=_duration(data["seconds"]),
            )
        case NoticeKind.UNOWNED_RENDER:
            return say(
                "The provider made something for job `{job}` that the job cannot own, and may charge for it: "
                "{renders}. Look it up on the provider's own pages.",
                job=data["job_id"],
                renders=_render_ids(data),
            )
        case NoticeKind.CATALOGUE_NOT_UNDERSTOOD:
            return say(
                "No model in the provider's list is understood. The models known before are offered, or those of the "
                "provider's documentation. Please run `python -m bot doctor --capture FILE` and report the file; "
                "until then, MODELS_FILE can state the models."
            )
        case NoticeKind.UNKNOWN_STATUS:
            return say(
                "The provider tells a status that this bot does not know: {status} (job `{job}`). The job is asked "
                "about again; please report the word to the bot's makers.",
                status=excerpt(str(data["status"]), 100),
                job=data["job_id"],
            )


def _key_forbidden(*, legacy_may_help: bool) -> str:
    words = say(
        "The video provider does not let the API key generate videos. New requests are refused and queued ones wait; "
        "the bot tries again every quarter of an hour. Check the key's account at the provider."
    )
    if not legacy_may_help:
        return words
    legacy = say(
        "Some keys may only use the provider's older API: if yours is one, set STUDIO_API=legacy and restart "
        "the bot. Queued requests that the older API cannot make then end, and say so."
    )
    return f"{words} {legacy}"


def _no_credits(data: JsonObject) -> str:
    again = say("The bot tries again every quarter of an hour, and tells you once it goes on.")
    if "job_id" not in data:  # older notices do not name it
        return say("The provider account cannot pay. The queue waits. {again}", again=again)
    words = {
        "job": data["job_id"],
        "model": excerpt(str(data["model_name"]), NAME_SHOWN_MAX),
        "price": _credits(data["required"]),
        "again": again,
    }
    if data.get("available") is None:
        return say(
            "The provider account cannot pay for job `{job}` ({model}, {price}). The queue waits. {again}", **words
        )
    return say(
        "The provider account cannot pay for job `{job}` ({model}, {price}; left: {left}). "
        "Requests that cost more than that wait. {again}",
        left=_credits(data["available"]),
        **words,
    )


def _render_ids(data: JsonObject) -> str:
    ids, unnamed = data.get("remote_ids"), data.get("unnamed")
    named = [str(one) for one in ids] if isinstance(ids, list) else []
    words = [code(one, 100) for one in named[:RENDERS_SHOWN_MAX]]
    more = len(named) - len(words) + (unnamed if isinstance(unnamed, int) else 0)
    return ", ".join([*words, *([say("{number} more", number=more)] if more else [])])


def _credits(amount: JsonValue) -> str:
    return amount_words(amount) if isinstance(amount, int) else say("an unknown number of credits")


def _duration(amount: JsonValue) -> str:
    if not isinstance(amount, (int, float)):
        return say("an unknown time")
    return seconds(amount) if amount < MONTH_SECONDS else say("more than a month")
