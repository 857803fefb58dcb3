"""What the moderators of a guild are to know, as data. It stands on their panel until it is over."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.json_value import JsonObject


class GuildNoticeKind(StrEnum):
    """What moderators are told. Each member names the keys of its data."""

    RESULTS_CHANNEL_LOST = "results_channel_lost"
    """Results are not posted in `channel_id` any more: it is gone, or the bot may not post there."""
    LOG_CHANNEL_LOST = "log_channel_lost"
    """The log is not written to `channel_id` any more, likewise."""
    SHOWCASE_CHANNEL_LOST = "showcase_channel_lost"
    """Results are not forwarded to `channel_id` any more, likewise."""
    REPORTS_WAIT = "reports_wait"
    """A report, or a question about a paused member, waits, and there is no log channel in which to ask."""


@dataclass(frozen=True, slots=True)
class GuildNotice:
    """One notice. `created_at` is in seconds since the epoch."""

    kind: GuildNoticeKind
    data: JsonObject
    created_at: float
