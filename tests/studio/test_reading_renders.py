"""History and status answers in many shapes."""

from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.renders import RenderReport, RenderState
from bot.studio.errors import BadAnswer, BadRequest, ServerError
from bot.studio.reading.addresses import read_address
from bot.studio.reading.history import read_history
from bot.studio.reading.render import read_render, read_status
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
        *((word, RenderState.COMPLETED) for word in ("done", "success", "Succeeded", "finished", "ready", "OK")),
        *((word, RenderState.FAILED) for word in ("error", "timeout", "rejected", "Cancelled", "expired", "timed-out")),
        *((word, RenderState.PENDING) for word in ("queued", "In Queue", "waiting", "submitted")),
        *((word, RenderState.PROCESSING) for word in ("in-progress", "inProgress", "running", "transcoding")),
        ({"code": "completed", "label": "All done"}, RenderState.COMPLETED),
        ("hovering", RenderState.UNREADABLE),
        (None, RenderState.UNREADABLE),
        (3, RenderState.UNREADABLE),
    ],
)
def test_a_state_that_is_not_known_settles_nothing(stated: Any, state: RenderState) -> None:
    report = read_status({"job": {"job_id": "a", "status": stated}}, "a")
    assert report.state is state
    assert report.unknown_status == (None if stated is None or state is not RenderState.UNREADABLE else str(stated))


def test_an_unknown_word_is_told_in_one_short_line() -> None:
    report = read_status({"job": {"job_id": "a", "status": "very\n" * 500 + "\x00odd"}}, "a")
    assert report.unknown_status is not None
    assert len(report.unknown_status) <= 60
    assert report.unknown_status.isprintable()


def test_an_address_means_completed_although_the_word_is_unknown() -> None:
    stated: dict[str, Any] = {"job_id": "a", "status": "hovering", "video_url": "https://m.example/1.mp4"}
    report = read_status({"job": stated}, "a")
    assert (report.state, report.unknown_status) == (RenderState.COMPLETED, "hovering")
    # A link that may be anything, or a state that says otherwise, is not believed.
    assert read_status({"job": {**stated, "video_url": None, "url": "https://m.example/jobs/a"}}, "a").state is (
        RenderState.UNREADABLE
    )
    assert read_status({"job": {**stated, "status": "processing"}}, "a").state is RenderState.PROCESSING


def test_a_specific_word_counts_more_than_one_that_the_answer_says_of_itself() -> None:
    report = read_status({"status": "success", "job_id": "a", "job_status": "processing"}, "a")
    assert report.state is RenderState.PROCESSING


REFUSED = BadRequest("refused")


def test_a_failure_that_is_told_as_a_refusal_is_an_end() -> None:
    answer: dict[str, Any] = {"success": False, "job_id": "a", "status": "failed"}
    answer |= {"error_message": "NSFW", "credits_refunded": True}
    report = read_status(answer, "a", refusal=REFUSED)
    assert (report.state, report.error_message, report.credits_refunded) == (RenderState.FAILED, "NSFW", True)
    del answer["job_id"]
    assert read_status(answer, "a", refusal=REFUSED).state is RenderState.FAILED


def test_a_failure_of_the_server_says_nothing_about_the_render() -> None:
    with pytest.raises(ServerError):
        read_status({"job_id": "a", "status": "failed", "error": "Internal"}, "a", refusal=ServerError("Internal", 500))


@pytest.mark.parametrize(
    "answer",
    [
        {"success": False, "status": "error", "error": "Try again later"},
        {"success": False, "job_id": "a", "error": "Database is busy"},
        {"success": False, "job_id": "b", "status": "failed", "error_message": "NSFW"},
        {"success": False, "job_id": "a", "status": "processing"},
    ],
)
def test_a_refusal_that_does_not_tell_the_end_of_the_render_stays_a_refusal(answer: Any) -> None:
    with pytest.raises(BadRequest):
        read_status(answer, "a", refusal=REFUSED)


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
        ("error_message", "bad \x00 byte\ud800\n\u202etxt", "error_message", "bad byte txt"),
        ("error_message", "x" * 1_000_000, "error_message", "x" * 500),
        ("model_slug", "m" * 500, "model_slug", "m" * 200),
        ("prompt", "a fox\x00\n\nin snow", "prompt", "a fox\n\nin snow"),
        ("created_at", "Fri, 20 Feb 2026 12:40:01 GMT", "created_at", 1771591201.0),
        ("created_at", "2026-02-20T07:40:01-05:00", "created_at", 1771591201.0),
        ("created_at", "0001-01-01T00:00:00", "created_at", None),
        ("prompt", ["odd"], "prompt", None),
        ("model_slug", {"x": 1}, "model_slug", None),
    ],
)
def test_one_odd_field_does_not_cost_the_report(name: str, value: Any, fact: str, expected: Any) -> None:
    report = read_status({"job": {**DONE, name: value}}, "8990f846")
    assert getattr(report, fact) == expected
    assert report.state is RenderState.COMPLETED


MP4 = "https://m.example/1.mp4"


