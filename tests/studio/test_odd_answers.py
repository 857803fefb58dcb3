"""Answers as no page describes them: every one becomes a value or an error of the tree."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from email.utils import formatdate

import aiohttp
import pydantic
import pytest
from aiohttp import client_exceptions, web

from bot.studio import errors, http
from bot.studio.client import StudioClient
from bot.studio.failures import failure_of
from tests.studio.conftest import KEY, NOW, OddServer

OK = json.dumps({"success": True, "job_ids": ["a"]})


async def failure(odd: OddServer) -> errors.StudioError:
    with pytest.raises(errors.StudioError) as caught:
        await odd.client.generate({"model_slug": "m"})
    return caught.value


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff\xfe", b'{"job_ids": ["a"', b"[" * 100_000, b"1" * 5000, b'{"job_ids": NaN}', b"null", b"7",
     b'"text"', b"[]", b"{}", b'{"job_ids": []}', b'{"job_ids": [null, {}, true]}', b'{"job_ids": {"a": 1}}'],
)  # fmt: skip
async def test_an_answer_without_an_id_cannot_be_read(odd: OddServer, body: bytes) -> None:
    odd.answers(body)
    error = await failure(odd)
    assert isinstance(error, errors.BadAnswer)
    assert error.sent is True


@pytest.mark.parametrize(
    ("body", "ids", "credits"),
    [
        ({"success": True, "job_ids": ["a", 7, "a"], "credits_remaining_total": "438"}, ("a", "7"), 438),
        ({"success": "true", "job_id": 12, "credits_remaining": 3.0}, ("12",), 3),
        ({"success": True, "data": {"generation_id": "g", "credits_remaining": 5}}, ("g",), 5),
        ({"jobs": [{"job_id": "a", "status": "pending"}, {"id": "b"}]}, ("a", "b"), None),
        ({"success": True, "job_ids": "a", "extra": {"deep": [1]}}, ("a",), None),
        ([{"job_id": "a"}], ("a",), None),
    ],
)
async def test_ids_are_found_however_they_are_given(
    odd: OddServer, body: object, ids: tuple[str, ...], credits: int | None
) -> None:
    odd.answers(json.dumps(body))
    accepted = await odd.client.generate({"model_slug": "m"})
    assert (accepted.job_ids, accepted.credits_remaining) == (ids, credits)


async def test_a_refusal_under_status_200_is_a_refusal(odd: OddServer) -> None:
    odd.answers(json.dumps({"success": False, "error": "Invalid duration for this model"}))
    refused = await failure(odd)
    assert isinstance(refused, errors.BadRequest)
    assert refused.message == "Invalid duration for this model"
    odd.answers(json.dumps({"success": False, "error": "No", "credits_required": 220, "credits_available": 94}))
    poor = await failure(odd)
    assert isinstance(poor, errors.OutOfCredits)
    assert (poor.required, poor.available) == (220, 94)


POOR = {"success": False, "error": "Insufficient credits", "credits_required": 220, "credits_available": 94}


@pytest.mark.parametrize("status", [200, 400, 402, 403, 409, 422])
async def test_missing_credits_are_known_by_the_body_under_every_status(odd: OddServer, status: int) -> None:
    bodies = [
        POOR,
        {key: value for key, value in POOR.items() if key != "success"},
        {"success": False, "error": {"code": "insufficient_credits", "credits_required": 220, "credits_available": 94}},
        {"success": False, "error": "Not enough credits: 220 required, 94 available"},
        {"success": False, "error": "Insufficient credits. Required: 220, available: 94"},
    ]
    for body in bodies:
        odd.answers(json.dumps(body), status)
        poor = await failure(odd)
        assert isinstance(poor, errors.OutOfCredits), body
        assert (poor.required, poor.available) == (220, 94)
    odd.answers(json.dumps({"success": False, "error": "You have no purchased credits"}), status)
    assert isinstance(await failure(odd), errors.OutOfCredits)


@pytest.mark.parametrize("status", [200, 400, 401, 403])
@pytest.mark.parametrize(
    "said",
    ["Invalid API key", "Missing or invalid api key.", "API key is not valid", "Invalid token.", "Unauthorized",
     "Authentication credentials were not provided.", "The API key has been revoked"],
)  # fmt: skip
async def test_a_wrong_key_is_known_by_the_words(odd: OddServer, status: int, said: str) -> None:
    odd.answers(json.dumps({"success": False, "error": said}), status)
    assert isinstance(await failure(odd), errors.Unauthorized)


@pytest.mark.parametrize("status", [200, 400, 403, 429])
async def test_a_rate_limit_is_known_by_the_words(odd: OddServer, status: int) -> None:
    for said in ("Rate limit exceeded, try again in 2 minutes", "Too many requests. Retry after 120 s"):
        odd.answers(json.dumps({"success": False, "error": said}), status)
        limited = await failure(odd)
        assert isinstance(limited, errors.RateLimited)
        assert limited.retry_after == 120


@pytest.mark.parametrize(
    "said",
    ['Invalid prompt: "invalid api key"', "Prompt rejected: missing api key, rate limit",
     "Invalid duration for this model", 'The style "unauthorized" is not known',
     "Violates our content policy (unauthorized use of a likeness)",
     "Token count of the prompt is too high"],
)  # fmt: skip
async def test_words_of_a_member_do_not_stop_the_account(odd: OddServer, said: str) -> None:
    for status in (200, 400, 422):
        odd.answers(json.dumps({"success": False, "error": said}), status)
        assert type(await failure(odd)) is errors.BadRequest
    if "policy" in said or "rompt" in said:
        odd.answers(json.dumps({"success": False, "error": said}), 403)
        assert type(await failure(odd)) is errors.BadRequest


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"code": 401, "msg": "no"}, errors.Unauthorized),
        ({"code": 402, "msg": "no"}, errors.OutOfCredits),
        ({"code": "429", "msg": "no", "retry_after": 7}, errors.RateLimited),
        ({"status_code": 500, "message": "no"}, errors.ServerError),
        ({"status": "error", "message": "Insufficient credits"}, errors.OutOfCredits),
        ({"status": "error", "message": "Something odd"}, errors.BadAnswer),
        ({"ok": False, "message": "Something odd"}, errors.BadRequest),
    ],
)
async def test_an_error_under_status_200_is_known_by_what_it_states(
    odd: OddServer, body: dict[str, object], kind: type[errors.StudioError]
) -> None:
    odd.answers(json.dumps(body))
    assert type(await failure(odd)) is kind
    odd.answers(json.dumps({**body, "job_ids": ["r1"]}))
    assert (await odd.client.generate({})).job_ids == ("r1",)


async def test_words_about_content_do_not_hide_a_clear_status(odd: OddServer) -> None:
    for status, kind in ((401, errors.Unauthorized), (402, errors.OutOfCredits), (429, errors.RateLimited)):
        odd.answers(json.dumps({"error": "Refused, see our safety pages"}), status)
        assert type(await failure(odd)) is kind


@pytest.mark.parametrize("status", [200, 207, 400, 403, 409, 429, 500])
async def test_renders_named_beside_a_refusal_were_started(odd: OddServer, status: int) -> None:
    odd.answers(json.dumps({"success": False, "error": "1 of 2 started", "job_ids": ["r7"]}), status)
    assert (await odd.client.generate({})).job_ids == ("r7",)


@pytest.mark.parametrize(
    "body",
    [{"success": False, "id": "req_1", "error": "no"}, {"success": False, "errors": {"job_ids": ["required"]}},
     {"success": False, "job_ids": []}, {"success": False, "job_id": None}],
)  # fmt: skip
async def test_what_is_no_render_id_starts_nothing(odd: OddServer, body: dict[str, object]) -> None:
    odd.answers(json.dumps(body), 400)
    assert type(await failure(odd)) is errors.BadRequest


async def test_a_request_starts_a_bounded_number_of_renders(odd: OddServer) -> None:
    odd.answers(json.dumps({"success": True, "job_ids": [f"r{number}" for number in range(20_000)]}))
    accepted = await odd.client.generate({})
    assert (accepted.job_ids[0], len(accepted.job_ids), accepted.unused_ids) == ("r0", 16, 19_984)
    odd.answers(json.dumps({"success": True, "job_ids": ["r1", "x" * 120, "a\x00b"]}))
    accepted = await odd.client.generate({})
    assert (accepted.job_ids, accepted.unused_ids) == (("r1",), 2)
    odd.answers(json.dumps({"success": True, "job_ids": ["x" * 120]}))
    assert isinstance(await failure(odd), errors.BadAnswer)


async def test_one_odd_value_does_not_cost_the_whole_answer(odd: OddServer) -> None:
    rows = (
        b'[{"job_id": "a", "status": "completed", "prompt": "%s", "progress": %s}, {"job_id": "b", "status": "failed"}]'
    )
    for prompt, progress in (
        (b"\xff", b"1"),
        (b"\\ud800", b"1"),
        (b"x", b"NaN"),
        (b"x", b"1e999"),
        (b"x", b"1" * 5000),
    ):
        odd.answers(rows % (prompt, progress))
        assert [report.remote_id for report in (await odd.client.history(10)).reports] == ["a", "b"]


async def test_a_history_of_many_renders_is_read(odd: OddServer) -> None:
    row = {"job_id": "", "status": "completed", "prompt": "a fox " * 100, "result_urls": ["https://m.example/1.mp4"]}
    body = json.dumps({"jobs": [{**row, "job_id": f"r{number}"} for number in range(8_000)]})
    assert len(body) > 4 * 1024 * 1024
    odd.answers(body)
    assert len((await odd.client.history(10)).reports) == 8_000


async def test_a_history_that_takes_no_limit_is_asked_without_one(odd: OddServer) -> None:
    queries: list[str] = []

    async def strict(request: web.Request) -> web.Response:
        queries.append(request.query_string)
        if request.query_string:
            return web.json_response({"success": False, "error": "Unknown parameter limit"}, status=400)
        return web.json_response({"jobs": []})

    odd.handler = strict
    for _ in range(2):
        assert (await odd.client.history(25)).readable
    assert queries == ["limit=25", "", ""]


@pytest.mark.parametrize("link", ["{base}{path}?limit=2&page={page}", "{path}?page={page}", "?page={page}"])
async def test_further_pages_of_a_history_are_read_until_there_are_enough(odd: OddServer, link: str) -> None:
    asked: list[str] = []

    async def paged(request: web.Request) -> web.Response:
        asked.append(request.query_string)
        page = int(request.query.get("page", 1))
        following = link.format(base=f"http://{request.host}", path=request.path, page=page + 1)
        rows = [{"job_id": f"r{page}-{number}", "status": "failed"} for number in range(2)]
        return web.json_response({"count": 100, "next": following, "results": rows})

    odd.handler = paged
    history = await odd.client.history(5)
    assert [report.remote_id for report in history.reports] == ["r1-0", "r1-1", "r2-0", "r2-1", "r3-0", "r3-1"]
    assert len(asked) == 3
    assert len((await odd.client.history(1000)).reports) == 10


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/api/v1/video-studio/history/?page=2", "/admin/?page=2", 2, ""]
)
async def test_the_key_follows_no_link_to_another_place(odd: OddServer, link: object) -> None:
    odd.answers(json.dumps({"next": link, "results": [{"job_id": "r1", "status": "failed"}]}))
    assert len((await odd.client.history(100)).reports) == 1
    assert len(odd.paths) == 1


async def test_a_page_that_cannot_be_read_makes_the_history_unreadable(odd: OddServer) -> None:
    async def broken(request: web.Request) -> web.Response:
        if "page" in request.query:
            return web.json_response({"soon": True})
        return web.json_response({"next": "?page=2", "results": [{"job_id": "r1", "status": "failed"}]})

    odd.handler = broken
    assert not (await odd.client.history(100)).readable


@pytest.mark.parametrize(
    ("status", "kind", "sent"),
    [
        (302, errors.BadAnswer, True),
        (400, errors.BadRequest, False),
        (401, errors.Unauthorized, False),
        (402, errors.OutOfCredits, False),
        (403, errors.Forbidden, False),
        (404, errors.NotFound, False),
        (408, errors.Interrupted, True),
        (409, errors.Interrupted, True),
        (425, errors.Interrupted, True),
        (499, errors.Interrupted, True),
        (413, errors.BadRequest, False),
        (418, errors.BadRequest, False),
        (429, errors.RateLimited, False),
        (500, errors.ServerError, True),
        (503, errors.ServerError, True),
        (599, errors.ServerError, True),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error": "why"}', b'{"error": {"message": "why"}}', b"[1, 2"])
async def test_every_status_has_its_error_whatever_the_body(
    odd: OddServer, status: int, kind: type[errors.StudioError], sent: bool, body: bytes
) -> None:
    if status == 404 and b"why" not in body:
        # A page says that the API is not there. Only the API itself can say that it does not know a model.
        kind = errors.Unreachable
    odd.answers(body, status, Location="http://127.0.0.1:1/elsewhere")
    error = await failure(odd)
    assert type(error) is kind
    assert error.sent is sent
    assert error.message
    if b"why" in body and status != 302:
        assert error.message == "why"
    assert len(odd.paths) == 1


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "30"}, {}, 30),
        ({"Retry-After": "1.5"}, {}, 1.5),
        ({"Retry-After": "-5"}, {}, 0),
        ({"Retry-After": formatdate(NOW + 90, usegmt=True), "Date": formatdate(NOW, usegmt=True)}, {}, 90),
        # The provider's clock is an hour ahead of ours: its own Date tells how long it means.
        ({"Retry-After": formatdate(NOW + 3690, usegmt=True), "Date": formatdate(NOW + 3600, usegmt=True)}, {}, 90),
        ({"Retry-After": "soon"}, {"retry_after": 12}, 12),
        ({}, {"error": "slow down", "retry_after_seconds": "7"}, 7),
        ({}, {"detail": "Request was throttled. Expected available in 42 seconds."}, 42),
        ({}, {"error": "Try again in 3 minutes"}, 180),
        ({}, {"error": "24 requests per hour"}, None),
        ({}, {"error": "slow down"}, None),
        ({"Retry-After": "nan"}, {}, None),
        ({"Retry-After": "1500 ms"}, {}, 1.5),
        ({"Retry-After": "2 minutes"}, {}, 120),
        ({"Retry-After": str(int(NOW) + 60), "Date": formatdate(NOW, usegmt=True)}, {}, 60),
        ({"Retry-After": str((int(NOW) + 60) * 1000), "Date": formatdate(NOW, usegmt=True)}, {}, 60),
        ({"Retry-After": "1000000000000"}, {}, None),
        ({}, {"retry_after": 3_600_000}, 3600),
        ({}, {"retry_after_ms": 2000}, 2),
        ({"Date": formatdate(NOW, usegmt=True)}, {"reset_at": "2026-02-20T15:07:20Z"}, 40),
        ({"X-RateLimit-Reset": "33"}, {"error": {"message": "slow down", "retry_after": 12}}, 33),
        ({}, {"error": {"message": "slow down", "retry_after": 12}}, 12),
        ({}, {"error": "24 requests per hour. Try again in 90 s"}, 90),
    ],
)
async def test_the_wait_is_read_from_wherever_it_is_hinted(
    odd: OddServer, headers: dict[str, str], body: dict[str, object], seconds: float | None
) -> None:
    odd.answers(json.dumps(body), 429, **{name.replace("-", "_"): value for name, value in headers.items()})
    error = await failure(odd)
    assert isinstance(error, errors.RateLimited)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("header", "asked_for"),
    [("86400", 86400), ("1e12", None), ("1000000000000000", None), (str(int(NOW) + 7200), 7200), ("604800", 604800)],
)
async def test_the_wait_is_bounded_and_what_was_asked_for_is_kept(
    odd: OddServer, header: str, asked_for: float | None
) -> None:
    odd.answers("{}", 429, Retry_After=header, Date=formatdate(NOW, usegmt=True))
    posted = await failure(odd)
    with pytest.raises(errors.RateLimited) as read:
        await odd.client.status("a")
    assert isinstance(posted, errors.RateLimited)
    assert (posted.asked_for, read.value.asked_for) == (asked_for, asked_for)
    assert (posted.retry_after, read.value.retry_after) == ((None, None) if asked_for is None else (3605, 300))


async def test_the_size_of_an_answer_is_bounded_also_after_decompression(odd: OddServer) -> None:
    padding = json.dumps({"job_ids": ["a"], "padding": "x" * http.ANSWER_BYTES_MAX})
    odd.answers(padding)
    assert isinstance(await failure(odd), errors.BadAnswer)
    odd.answers(gzip.compress(padding.encode()), Content_Encoding="gzip")
    assert isinstance(await failure(odd), errors.BadAnswer)
    odd.answers(OK)
    assert (await odd.client.generate({})).job_ids == ("a",)


async def test_broken_compression_is_an_error_of_the_tree(odd: OddServer) -> None:
    odd.answers(b"not gzip at all", Content_Encoding="gzip")
    assert (await failure(odd)).sent is True


async def test_an_answer_that_never_ends_runs_out_of_time(odd: OddServer) -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"job_ids"')
        await asyncio.Event().wait()
        return response

    odd.handler = hang
    error = await failure(odd)
    assert isinstance(error, errors.Interrupted)
    assert error.sent is True


async def test_an_answer_cut_in_the_middle_is_an_interruption(odd: OddServer) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"job_ids"')
        assert request.transport is not None
        request.transport.close()
        return response

    odd.handler = cut
    error = await failure(odd)
    assert isinstance(error, errors.Interrupted)


async def test_what_never_reached_the_provider_says_so(unused_tcp_port: int) -> None:
    for address in (f"http://127.0.0.1:{unused_tcp_port}", "http://", "nonsense"):
        client = StudioClient(address, KEY)
        with pytest.raises(errors.Unreachable) as caught:
            await client.generate({})
        assert caught.value.sent is False
        await client.close()


async def test_a_closed_client_sends_nothing(odd: OddServer) -> None:
    odd.answers(OK)
    await odd.client.generate({})
    await odd.client.close()
    assert isinstance(await failure(odd), errors.Unreachable)
    assert len(odd.paths) == 1


async def test_the_key_is_sent_and_never_shown(odd: OddServer) -> None:
    odd.answers(json.dumps({"error": "no"}), 401)
    error = await failure(odd)
    assert odd.authorizations == [f"Bearer {KEY}"]
    for shown in (repr(odd.client), str(odd.client), repr(error), str(error)):
        assert KEY not in shown


async def test_a_cancelled_request_stays_cancelled(odd: OddServer) -> None:
    started = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        started.set()
        await asyncio.Event().wait()
        return web.Response()

    odd.handler = hang
    task = asyncio.create_task(odd.client.generate({}))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def lower_errors() -> Iterator[Exception]:
    """One of each error that the libraries below can raise."""
    for name in client_exceptions.__all__:
        kind = getattr(client_exceptions, name)
        error = kind.__new__(kind)
        Exception.__init__(error)
        yield error
    yield from (OSError(), ConnectionResetError(), TimeoutError(), asyncio.IncompleteReadError(b"", 1), EOFError())
    yield from (ValueError(), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), RecursionError(), KeyError("x"))
    yield json.JSONDecodeError("bad", "", 0)
    try:
        pydantic.TypeAdapter(int).validate_python("x")
    except pydantic.ValidationError as error:
        yield error


@pytest.mark.parametrize("error", list(lower_errors()), ids=lambda error: type(error).__name__)
async def test_no_lower_error_escapes(odd: OddServer, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(aiohttp.ClientSession, "request", broken)
    translated = await failure(odd)
    assert translated.__cause__ is error
    assert type(translated) is type(failure_of(error))
    before_sending = (
        client_exceptions.ClientConnectorError,
        client_exceptions.ConnectionTimeoutError,
        client_exceptions.ServerFingerprintMismatch,
        client_exceptions.InvalidURL,
    )
    assert translated.sent is not isinstance(error, before_sending)
