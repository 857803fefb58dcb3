"""What the engine keeps with a job in English is known to the views, which say it in the reader's language."""

import ast
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel import Locale

from bot.discord_ui.language.speaking import Language, speaking
from bot.discord_ui.views.reason_words import EVENTS, REASONS, event_words, reason_words
from bot.domain.outcome import NO_REASON
from bot.engine.approval import REASONS as DECIDED
from bot.studio import errors
from bot.studio.failures import PLAIN_WORDS
from bot.workers.inputs import GONE
from bot.workers.reconciliation import NEVER_MADE

ROOT = Path(__file__).resolve().parents[3]
FOR_THE_OWNERS = {errors.Interrupted, errors.Unreachable, errors.BadAnswer}
"""Errors after which a job is looked up or sent again: no member reads them."""


class Shouting(NullTranslations):
    """Translates into capitals."""

    def gettext(self, message: str) -> str:
        return message.upper()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return (msgid1 if n == 1 else msgid2).replace("the provider kept", "THE PROVIDER KEPT")


def written(function: str) -> set[str]:
    """Return the literal texts that calls of a function below `bot/` are given."""
    found: set[str] = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == function:
                constants = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                found |= {value for value in constants if isinstance(value, str)}
    return found


def test_every_reason_of_the_engine_is_known() -> None:
    plain = {words for kind, words in PLAIN_WORDS.items() if kind not in FOR_THE_OWNERS}
    reasons = {NO_REASON, NEVER_MADE, GONE, *DECIDED.values(), *plain}
    assert reasons | written("Outcome") | written("failed") <= REASONS


def test_every_event_of_an_ended_job_is_known() -> None:
    assert written("add_event") - {"accepted"} <= EVENTS


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (NO_REASON, "THE PROVIDER GAVE NO REASON"),
        ("The provider refused the request (HTTP 422)", "THE PROVIDER REFUSED THE REQUEST (HTTP 422)"),
        ("Your prompt was refused", "Your prompt was refused"),
        (f"too dark; {NO_REASON}", "too dark; THE PROVIDER GAVE NO REASON"),
        (
            f"{NO_REASON} (the provider kept 1,200 credits for it)",
            "THE PROVIDER GAVE NO REASON (THE PROVIDER KEPT 1,200 credits for it)",
        ),
    ],
)
def test_only_what_the_engine_says_is_translated(reason: str, words: str) -> None:
    with speaking(Language(Locale("en", "GB"), Shouting())):
        assert reason_words(reason, 200) == words
    assert reason_words(reason, 200) == reason


def test_what_became_of_a_result_is_translated() -> None:
    with speaking(Language(Locale("en", "GB"), Shouting())):
        assert event_words("the channel of the result is gone", 200) == "THE CHANNEL OF THE RESULT IS GONE"
        assert event_words("an odd event", 200) == "an odd event"
