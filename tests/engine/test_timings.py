"""The engine's waits, shortened for a provider that renders faster than a real one."""

from bot.engine.timings import EngineTimings

ANSWER_TAKEN_SECONDS = 3.0
"""Seconds for which Discord takes an answer to an interaction."""


def test_all_waits_are_shortened_alike_but_no_worker_posts_a_card_while_its_answer_may_still_come() -> None:
    usual, short = EngineTimings(), EngineTimings().scaled(0.01)
    assert short.lease_seconds == usual.lease_seconds * 0.01
    assert short.answer_seconds > ANSWER_TAKEN_SECONDS
