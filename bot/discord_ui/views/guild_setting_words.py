"""The settings of a guild in words: their names, what they mean, and their values."""

from collections.abc import Collection, Iterable

from bot.discord_ui.language.catalogues import own_names
from bot.discord_ui.language.speaking import mark, say, say_many, weekday
from bot.discord_ui.views.escaping import code, escape
from bot.discord_ui.views.message_limits import cut
from bot.discord_ui.views.words import NameOf
from bot.domain.guild_settings import GuildSetting, ReuseRight
from bot.domain.json_value import JsonValue

NAMED_MAX = 8
"""Entries of a list that are named."""
VALUE_SHOWN_MAX = 80
"""Characters of a value that are shown."""

SETTING_NAMES = {
    GuildSetting.DEFAULT_MODEL: mark("Default model"),
    GuildSetting.ALLOWED_MODELS: mark("Allowed models"),
    GuildSetting.ALLOWED_CHANNELS: mark("Allowed channels"),
    GuildSetting.ALLOWED_ROLES: mark("Allowed roles"),
    GuildSetting.RESULTS_CHANNEL: mark("Results channel"),
    GuildSetting.LOG_CHANNEL: mark("Log channel"),
    GuildSetting.AGAIN_AND_EDIT: mark("Again and Edit"),
    GuildSetting.LEETSPEAK: mark("Leetspeak"),
    GuildSetting.CONTENT_REFUSALS_MAX: mark("Refusals for content"),
    GuildSetting.CONTENT_PAUSE_HOURS: mark("Pause after refusals"),
    GuildSetting.RETENTION_DAYS: mark("Retention"),
    GuildSetting.SHOWCASE_CHANNEL: mark("Showcase channel"),
    GuildSetting.SHOWCASE_LIKES: mark("Likes for the showcase"),
    GuildSetting.WEEKLY_REEL_DAY: mark("Reel of the week"),
    GuildSetting.WEEKLY_REEL_HOUR: mark("Hour of that reel"),
    GuildSetting.LANGUAGE: mark("Language"),
}
SETTING_HINTS = {
    GuildSetting.DEFAULT_MODEL: mark("What `/video` uses where a member names no model."),
    GuildSetting.ALLOWED_MODELS: mark("Other models are refused, by commands, menus and buttons alike."),
    GuildSetting.ALLOWED_CHANNELS: mark(
        "Where videos may be asked for. A category stands for its channels, a channel for its threads."
    ),
    GuildSetting.ALLOWED_ROLES: mark(
        "A member needs one of these roles to ask for videos. That holds for moderators, too."
    ),
    GuildSetting.RESULTS_CHANNEL: mark(
        "Where videos are posted, also those asked for in other channels: a text channel, or a forum with a post for "
        "each video. A link stays where it was asked for."
    ),
    GuildSetting.LOG_CHANNEL: mark(
        "Where moderators read who asked for what, how it ended, what it cost, who deleted or changed what, and where "
        "they are told of reports, stopped requests and refusals. It mentions nobody."
    ),
    GuildSetting.AGAIN_AND_EDIT: mark(
        "Who may press *Again*, *Edit prompt* and *Continue* on a video. It costs whoever presses."
    ),
    GuildSetting.LEETSPEAK: mark("Whether word lists read digits and signs as letters, too: `b4d` is then `bad`."),
    GuildSetting.CONTENT_REFUSALS_MAX: mark(
        "How many requests of a member the provider may refuse for their content within 24 hours, before I pause the "
        "member and ask moderators."
    ),
    GuildSetting.CONTENT_PAUSE_HOURS: mark("How long that pause lasts, unless moderators decide earlier."),
    GuildSetting.RETENTION_DAYS: mark(
        "How long I keep prompts, files and addresses of videos after a request has ended. Amounts stay in the ledger."
    ),
    GuildSetting.SHOWCASE_CHANNEL: mark(
        "Where I forward videos that many people like, each once. Only videos from channels that everybody here can "
        "read come there, and members can keep theirs out with `/gallery`."
    ),
    GuildSetting.SHOWCASE_LIKES: mark(
        "How many people have to react to a video for that. Any emoji but 👎 counts, each person once. Whoever made it "
        "does not count."
    ),
    GuildSetting.WEEKLY_REEL_DAY: mark(
        "On that day the best-liked videos of the last seven days become a film with the names of their makers, posted "
        "in the showcase. It costs no credits. Without three liked videos there is none."
    ),
    GuildSetting.WEEKLY_REEL_HOUR: mark("When on that day, in this server's time zone (`/quota set time_zone`)."),
    GuildSetting.LANGUAGE: mark("The language of what everybody reads. Private answers are in each reader's own."),
}
REUSE_WORDS = {
    ReuseRight.EVERYBODY: mark("everybody"),
    ReuseRight.REQUESTER: mark("the member who asked, and moderators"),
    ReuseRight.MODERATORS: mark("only moderators"),
}

