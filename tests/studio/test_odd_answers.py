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
    ],
)
async def test_the_wait_is_read_from_wherever_it_is_hinted(
    odd: OddServer, headers: dict[str, str], body: dict[str, object], seconds: float | None
) -> None:
    odd.answers(json.dumps(body), 429, **{name.replace("-", "_"): value for name, value in headers.items()})
    error = await failure(odd)
    assert isinstance(error, errors.RateLimited)
    assert error.retry_after == seconds


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
