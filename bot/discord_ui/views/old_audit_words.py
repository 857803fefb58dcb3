"""Entries of the audit log from before it was kept as data: their words, read back into data where that is possible."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.audit import AuditAction
from bot.domain.confirmation import NEVER
from bot.domain.json_value import JsonObject

_AMOUNT = r"unlimited|[\d,]+ credits?"
_SUBJECT = r"(?P<scope>role|member|default|guild|ceiling)(?: <@&?(?P<subject>\d+)>)?"
_NUMBER_OR_NONE = r"None|\d+"
_REASON = r": (?P<reason>.*)"


def _amount(words: str) -> int | None:
    return None if words == "unlimited" else int(words.split(maxsplit=1)[0].replace(",", ""))


def _number(words: str, none: int | None = None) -> int | None:
    return none if words == "None" else int(words)


def _limit(found: Mapping[str, Any], **amounts: int | None) -> JsonObject:
    return {
        "scope": found["scope"],
        "subject_id": int(found["subject"] or 0),
        "period": found["period"],
        **amounts,
    }


def _set_limit(found: Mapping[str, Any]) -> JsonObject:
    before = {} if found["before"] == "no limit" else {"before": _amount(found["before"])}
    return _limit(found, after=_amount(found["after"]), **before)


def _grant(found: Mapping[str, Any]) -> JsonObject:
    member_id = int(found["subject"]) if found["scope"] == "member" else None
    return {"member_id": member_id, "amount": int(found["amount"]), "reason": found["reason"]}


_READERS: tuple[tuple[str, AuditAction, Callable[[Mapping[str, Any]], JsonObject]], ...] = (
    (
        rf"set limit: {_SUBJECT}: (?P<before>no limit|{_AMOUNT}) → (?P<after>{_AMOUNT}) a (?P<period>day|week|month)",
        AuditAction.SET_LIMIT,
        _set_limit,
    ),
    (
        rf"clear limit: {_SUBJECT}: (?P<before>{_AMOUNT}) a (?P<period>day|week|month) → no limit",
        AuditAction.CLEAR_LIMIT,
        lambda found: _limit(found, before=_amount(found["before"])),
    ),
    (
        rf"(?P<rule>member_jobs_max|guild_jobs_max|price_max|approval_above|approval_channel_id)"
        rf": (?P<before>{_NUMBER_OR_NONE}) → (?P<after>{_NUMBER_OR_NONE})",
        AuditAction.CHANGE_RULE,
        lambda found: {
            "rule": found["rule"],
            "before": _number(found["before"]),
            "after": _number(found["after"]),
        },
    ),
    (
        # Without a threshold nobody was asked then. Today that is a threshold of its own.
        rf"confirm_above: (?P<before>{_NUMBER_OR_NONE}) → (?P<after>{_NUMBER_OR_NONE})",
        AuditAction.CHANGE_RULE,
        lambda found: {
            "rule": "confirm_above",
            "before": _number(found["before"], NEVER),
            "after": _number(found["after"], NEVER),
        },
    ),
    (
        r"time_zone: (?P<before>\S+) → (?P<after>\S+)",
        AuditAction.CHANGE_RULE,
        lambda found: {"rule": "time_zone", "before": found["before"], "after": found["after"]},
    ),
    (
        r"blocked_reason: (?P<before>.*?) → (?P<after>.*)",
        AuditAction.CHANGE_RULE,
        lambda found: {
            "rule": "blocked_reason",
            "before": None if found["before"] == "None" else found["before"],
            "after": None if found["after"] == "None" else found["after"],
        },
    ),
    (rf"grant: (?P<amount>\d+) to (?P<scope>guild|member) (?P<subject>\d+){_REASON}", AuditAction.GRANT, _grant),
    (
        rf"refund: (?P<amount>\d+) on job (?P<job_id>\w+){_REASON}",
        AuditAction.REFUND,
        lambda found: {"job_id": found["job_id"], "amount": int(found["amount"]), "reason": found["reason"]},
    ),
    (
        rf"correct: job (?P<job_id>\w+) from (?P<before>\d+) to (?P<after>\d+){_REASON}",
        AuditAction.CORRECT,
        lambda found: {
            "job_id": found["job_id"],
            "before": int(found["before"]),
            "after": int(found["after"]),
            "reason": found["reason"],
        },
    ),
    (
        r"queue (?P<switch>paused|draining): (?P<on>on|off)",
        AuditAction.TURN_SWITCH,
        lambda found: {"switch": found["switch"], "on": found["on"] == "on"},
    ),
    (
        r"resolve: job (?P<job_id>\w+): (?P<verdict>found|paid|not_sent)",
        AuditAction.RESOLVE,
        lambda found: {"job_id": found["job_id"], "verdict": found["verdict"]},
    ),
)


def read_noted(words: str) -> tuple[AuditAction, JsonObject] | None:
    """Return the action and the data that an old entry's words tell; None where they are not understood."""
    for pattern, action, read in _READERS:
        if (found := re.fullmatch(pattern, words, re.DOTALL)) is not None:
            return action, read(found.groupdict())
    return None
