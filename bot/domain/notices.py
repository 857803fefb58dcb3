"""What the owners of the bot must hear of, as data. The words are `bot.discord_ui.views.notices`'."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.json_value import JsonObject


class NoticeKind(StrEnum):
    """What a notice is about. Each member names the keys of its data."""

    KEY_REFUSED = "key_refused"
    """The provider does not accept the API key. No data."""
    KEY_FORBIDDEN = "key_forbidden"
    """The provider does not let the API key make videos. `legacy_may_help`: whether STUDIO_API=legacy may help."""
    NO_CREDITS = "no_credits"
    """The account cannot pay for a job: `job_id`, `model_name`, `required` and `available` in credits.

    `available` is None where the provider did not say.
    """
    LOW_CREDITS = "low_credits"
    """The account has few credits left: `available`."""
    UNRESOLVED = "unresolved"
    """A job waits for an owner's decision: `job_id`, `model_name`, `held` in credits, `why`."""
    NEW_GUILD = "new_guild"
    """A server that has no credits was used for the first time: `guild_id`."""
    WORKS_AGAIN = "works_again"
    """The account is used again after a block: `was`, a BlockedReason, or UNREACHABLE."""
    UNREACHABLE = "unreachable"
    """Requests have not reached the provider's API for minutes: `why`."""
    JOB_REFUSED = "job_refused"
    """A job ended because the provider refused it again and again: `job_id`, `model_name`, `why`."""
    LONG_PAUSE = "long_pause"
    """The provider asked for a long pause: it asked for `asked` seconds, the bot waits `seconds`."""
    UNOWNED_RENDER = "unowned_render"
    """The provider made, and charges, what no job can own: `job_id`, `remote_ids`, and `unnamed`, a count of others."""
    CATALOGUE_NOT_UNDERSTOOD = "catalogue_not_understood"
    """No model in the provider's answer is understood; earlier or documented models are offered. No data."""
    UNKNOWN_STATUS = "unknown_status"
    """The provider tells a status that the bot does not know: `status`, seen first on `job_id`."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell, once until it is over. `key` says what it is about, so that it is not told twice."""

    key: str
    kind: NoticeKind
    data: JsonObject = field(default_factory=dict)
