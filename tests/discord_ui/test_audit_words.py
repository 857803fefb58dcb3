"""Changes of settings as moderators read them: every action and every rule, and no name from the code."""

from dataclasses import fields

import pytest

from bot.discord_ui.views.audit_words import audit_words
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.json_value import JsonObject
from bot.domain.quota import Rules

LIMIT: JsonObject = {"scope": "role", "subject_id": 9, "period": "day"}
JOB = "abcdefghjkmn"

CASES: list[tuple[AuditAction, JsonObject, str]] = [
    (AuditAction.SET_LIMIT, LIMIT | {"after": 50}, "budget of <@&9>: no limit → 50 credits a day"),
    (AuditAction.SET_LIMIT, LIMIT | {"before": None, "after": 1}, "budget of <@&9>: unlimited → 1 credit a day"),
    (AuditAction.CLEAR_LIMIT, LIMIT | {"before": 1200}, "budget of <@&9>: 1,200 credits a day → no limit"),
    (
        AuditAction.GRANT,
        {"member_id": 7, "amount": 5, "reason": "a *prize*"},
        "granted 5 credits to <@7> “a \\*prize\\*”",
    ),
    (AuditAction.GRANT, {"member_id": None, "amount": 5, "reason": ""}, "granted 5 credits to the server"),
    (AuditAction.REFUND, {"job_id": JOB, "amount": 5, "reason": "bad"}, f"refunded 5 credits on job `{JOB}` “bad”"),
    (
        AuditAction.CORRECT,
        {"job_id": JOB, "before": 1000, "after": 5, "reason": None},
        f"charge of job `{JOB}`: 1,000 → 5 credits",
    ),
    (
        AuditAction.CHANGE_SETTING,
        {"setting": "default_model", "before": None, "after": "veo*31"},
        "Default model: none, members choose → veo\\*31",
    ),
    (AuditAction.CHANGE_SETTING, {"setting": "of_tomorrow", "before": 1, "after": [2]}, "`of_tomorrow`: `1` → `[2]`"),
    (AuditAction.CHANGE_WORDS, {"added": 2, "removed": 1}, "Word list: 2 added, 1 removed"),
    (AuditAction.CHANGE_STYLE, {"style": "*Noir*", "change": "added"}, "Style “\\*Noir\\*”: added"),
    (AuditAction.CHANGE_STYLE, {"style": "Noir", "change": "changed"}, "Style “Noir”: changed"),
    (AuditAction.CHANGE_STYLE, {"style": "Noir", "change": "removed"}, "Style “Noir”: removed"),
    (AuditAction.BLOCK_MEMBER, {"member_id": 7, "reason": "spam", "ends_at": None}, "blocked <@7> “spam”"),
    (AuditAction.BLOCK_MEMBER, {"member_id": 7, "reason": "", "ends_at": 9.0}, "blocked <@7> until <t:9:f>"),
    (AuditAction.LIFT_BLOCK, {"member_id": 7}, "<@7> may ask for videos again"),
    (AuditAction.DELETE_RESULT, {"job_id": JOB, "member_id": 7}, f"deleted the reported video of <@7>, job `{JOB}`"),
    (AuditAction.MARK_MODEL, {"model": "veo", "on": True}, "**veo**: age-restricted channels only"),
    (AuditAction.TURN_SWITCH, {"switch": "paused", "on": True}, "the pause of the queue: on"),
    (AuditAction.RESOLVE, {"job_id": JOB, "verdict": "not_sent"}, f"job `{JOB}`: never sent"),
    (AuditAction.NOTED, {"words": "something of *old*"}, "something of \\*old\\*"),
]

OLD: list[tuple[str, str]] = [
    ("set limit: role <@&9>: no limit → unlimited a month", "budget of <@&9>: no limit → unlimited credits a month"),
    (
        "set limit: role <@&8>: 50 credits → 1,200 credits a week",
        "budget of a deleted role: 50 credits → 1,200 credits a week",
    ),
    ("set limit: member <@7>: unlimited → 1 credit a day", "budget of <@7>: unlimited → 1 credit a day"),
    ("set limit: default: no limit → 50 credits a day", "budget of everyone: no limit → 50 credits a day"),
    (
        "set limit: ceiling: 5 credits → 6 credits a month",
        "the owner's ceiling: 5 credits → 6 credits a month",
    ),
    ("clear limit: guild: 5,000 credits a month → no limit", "budget of the server: 5,000 credits a month → no limit"),
    ("confirm_above: None → 20", "Members confirm first: nothing → prices above 20 credits"),
    ("price_max: 80 → None", "Highest price of one request: 80 credits → unlimited"),
    ("approval_channel_id: None → 1401", "Moderators are asked in: not set → <#1401>"),
    ("member_jobs_max: 10 → 1", "Jobs of one member at once: 10 → 1"),
    ("time_zone: UTC → Europe/Berlin", "Time zone: UTC → Europe/Berlin"),
    ("blocked_reason: None → not → paid", "This server: not blocked → blocked “not → paid”"),
    (
        "grant: 100 to member 1150000000000000001: won the contest",
        "granted 100 credits to <@1150000000000000001> “won the contest”",
    ),
    ("grant: 1 to guild 0: for: all", "granted 1 credit to the server “for: all”"),
    (f"refund: 30 on job {JOB}: blurred", f"refunded 30 credits on job `{JOB}` “blurred”"),
    (f"correct: job {JOB} from 100 to 1: page", f"charge of job `{JOB}`: 100 → 1 credit “page”"),
    ("queue paused: on", "the pause of the queue: on"),
    (f"resolve: job {JOB}: not_sent", f"job `{JOB}`: never sent"),
]
"""What the log said in words before it was kept as data, and how it reads today."""


@pytest.mark.parametrize(("action", "data", "words"), CASES)
def test_a_change_is_told_in_words(action: AuditAction, data: JsonObject, words: str) -> None:
    assert audit_words(AuditEntry(1, action, data, 0.0), known_roles={9}) == words


@pytest.mark.parametrize(("noted", "words"), OLD)
def test_an_old_entry_reads_like_a_new_one(noted: str, words: str) -> None:
    assert audit_words(AuditEntry(1, AuditAction.NOTED, {"words": noted}, 0.0), known_roles={9}) == words


def test_every_action_has_words() -> None:
    assert {action for action, _, _ in CASES} | {AuditAction.CHANGE_RULE} == set(AuditAction)


@pytest.mark.parametrize("rule", [field.name for field in fields(Rules)])
def test_every_rule_has_a_name_and_its_values_have_words(rule: str) -> None:
    before, after = ("UTC", "Asia/Tokyo") if rule == "time_zone" else (None, "spam" if rule == "blocked_reason" else 40)
    words = audit_words(
        AuditEntry(1, AuditAction.CHANGE_RULE, {"rule": rule, "before": before, "after": after}, 0.0), known_roles=()
    )
    assert rule not in words
    assert "None" not in words
