"""Changes of settings in words, for moderators."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from bot.discord_ui.language.speaking import mark, say, say_many
from bot.discord_ui.views.escaping import escape, excerpt
from bot.discord_ui.views.guild_setting_words import setting_name, value_words
from bot.discord_ui.views.old_audit_words import read_noted
from bot.discord_ui.views.quota_words import (
    amount_words,
    confirm_words,
    jobs_words,
    limit_words,
    subject_words,
    threshold_words,
)
from bot.discord_ui.views.words import NameOf, pair, person, quoted
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.periods import Period
from bot.domain.quota import Limit, Scope

REASON_SHOWN_MAX = 80
"""Characters of a reason that are shown."""
MODEL_SHOWN_MAX = 80
"""Characters of a model's name that are shown."""
STYLE_SHOWN_MAX = 40
"""Characters of a style's name that are shown."""

NO_LIMIT = mark("no limit")
_BUDGETS = {
    Scope.ACCOUNT: mark("budget of all servers together: {before} → {after}"),
    Scope.CEILING: mark("the owner's ceiling: {before} → {after}"),
    Scope.GUILD: mark("budget of the server: {before} → {after}"),
    Scope.DEFAULT: mark("budget of everyone: {before} → {after}"),
    # Translators: {subject} is the mention of a role or a member.
    Scope.ROLE: mark("budget of {subject}: {before} → {after}"),
    Scope.MEMBER: mark("budget of {subject}: {before} → {after}"),
}
_SWITCHES = {"paused": mark("the pause of the queue"), "draining": mark("the stop for new requests")}
_VERDICTS = {
    "found": mark("found at the provider"),
    "paid": mark("charged without a video"),
    "not_sent": mark("never sent"),
}
_STYLE_CHANGES = {
    "added": mark("Style “{style}”: added"),
    "changed": mark("Style “{style}”: changed"),
    "removed": mark("Style “{style}”: removed"),
}


def _channel(channel_id: int | None) -> str:
    return say("not set") if channel_id is None else f"<#{channel_id}>"


def _block(reason: str | None) -> str:
    return say("not blocked") if reason is None else say("blocked “{reason}”", reason=excerpt(reason, REASON_SHOWN_MAX))


RULES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "time_zone": (mark("Time zone"), escape),
    "blocked_reason": (mark("This server"), _block),
    "member_jobs_max": (mark("Jobs of one member at once"), jobs_words),
    "guild_jobs_max": (mark("Jobs of this server at once"), jobs_words),
    "price_max": (mark("Highest price of one request"), amount_words),
    "confirm_above": (mark("Members confirm first"), confirm_words),
    "approval_above": (mark("Moderators approve prices above"), threshold_words),
    "approval_channel_id": (mark("Moderators are asked in"), _channel),
}
"""Field of Rules → its name, and what puts a value of it in words."""


def audit_words(entry: AuditEntry, known_roles: Collection[int], name_of: NameOf = str) -> str:
    """Return what was changed, without who and when.

    Roles that are not in `known_roles` were deleted. `name_of` names models.
    """
    data: Any = entry.data
    match entry.action:
        case AuditAction.SET_LIMIT:
            after = _limit(data, data["after"])
            before = amount_words(data["before"]) if "before" in data else say(NO_LIMIT)
            return _budget(after, known_roles, before, limit_words(after))
        case AuditAction.CLEAR_LIMIT:
            cleared = _limit(data, data["before"])
            return _budget(cleared, known_roles, limit_words(cleared), say(NO_LIMIT))
        case AuditAction.CHANGE_RULE:
            name, in_words = RULES[data["rule"]]
            return pair(say(name), f"{in_words(data['before'])} → {in_words(data['after'])}")
        case AuditAction.CHANGE_SETTING:
            was, becomes = (value_words(data["setting"], data[key], name_of) for key in ("before", "after"))
            return pair(setting_name(data["setting"]), f"{was} → {becomes}")
        case AuditAction.GRANT:
            return _with_reason(_granted(data["amount"], data["member_id"]), data)
        case AuditAction.REFUND:
            refunded = say_many(
                "refunded {count} credit on job `{job}`",
                "refunded {count} credits on job `{job}`",
                data["amount"],
                job=data["job_id"],
            )
            return _with_reason(refunded, data)
        case AuditAction.CORRECT:
            corrected = say(
                "charge of job `{job}`: {before} → {after}",
                job=data["job_id"],
                before=data["before"],
                after=amount_words(data["after"]),
            )
            return _with_reason(corrected, data)
        case AuditAction.TURN_SWITCH:
            switch, position = _SWITCHES[data["switch"]], say("on") if data["on"] else say("off")
            return pair(say(switch), position)
        case AuditAction.RESOLVE:
            verdict = data["verdict"]
            found = say(_VERDICTS[verdict]) if verdict in _VERDICTS else escape(verdict)
            return say("job `{job}`: {verdict}", job=data["job_id"], verdict=found)
        case AuditAction.CHANGE_WORDS:
            return say("Word list: {added} added, {removed} removed", added=data["added"], removed=data["removed"])
        case AuditAction.CHANGE_STYLE:
            words = _STYLE_CHANGES[data["change"]]
            return say(words, style=excerpt(data["style"], STYLE_SHOWN_MAX))
        case AuditAction.BLOCK_MEMBER:
            member = person(data["member_id"])
            if data["ends_at"] is None:
                return _with_reason(say("blocked {member}", member=member), data)
            until = f"<t:{round(data['ends_at'])}:f>"
            return _with_reason(say("blocked {member} until {moment}", member=member, moment=until), data)
        case AuditAction.LIFT_BLOCK:
            return say("{member} may ask for videos again", member=person(data["member_id"]))
        case AuditAction.DELETE_RESULT:
            return say(
                "deleted the reported video of {member}, job `{job}`",
                member=person(data["member_id"]),
                job=data["job_id"],
            )
        case AuditAction.MARK_MODEL:
            where = say("age-restricted channels only") if data["on"] else say("all channels")
            return pair(f"**{excerpt(name_of(data['model']), MODEL_SHOWN_MAX)}**", where)
        case AuditAction.NOTED:
            understood = read_noted(data["words"])
            if understood is None:
                return excerpt(data["words"], 100)
            action, read = understood
            return audit_words(replace(entry, action=action, data=read), known_roles, name_of)


def _budget(limit: Limit, known_roles: Collection[int], before: str, after: str) -> str:
    """Return a change of a budget. The id of a role that was deleted says nothing to anybody."""
    if limit.scope is Scope.ROLE and limit.subject_id not in known_roles:
        return say("budget of a deleted role: {before} → {after}", before=before, after=after)
    words, subject = _BUDGETS[limit.scope], subject_words(limit, known_roles)
    return say(words, subject=subject, before=before, after=after)


def _granted(amount: int, member_id: int | None) -> str:
    if member_id is None:
        return say_many("granted {count} credit to the server", "granted {count} credits to the server", amount)
    return say_many(
        "granted {count} credit to {member}", "granted {count} credits to {member}", amount, member=person(member_id)
    )


def actor_words(actor_id: int) -> str:
    """Return who made a change."""
    return person(actor_id)


def _limit(data: Any, amount: int | None) -> Limit:
    return Limit(Scope(data["scope"]), data["subject_id"], Period(data["period"]), amount)


def _with_reason(words: str, data: Any) -> str:
    return f"{words} {quoted(excerpt(data['reason'], REASON_SHOWN_MAX))}" if data["reason"] else words
