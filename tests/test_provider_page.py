"""The page for owners about answers: each answer in its tables is run through the code that reads it."""

import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord_ui.posting.errors import RETRY_AFTER_SECONDS_MAX, FailureKind, failure_kind
from bot.domain.json_value import JsonValue
from bot.domain.links import ADDRESS_CHARACTERS_MAX
from bot.domain.reconcile import LOST_ANSWERS_MAX
from bot.domain.renders import RenderState
from bot.engine.owner_notices import LOW_CREDITS
from bot.engine.timings import EngineTimings
from bot.studio import errors
from bot.studio.failures import refusal_in
from bot.studio.models_file import Card, read_models_file
from bot.studio.protocol import Accepted
from bot.studio.reading.accepted import RENDERS_MAX, read_accepted
from bot.studio.reading.lenient import ID_CHARACTERS_MAX, MESSAGE_CHARACTERS_MAX
from bot.studio.reading.states import STATES, read_state
from bot.studio.retry_after import GET_SECONDS_MAX, POST_SECONDS_MAX
from bot.workers.catalogue import REFRESH_SECONDS
from bot.workers.inputs import WAITED_SECONDS_MAX
from bot.workers.poller import HISTORY_FROM_JOBS
from bot.workers.refusals import PAUSE_SECONDS_MAX, REFUSED_SECONDS_MAX, UNREACHABLE_TOLD_FROM
from bot.workers.result_files import DOWNLOAD_ATTEMPTS_MAX

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "provider.md").read_text()
CODE = re.compile(r"`([^`]*)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def generate_answers() -> list[tuple[int, JsonValue, str]]:
    """Status, body and meaning of each answer to a generate request; the body is None if it is not JSON."""
    found: list[tuple[int, JsonValue, str]] = []
    for answer, meaning, *_ in rows("Answers to a generate request"):
        stated, _, body = answer.partition(" with ")
        parsed: JsonValue = json.loads(CODE.findall(body)[0]) if "`" in body else None
        statuses = [int(status) for status in CODE.findall(stated)]
        found += [
            (status, {} if not body and status == 404 else parsed, CODE.findall(meaning)[0]) for status in statuses
        ]
    return found


def meaning_of(status: int, body: JsonValue) -> str:
    try:
        refusal = refusal_in(status, {}, body, 3605, 0.0)
        return type(read_accepted(body, refusal)).__name__
    except errors.StudioError as error:
        return type(error).__name__


@pytest.mark.parametrize(("status", "body", "meaning"), generate_answers(), ids=str)
def test_an_answer_to_a_generate_request_is_read_as_the_page_says(status: int, body: JsonValue, meaning: str) -> None:
    assert meaning_of(status, body) == meaning


def test_the_page_has_every_meaning_that_an_answer_can_have() -> None:
    named = {CODE.findall(meaning)[0] for _, meaning, *_ in rows("Answers to a generate request")}
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type)} - {"StudioError", "Declined"}
    assert named == kinds | {Accepted.__name__}


def test_the_words_of_a_status_are_read_as_the_page_says() -> None:
    table = rows("Answers about a render")
    for words, meaning, *_ in table:
        for word in CODE.findall(words):
            assert read_state({"status": word})[0].value == CODE.findall(meaning)[0]
    assert read_state({"status": "hovering"}) == (RenderState.UNREADABLE, "hovering")
    assert {CODE.findall(meaning)[0] for _, meaning, *_ in table} == {state.value for state in RenderState} - {
        RenderState.CLAIMED
    }
    assert set(STATES) == set(RenderState) - {RenderState.UNREADABLE, RenderState.CLAIMED}


def test_discords_answers_are_read_as_the_page_says() -> None:
    table = rows("Answers of Discord")
    for answer, meaning, *_ in table:
        for status in CODE.findall(answer):
            response: Any = SimpleNamespace(status=int(status), reason="", headers={})
            kind = failure_kind(discord.HTTPException(response, {"code": 0, "message": "no"}))
            assert kind.name == CODE.findall(meaning)[0], status
    assert {CODE.findall(meaning)[0] for _, meaning, *_ in table} == {kind.name for kind in FailureKind}


def test_the_times_and_numbers_of_the_page_are_those_of_the_code() -> None:
    timings = EngineTimings()
    for words, value, stated in (
        ("tries again every 15 minutes", timings.no_credits_retry_seconds, 900),
        ("at most an hour and 5 seconds", POST_SECONDS_MAX, 3605),
        ("at most 5 minutes", GET_SECONDS_MAX, 300),
        ("if the pause is longer than 10 minutes", PAUSE_SECONDS_MAX, 600),
        ("pauses for a minute", timings.rate_limited_seconds, 60),
        ("pauses for 10 seconds", timings.unreachable_seconds, 10),
        ("counts after 5 minutes", timings.lookup_settled_seconds, 300),
        ("shown for a day", timings.lookup_given_up_seconds, 86_400),
        ("After 3 attempts", LOST_ANSWERS_MAX, 3),
        ("half an hour, an owner decides", timings.lookup_seconds_max, 1800),
        ("about again for 10 minutes", timings.unheard_seconds_max, 600),
        ("more than 6 hours", timings.running_seconds_max, 6 * 3600),
        ("every half an hour", timings.unresolved_ask_seconds, 1800),
        ("less than 500 credits", LOW_CREDITS, 500),
        ("refused for a day", REFUSED_SECONDS_MAX, 86_400),
        ("after 5 tries in a row", UNREACHABLE_TOLD_FROM, 5),
        ("after an hour at most", RETRY_AFTER_SECONDS_MAX, 3600),
        ("is tried 5 times", DOWNLOAD_ATTEMPTS_MAX, 5),
        ("does not answer for 6 hours", WAITED_SECONDS_MAX, 6 * 3600),
        ("at most 16 renders", RENDERS_MAX, 16),
        ("addresses have at most 2,000 characters", ADDRESS_CHARACTERS_MAX, 2000),
        ("100 visible ASCII characters", ID_CHARACTERS_MAX, 100),
        ("messages 500", MESSAGE_CHARACTERS_MAX, 500),
        ("at the start and every 15 minutes", REFRESH_SECONDS, 900),
        ("Three or more jobs are asked about by one history request", HISTORY_FROM_JOBS, 3),
    ):
        assert words in " ".join(PAGE.split()), words
        assert value == stated, words


def test_the_example_of_a_models_file_can_be_used_and_the_page_names_every_field(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    path = tmp_path / "models.toml"
    path.write_text(example)
    assert set(read_models_file(path)) == {"kling_3_0", "old_model"}
    shown = {field for card in tomllib.loads(example)["models"].values() for field in card}
    below = PAGE.split("The other fields are")[1]
    assert shown | (set(CODE.findall(below)) & set(Card.model_fields)) == set(Card.model_fields)
