"""The audit log as data: who changed which setting, from what to what. The words are `bot.discord_ui`'s."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.json_value import JsonObject

THE_BOT = 0
"""The actor of a change that the bot made by itself."""

BLOCKED_REASON = "blocked_reason"
"""The one rule of a guild whose value is somebody's words."""


class AuditAction(StrEnum):
    """What was changed. Each member names the keys of its data; amounts are credits, and None is "unlimited"."""

    SET_LIMIT = "set_limit"
    """`scope`, `subject_id`, `period`, `after`, and `before` unless none was stated."""
    CLEAR_LIMIT = "clear_limit"
    """`scope`, `subject_id`, `period`, `before`."""
    CHANGE_RULE = "change_rule"
    """`rule` is a field of Rules; `before` and `after` are its values."""
    CHANGE_SETTING = "change_setting"
    """`setting` is a GuildSetting; `before` and `after` are its values as they are stored."""
    GRANT = "grant"
    """`member_id` (None: the guild), `amount`, `reason`."""
    REFUND = "refund"
    """`job_id`, `amount`, `reason`."""
    CORRECT = "correct"
    """`job_id`, `before` and `after`: the charge in credits; `reason`."""
    TURN_SWITCH = "turn_switch"
    """`switch` is a Switch; `on`."""
    CHANGE_WORDS = "change_words"
    """`added` and `removed`: how many entries of the word list."""
    CHANGE_STYLE = "change_style"
    """`style`: its name; `change`: "added", "changed" or "removed"."""
    BLOCK_MEMBER = "block_member"
    """`member_id`, `reason`, `ends_at` in seconds since the epoch, or None."""
    LIFT_BLOCK = "lift_block"
    """`member_id`: the block or pause was ended."""
    DELETE_RESULT = "delete_result"
    """`job_id`, `member_id`: a reported result was deleted for good."""
    MARK_MODEL = "mark_model"
    """`model` is a slug; `on`: whether it is kept to age-restricted channels."""
    RESOLVE = "resolve"
    """`job_id`, and the owner's `verdict`."""
    NOTED = "noted"
    """`words`: a change from before the log was kept as data."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change. `created_at` is in seconds since the epoch."""

    actor_id: int
    action: AuditAction
    data: JsonObject
    created_at: float


def without_person(data: JsonObject, person_id: int, pseudonym: int) -> JsonObject:
    """Return the data of an entry about a person without them, and without the words that were written about them."""
    people = {name: pseudonym for name in ("member_id", "subject_id") if data.get(name) == person_id}
    words = {name: "" for name in ("reason", "words", "style") if isinstance(data.get(name), str)}
    return {**data, **people, **words}


def without_reasons(data: JsonObject, reasons: Collection[str]) -> JsonObject:
    """Return the data of a change of BLOCKED_REASON without some of the reasons."""
    return {**data, **{name: "" for name in ("before", "after") if data.get(name) in reasons}}


def without_words(action: AuditAction, data: JsonObject) -> JsonObject:
    """Return the data of an entry without anything that people wrote."""
    gone = ["reason", "words", "style"]
    if action is AuditAction.CHANGE_SETTING or data.get("rule") == BLOCKED_REASON:
        gone += ["before", "after"]
    return {**data, **{name: "" for name in gone if data.get(name) is not None}}
