"""Words that the engine keeps with a job, for a reader of any language.

Why a video is missing and what became of its message are kept in English. What the engine says by itself is known here
and is translated. What the provider says is shown as it came.
"""

import re

from bot.discord_ui.language.speaking import mark, say, say_many
from bot.discord_ui.views.escaping import excerpt

REASONS = frozenset(
    {
        mark("the provider gave no reason"),
        mark("the provider finished without a video"),
        mark("the provider gave no answer and did not make it"),
        mark("the provider could not be reached"),
        mark("the provider charged for it but its video was lost"),
        mark("Discord no longer has an attached file. Please use the command with it again"),
        mark("the picture to begin with could not be posted in the channel, from where the provider fetches it"),
        mark("a moderator denied it"),
        mark("no moderator decided within a day"),
        mark("the moderators' channel cannot be reached"),
        mark("a moderator cancelled it"),
        mark("cancelled by the member who asked"),
        mark("The provider refused the request"),
        mark("The provider does not accept the API key"),
        mark("The provider account is out of credits"),
        mark("The provider does not open this endpoint to the API key"),
        mark("The provider does not know this"),
        mark("The provider's rate limit is reached"),
    }
)
"""Why a video is missing, where the engine says it."""
EVENTS = frozenset(
    {
        mark("the result was deleted by its member"),
        mark("the result was deleted by a moderator"),
        mark("the channel of the result is gone"),
        mark("it was in a message with a video that a moderator deleted"),
    }
)
"""What happened to a job that had ended."""

_KEPT = re.compile(r"(?P<reason>.*) \(the provider kept (?P<credits>[0-9,]+) credits? for it\)", re.DOTALL)
_STATUS = re.compile(r"(?P<reason>.*) \((?P<status>HTTP [0-9]+)\)")
_BETWEEN = "; "
"""Stands between the reasons of several renders."""


def reason_words(reason: str, maximum: int) -> str:
    """Return why a video is missing, escaped and cut to `maximum` characters."""
    return excerpt(_reasons(reason), maximum)


def event_words(detail: str, maximum: int) -> str:
    """Return what happened to a job that had ended, escaped and cut to `maximum` characters."""
    return excerpt(say(detail) if detail in EVENTS else detail, maximum)


def _reasons(reason: str) -> str:
    if kept := _KEPT.fullmatch(reason):
        return say_many(
            "{reason} (the provider kept {count} credit for it)",
            "{reason} (the provider kept {count} credits for it)",
            int(kept["credits"].replace(",", "")),
            reason=_reasons(kept["reason"]),
        )
    return _BETWEEN.join(_known(one) for one in reason.split(_BETWEEN))


def _known(reason: str) -> str:
    if reason in REASONS:
        return say(reason)
    stated = _STATUS.fullmatch(reason)
    if stated is not None and stated["reason"] in REASONS:
        known = stated["reason"]
        return f"{say(known)} ({stated['status']})"
    return reason
