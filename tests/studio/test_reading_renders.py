"""History and status answers in many shapes."""

from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.renders import RenderReport, RenderState
from bot.studio.errors import BadAnswer
from bot.studio.reading.history import read_history
from bot.studio.reading.render import read_status
from sandbox.studio.shapes import HistoryShape, history_answer

DONE: dict[str, Any] = {
    "job_id": "8990f846",
    "model_slug": "kling_3_0",
    "status": "completed",
    "prompt": "a fox",
    "result_urls": ["https://media.example/a,b.mp4"],
    "credits_charged": 100,
    "input_image_urls": ["https://cdn.example/1.png"],
    "created_at": "2026-02-20T12:40:01.123456+00:00",
    "completed_at": "2026-02-20T12:41:22.948211+00:00",
}
FAILED: dict[str, Any] = {"job_id": 17, "status": "failed", "error_message": "Too dark", "credits_refunded": "true"}
ROWS = [DONE, FAILED]
REPORTS = (
    RenderReport(
        "8990f846", RenderState.COMPLETED, ("https://media.example/a,b.mp4",), 100, None, None, "kling_3_0", "a fox",
        ("https://cdn.example/1.png",), 1771591201.123456, 1771591282.948211,
    ),
    RenderReport("17", RenderState.FAILED, credits_refunded=True, error_message="Too dark"),
)  # fmt: skip


@pytest.mark.parametrize("shape", get_args(HistoryShape))
def test_the_shape_of_a_history_does_not_matter(shape: HistoryShape) -> None:
    history = read_history(history_answer(ROWS, shape, total=2, limit=20, offset=0))
    assert history.readable
    assert history.skipped == 0
    assert [(report.remote_id, report.state) for report in history.reports] == [
        ("8990f846", RenderState.COMPLETED),
        ("17", RenderState.FAILED),
    ]
    if shape != "without_prompt":
        assert history.reports == REPORTS


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "data": {"page": {"renders": ROWS}}},
        {"jobs": {"8990f846": {k: v for k, v in DONE.items() if k != "job_id"}, "17": FAILED}},
        {"running": [FAILED], "finished": [DONE]},
        [{"type": "video", "job": row} for row in ROWS],
        {"success": True, "jobs": [*ROWS, *ROWS]},
    ],
    ids=["deep", "by id", "grouped", "wrapped entries", "repeated"],
)
def test_renders_are_found_wherever_they_stand(answer: Any) -> None:
    history = read_history(answer)
    assert history.readable
    assert sorted(history.reports, key=lambda report: report.remote_id) == sorted(
        REPORTS, key=lambda report: report.remote_id
    )


@pytest.mark.parametrize(
    "answer",
    [None, 7, "text", {}, {"success": True}, {"jobs": "none"}, {"warnings": []}, {"ok": "maybe", "result": [1]}],
)
def test_an_answer_without_a_list_of_renders_is_no_evidence_of_absence(answer: Any) -> None:
    history = read_history(answer)
    assert (history.reports, history.readable) == ((), False)


@pytest.mark.parametrize("answer", [[], {"success": True, "jobs": []}, {"data": {"items": [], "total": 0}}])
def test_an_empty_history_is_readable(answer: Any) -> None:
    history = read_history(answer)
    assert (history.reports, history.readable) == ((), True)


def test_an_entry_that_cannot_be_read_is_counted_and_the_rest_is_kept() -> None:
    history = read_history({"jobs": [DONE, None, {"status": "completed"}, "x", FAILED]})
    assert [report.remote_id for report in history.reports] == ["8990f846", "17"]
    assert history.skipped == 3


def test_a_list_about_something_else_does_not_count_as_unreadable_renders() -> None:
    assert read_history({"jobs": [DONE], "warnings": ["slow today"]}).skipped == 0


@pytest.mark.parametrize(
    ("stated", "state"),
    [
        ("pending", RenderState.PENDING),
        ("Processing", RenderState.PROCESSING),
        ("in progress", RenderState.PROCESSING),
        ("COMPLETED", RenderState.COMPLETED),
        ("failed", RenderState.FAILED),
        ("success", RenderState.UNREADABLE),
        ("transcoding", RenderState.UNREADABLE),
        (None, RenderState.UNREADABLE),
        (3, RenderState.UNREADABLE),
    ],
)
def test_a_state_that_is_not_known_settles_nothing(stated: Any, state: RenderState) -> None:
    assert read_status({"job": {"job_id": "a", "status": stated}}, "a").state is state


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "job": DONE},
        DONE,
        {"data": DONE},
        {"status": "success", "data": {k: v for k, v in DONE.items() if k != "job_id"}},
        {"success": True, "job": {**{k: v for k, v in DONE.items() if k != "job_id"}, "id": 99}},
        {"results": [FAILED, DONE]},
    ],
    ids=["documented", "bare", "other key", "envelope with a status", "another id of its own", "one of several"],
)
def test_a_status_is_found_wherever_it_stands(answer: Any) -> None:
    assert read_status(answer, "8990f846") == REPORTS[0]


@pytest.mark.parametrize("answer", [None, [], {}, {"success": True}, {"job": FAILED}, {"job": "8990f846"}])
def test_a_status_of_nothing_or_of_another_render_cannot_be_read(answer: Any) -> None:
    with pytest.raises(BadAnswer):
        read_status(answer, "8990f846")


@pytest.mark.parametrize(
    ("name", "value", "fact", "expected"),
    [
        ("credits_charged", "n/a", "credits_charged", None),
        ("credits_charged", 99.5, "credits_charged", 100),
        ("credits_charged", 10**30, "credits_charged", None),
        ("credits_refunded", "perhaps", "credits_refunded", None),
        ("created_at", "yesterday", "created_at", None),
        ("created_at", "2026-02-20T12:40:01", "created_at", 1771591201.0),
        ("created_at", 1771591201, "created_at", 1771591201.0),
        ("created_at", 1771591201000, "created_at", 1771591201.0),
        ("created_at", 10**400, "created_at", None),
        ("result_urls", "https://media.example/a,b.mp4", "result_urls", ("https://media.example/a,b.mp4",)),
        ("result_urls", [{"url": "https://m.example/1.mp4"}, None, "x"], "result_urls", ("https://m.example/1.mp4",)),
        ("result_urls", ["javascript:alert(1)"], "result_urls", ()),
        ("prompt", ["odd"], "prompt", None),
        ("model_slug", {"x": 1}, "model_slug", None),
    ],
)
def test_one_odd_field_does_not_cost_the_report(name: str, value: Any, fact: str, expected: Any) -> None:
    report = read_status({"job": {**DONE, name: value}}, "8990f846")
    assert getattr(report, fact) == expected
    assert report.state is RenderState.COMPLETED


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*DONE, "jobs", "id"]), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(anything)
def test_no_answer_whatsoever_breaks_the_reader(answer: Any) -> None:
    history = read_history(answer)
    assert history.readable or not history.reports
    with suppress(BadAnswer):
        assert read_status(answer, "a").remote_id == "a"
