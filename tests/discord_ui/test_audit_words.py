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
    (AuditAction.SET_LIMIT, LIMIT | {"after": 50}, "budget of <@&9>: none → 50 credits a day"),
    (AuditAction.SET_LIMIT, LIMIT | {"before": None, "after": 1}, "budget of <@&9>: unlimited → 1 credit a day"),
    (AuditAction.CLEAR_LIMIT, LIMIT | {"before": 1200}, "budget of <@&9>: 1,200 credits a day → none"),
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
    (AuditAction.TURN_SWITCH, {"switch": "paused", "on": True}, "the pause of the queue: on"),
    (AuditAction.RESOLVE, {"job_id": JOB, "verdict": "not_sent"}, f"job `{JOB}`: never sent"),
    (AuditAction.NOTED, {"words": "queue paused: on"}, "queue paused: on"),
]


@pytest.mark.parametrize(("action", "data", "words"), CASES)
def test_a_change_is_told_in_words(action: AuditAction, data: JsonObject, words: str) -> None:
    assert audit_words(AuditEntry(1, action, data, 0.0), known_roles={9}) == words


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