@pytest.mark.parametrize(
    "stated",
    [
        {"result_urls": [], "video_url": MP4},
        {"result_urls": None, "url": MP4},
        {"result_url": MP4},
        {"output": {"url": MP4}},
        {"output": [{"type": "video", "url": MP4}]},
        {"videos": [{"src": MP4, "width": 1280}]},
        {"result": {"videos": [{"url": {"href": MP4}}]}},
        {"results": {"video_url": MP4, "thumbnail_url": "https://m.example/1.jpg"}},
        {"data": {"result_urls": [MP4]}},
        {"result_urls": '["https://m.example/1.mp4"]'},
        {"result_urls": ["/1.mp4"]},
        {"result_urls": ["1.mp4", "//m.example/1.mp4"]},
        {"url": "https://m.example/api/v1/video-studio/status/a/", "video_url": "//m.example/1.mp4"},
        {"result_urls": [MP4, MP4]},
    ],
)
def test_results_are_found_under_every_name(stated: dict[str, Any]) -> None:
    report = read_status({"job": {"job_id": "a", "status": "completed", **stated}}, "a", "https://m.example")
    assert report.result_urls == (MP4,)


def test_a_page_about_a_render_is_its_result_only_where_nothing_better_is_told() -> None:
    page = "https://m.example/videos/a"
    stated: dict[str, Any] = {"job_id": "a", "status": "completed", "url": page}
    assert read_status({"job": stated}, "a").result_urls == (page,)
    assert read_history([stated]).reports[0].result_urls == ()
    assert read_history([stated], any_link=True).reports[0].result_urls == (page,)
    assert read_history([{**stated, "links": [MP4]}]).reports[0].result_urls == (MP4,)


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://m.example/a b.mp4", "https://m.example/a%20b.mp4"),
        ("https://m.example/\x00<x>.mp4", "https://m.example/%00%3Cx%3E.mp4"),
        ("https://m.example/1.mp4\n**[Log in](https://evil.example)**",
         "https://m.example/1.mp4%0A**%5BLog%20in%5D(https://evil.example)**"),
        ("https://m.example/ü.mp4?sig=a%2Fb&x=100%", "https://m.example/%C3%BC.mp4?sig=a%2Fb&x=100%25"),
        ("https://user@m.example/1.mp4", None),
        ("https:///1.mp4", None),
        ("https://m.example:99999999/1.mp4", None),
        ("ftp://m.example/1.mp4", None),
        ("https://m.example/" + "a" * 2000, None),
        ("\ud800", None),
    ],
)  # fmt: skip
def test_addresses_hold_nothing_but_what_an_address_may_hold(address: str, read: str | None) -> None:
    assert read_address(address, "https://base.example") == read


def test_a_render_has_a_bounded_number_of_results() -> None:
    urls: list[Any] = [f"https://m.example/{number}.mp4" for number in range(1000)]
    assert read_status({"job": {**DONE, "result_urls": urls}}, "8990f846").result_urls == tuple(urls[:16])


def test_what_was_asked_for_is_read_wherever_the_history_tells_it() -> None:
    plain: dict[str, Any] = {"aspect_ratio": "9:16", "duration_seconds": 5, "quality_mode": "std", "sound": True}
    other: dict[str, Any] = {"params": {"ratio": "9:16", "duration": "5s", "quality": "std", "audio": "on"}}
    for stated in (plain, {"request": plain}, other):
        (report,) = read_history([{**DONE, **stated}]).reports
        assert (report.aspect_ratio, report.duration, report.quality, report.sound) == ("9:16", 5, "std", True)
    documented = {**DONE, "provider_meta": {"effective_duration_seconds": 5, "quality_mode": "std"}}
    report = read_status({"job": documented}, "8990f846")
    assert (report.duration, report.quality, report.sound) == (5, "std", None)


@pytest.mark.parametrize("odd", ["x" * 120, "a b", "a\x00b", "", "ü", "x\ud800", {"id": 1}, None])
def test_a_render_with_an_odd_id_costs_only_itself(odd: Any) -> None:
    history = read_history({"jobs": [DONE, {**FAILED, "job_id": odd}]})
    assert [report.remote_id for report in history.reports] == ["8990f846"]
    assert history.skipped == 1


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


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ({"provider_meta": {"last_frame_url": "https://m.example/l.png"}}, "https://m.example/l.png"),
        ({"result": {"last_frame": {"url": "https://m.example/l.png"}}}, "https://m.example/l.png"),
        ({"returned_last_frame_url": "/l.png"}, "https://base.example/l.png"),
        ({"last_frame_url": "https://m.example/given.png"}, None),
        (
            {
                "last_frame_url": "https://m.example/l.png",
                "provider_meta": {"last_frame_url": "https://m.example/l.png"},
            },
            None,
        ),
        ({"provider_meta": {"last_frame_url": 7}}, None),
        ({}, None),
    ],
)
def test_a_last_frame_that_was_given_back_is_told_from_one_that_was_sent(
    stated: dict[str, Any], found: str | None
) -> None:
    render = {"job_id": "r", "status": "completed", "result_urls": ["https://m.example/v.mp4"], **stated}
    report = read_render(render, "r", "https://base.example")
    assert report.last_frame_url == found
    assert report.result_urls == ("https://m.example/v.mp4",)