_NOTHING: dict[GuildSetting, str] = {
    GuildSetting.DEFAULT_MODEL: mark("none, members choose"),
    GuildSetting.ALLOWED_MODELS: mark("all models, new ones too"),
    GuildSetting.ALLOWED_CHANNELS: mark("all channels"),
    GuildSetting.ALLOWED_ROLES: mark("everybody"),
    GuildSetting.RESULTS_CHANNEL: mark("where they are asked for"),
    GuildSetting.LOG_CHANNEL: mark("not set"),
    GuildSetting.AGAIN_AND_EDIT: REUSE_WORDS[ReuseRight.EVERYBODY],
    GuildSetting.CONTENT_REFUSALS_MAX: mark("any number, nobody is paused"),
    GuildSetting.SHOWCASE_CHANNEL: mark("not set"),
    GuildSetting.WEEKLY_REEL_DAY: mark("never"),
    GuildSetting.RETENTION_DAYS: mark("as long as the bot's owner keeps it"),
    GuildSetting.LANGUAGE: mark("as this server has it at Discord"),
}
"""What it is called where nothing was chosen."""


def setting_name(name: str) -> str:
    """Return what a setting is called, also one that only another version knows."""
    return say(SETTING_NAMES[GuildSetting(name)]) if name in SETTING_NAMES else code(name, VALUE_SHOWN_MAX)


def value_words(name: str, value: JsonValue, name_of: NameOf = str, known_ids: Collection[int] | None = None) -> str:
    """Return a stored value in words. `name_of` names models.

    Channels and roles that are not in `known_ids` were deleted; None where that is not known.
    """
    if name not in SETTING_NAMES:
        return code(str(value), VALUE_SHOWN_MAX)
    setting = GuildSetting(name)
    if value is None or value == []:
        return say(_NOTHING[setting])
    match setting:
        case GuildSetting.DEFAULT_MODEL | GuildSetting.ALLOWED_MODELS:
            return listed(escape(cut(name_of(str(slug)), VALUE_SHOWN_MAX)) for slug in _each(value))
        case (
            GuildSetting.ALLOWED_CHANNELS
            | GuildSetting.RESULTS_CHANNEL
            | GuildSetting.LOG_CHANNEL
            | GuildSetting.SHOWCASE_CHANNEL
        ):
            return listed(channel_words(id_, known_ids) for id_ in _ids(value))
        case GuildSetting.WEEKLY_REEL_DAY:
            return weekday(int(str(value)))
        case GuildSetting.WEEKLY_REEL_HOUR:
            return f"{int(str(value)):02}:00"
        case GuildSetting.SHOWCASE_LIKES:
            return say_many("{count} person", "{count} people", int(str(value)))
        case GuildSetting.ALLOWED_ROLES:
            return listed(_role_words(id_, known_ids) for id_ in _ids(value))
        case GuildSetting.AGAIN_AND_EDIT:
            return say(REUSE_WORDS[ReuseRight(str(value))])
        case GuildSetting.LEETSPEAK:
            return say("on") if value else say("off")
        case GuildSetting.CONTENT_REFUSALS_MAX:
            return str(value)
        case GuildSetting.CONTENT_PAUSE_HOURS:
            return say_many("{count} hour", "{count} hours", int(str(value)))
        case GuildSetting.RETENTION_DAYS:
            return say_many("{count} day", "{count} days", int(str(value)))
        case GuildSetting.LANGUAGE:
            return own_names().get(str(value)) or code(str(value), VALUE_SHOWN_MAX)


def channel_words(channel_id: int, known_ids: Collection[int] | None) -> str:
    """Return the mention of a channel, or words for one that is not in `known_ids`."""
    if known_ids is None or channel_id in known_ids:
        return f"<#{channel_id}>"
    return say("deleted channel {id}", id=str(channel_id))


def _role_words(role_id: int, known_ids: Collection[int] | None) -> str:
    if known_ids is None or role_id in known_ids:
        return f"<@&{role_id}>"
    return say("deleted role {id}", id=str(role_id))


def _each(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def _ids(value: JsonValue) -> list[int]:
    return [int(str(one)) for one in _each(value)]


def listed(words: Iterable[str]) -> str:
    """Return names in a row, the first ones where there are many. Nothing is an empty text."""
    names = list(words)
    shown, more = ", ".join(names[:NAMED_MAX]), len(names) - NAMED_MAX
    return shown if more <= 0 else say_many("{names} and {count} more", "{names} and {count} more", more, names=shown)
