"""The settings of a guild in words: their names, what they mean, and their values."""

from collections.abc import Collection

from bot.discord_ui.views.escaping import code, escape
from bot.discord_ui.views.message_limits import cut
from bot.discord_ui.views.words import NameOf, counted
from bot.domain.guild_settings import GuildSetting, ReuseRight
from bot.domain.json_value import JsonValue

NAMED_MAX = 8
"""Entries of a list that are named."""
VALUE_SHOWN_MAX = 80
"""Characters of a value that are shown."""

SETTING_NAMES = {
    GuildSetting.DEFAULT_MODEL: "Default model",
    GuildSetting.ALLOWED_MODELS: "Allowed models",
    GuildSetting.ALLOWED_CHANNELS: "Allowed channels",
    GuildSetting.ALLOWED_ROLES: "Allowed roles",
    GuildSetting.RESULTS_CHANNEL: "Results channel",
    GuildSetting.LOG_CHANNEL: "Log channel",
    GuildSetting.AGAIN_AND_EDIT: "Again and Edit",
    GuildSetting.LEETSPEAK: "Leetspeak",
    GuildSetting.CONTENT_REFUSALS_MAX: "Refusals for content",
    GuildSetting.CONTENT_PAUSE_HOURS: "Pause after refusals",
    GuildSetting.RETENTION_DAYS: "Retention",
}
SETTING_HINTS = {
    GuildSetting.DEFAULT_MODEL: "What `/video` uses where a member names no model.",
    GuildSetting.ALLOWED_MODELS: "Other models are refused, by commands, menus and buttons alike.",
    GuildSetting.ALLOWED_CHANNELS: (
        "Where videos may be asked for. A category stands for its channels, a channel for its threads."
    ),
    GuildSetting.ALLOWED_ROLES: "A member needs one of these roles to ask for videos. That holds for moderators, too.",
    GuildSetting.RESULTS_CHANNEL: (
        "Where videos are posted, also those asked for in other channels: a text channel, or a forum with a post for "
        "each video. A link stays where it was asked for."
    ),
    GuildSetting.LOG_CHANNEL: (
        "Where moderators read who asked for what, how it ended, what it cost, who deleted or changed what, and where "
        "they are told of reports, stopped requests and refusals. It mentions nobody."
    ),
    GuildSetting.AGAIN_AND_EDIT: "Who may press *Again* and *Edit prompt* on a video. It costs whoever presses.",
    GuildSetting.LEETSPEAK: "Whether word lists read digits and signs as letters, too: `b4d` is then `bad`.",
    GuildSetting.CONTENT_REFUSALS_MAX: (
        "How many requests of a member the provider may refuse for their content within 24 hours, before I pause the "
        "member and ask moderators."
    ),
    GuildSetting.CONTENT_PAUSE_HOURS: "How long that pause lasts, unless moderators decide earlier.",
    GuildSetting.RETENTION_DAYS: "How long I keep what was asked for, after it has ended. Credits stay in the ledger.",
}
REUSE_WORDS = {
    ReuseRight.EVERYBODY: "everybody",
    ReuseRight.REQUESTER: "the member who asked, and moderators",
    ReuseRight.MODERATORS: "only moderators",
}

_NOTHING: dict[GuildSetting, str] = {
    GuildSetting.DEFAULT_MODEL: "none, members choose",
    GuildSetting.ALLOWED_MODELS: "all models, new ones too",
    GuildSetting.ALLOWED_CHANNELS: "all channels",
    GuildSetting.ALLOWED_ROLES: "everybody",
    GuildSetting.RESULTS_CHANNEL: "where they are asked for",
    GuildSetting.LOG_CHANNEL: "none",
    GuildSetting.AGAIN_AND_EDIT: REUSE_WORDS[ReuseRight.EVERYBODY],
    GuildSetting.CONTENT_REFUSALS_MAX: "any number, nobody is paused",
    GuildSetting.RETENTION_DAYS: "for ever",
}
"""What it is called where nothing was chosen."""


def setting_name(name: str) -> str:
    """Return what a setting is called, also one that only another version knows."""
    return SETTING_NAMES[GuildSetting(name)] if name in SETTING_NAMES else code(name, VALUE_SHOWN_MAX)


def value_words(name: str, value: JsonValue, name_of: NameOf = str, known_ids: Collection[int] | None = None) -> str:
    """Return a stored value in words. `name_of` names models.

    Channels and roles that are not in `known_ids` were deleted; None where that is not known.
    """
    if name not in SETTING_NAMES:
        return code(str(value), VALUE_SHOWN_MAX)
    setting = GuildSetting(name)
    if value is None or value == []:
        return _NOTHING[setting]
    match setting:
        case GuildSetting.DEFAULT_MODEL | GuildSetting.ALLOWED_MODELS:
            return _listed([escape(cut(name_of(str(slug)), VALUE_SHOWN_MAX)) for slug in _each(value)])
        case GuildSetting.ALLOWED_CHANNELS | GuildSetting.RESULTS_CHANNEL | GuildSetting.LOG_CHANNEL:
            return _mentions("<#{}>", "deleted channel", value, known_ids)
        case GuildSetting.ALLOWED_ROLES:
            return _mentions("<@&{}>", "deleted role", value, known_ids)
        case GuildSetting.AGAIN_AND_EDIT:
            return REUSE_WORDS[ReuseRight(str(value))]
        case GuildSetting.LEETSPEAK:
            return "on" if value else "off"
        case GuildSetting.CONTENT_REFUSALS_MAX:
            return str(value)
        case GuildSetting.CONTENT_PAUSE_HOURS:
            return counted(int(str(value)), "hour")
        case GuildSetting.RETENTION_DAYS:
            return counted(int(str(value)), "day")


def _mentions(form: str, deleted: str, value: JsonValue, known_ids: Collection[int] | None) -> str:
    ids = [int(str(one)) for one in _each(value)]
    return _listed([form.format(id_) if known_ids is None or id_ in known_ids else f"{deleted} {id_}" for id_ in ids])


def _each(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED_MAX} more" if len(names) > NAMED_MAX else ""
    return ", ".join(names[:NAMED_MAX]) + more
