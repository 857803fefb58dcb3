"""Trouble on demand: each fault strikes as often as asked, where asked, and the books tell what really happened."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest

from sandbox.studio import StudioFault
from sandbox.studio.faults import Faults
from tests.sandbox.studio.conftest import GENERATE, VEO, Client

MODELS = "/api/v1/models/video/"


async def test_an_error_before_accepting_leaves_nothing_behind(client: Client) -> None:
    client.studio.faults.add("error_before", times=2)
    assert [(await client.generate()).status for _ in range(3)] == [503, 503, 200]
    assert len(client.studio.jobs) == 1
    assert [post.fault for post in client.studio.records.posts] == ["error_before", "error_before", None]


async def test_an_error_after_accepting_hides_a_job_that_is_charged(client: Client) -> None:
    client.studio.faults.add("error_after", status=502)
    answer = await client.generate()
    assert (answer.status, answer.body["success"]) == (502, False)
    assert client.studio.records.charged() == 100
    assert client.studio.records.posts[0].job_ids == [client.studio.jobs[0].job_id]


@pytest.mark.parametrize(("after", "jobs"), [(False, 0), (True, 1)])
async def test_a_connection_is_cut_before_or_after_accepting(client: Client, after: bool, jobs: int) -> None:
    if after:
        client.studio.faults.add("cut_after")
    else:
        client.studio.faults.add("cut_before")
    with pytest.raises(aiohttp.ClientError):
        await client.generate()
    assert len(client.studio.jobs) == jobs
    assert client.studio.records.posts[0].status is None
    assert (await client.generate()).status == 200


async def test_latency_delays_and_a_caller_that_gives_up_has_still_ordered(client: Client) -> None:
    client.studio.faults.add("latency", seconds=0.2)
    timeout = aiohttp.ClientTimeout(total=0.05)
    with pytest.raises(TimeoutError):
        await client.post(GENERATE, VEO, timeout=timeout)
    await client.studio.wait_for(lambda studio: len(studio.jobs) == 1)
    client.studio.faults.add("latency", "models", seconds=0.1)
    began = time.monotonic()
    await client.get(MODELS)
    assert time.monotonic() - began >= 0.1


async def test_429_401_and_402_can_be_ordered(client: Client) -> None:
    faults = client.studio.faults
    faults.add("rate_limited", seconds=7)
    faults.add("unauthorized", "any")
    faults.add("payment_required")
    limited = await client.generate()
    assert (limited.status, limited.headers["Retry-After"]) == (429, "7")
    assert (await client.get(MODELS)).status == 401
    assert (await client.generate()).status == 402
    assert client.studio.jobs == []
    assert faults.active == []


async def test_a_fault_on_another_route_does_not_strike(client: Client) -> None:
    client.studio.faults.add("error_before", "status", status=500, times=None)
    job = await client.finished()
    assert [(await client.status(job.job_id)).status for _ in range(3)] == [500] * 3
    client.studio.faults.clear()
    assert (await client.status(job.job_id)).status == 200


async def test_garbage_has_each_of_its_styles(client: Client) -> None:
    job = await client.finished()
    url = f"{client.studio.base_url}/api/v1/video-studio/status/{job.job_id}/"
    headers = {"Authorization": client.studio.api_key}
    bodies = {}
    for style in ("not_json", "truncated", "huge", "empty", "wrong_json"):
        client.studio.faults.add("garbage", "status", style=style)
        async with client.session.get(url, headers=headers) as answer:
            assert answer.status == 200
            bodies[style] = await answer.read()
    assert b"<html" in bodies["not_json"] or b"<!doctype" in bodies["not_json"]
    assert bodies["empty"] == b""
    assert len(bodies["huge"]) > 8_000_000
    for style in ("not_json", "truncated"):
        with pytest.raises(ValueError, match=r"."):
            json.loads(bodies[style])
    assert "job" not in json.loads(bodies["wrong_json"])


async def test_garbage_for_a_generate_hides_an_accepted_job(client: Client) -> None:
    client.studio.faults.add("garbage", style="wrong_json")
    answer = await client.generate()
    assert (answer.status, "job_ids" in answer.body) == (200, False)
    assert len(client.studio.jobs) == 1


def test_probability_is_repeatable_by_seed() -> None:
    def strikes(seed: int) -> list[int]:
        faults = Faults(seed)
        faults.add("error_before", times=None, probability=0.3)
        return [len(faults.take("generate")) for _ in range(200)]

    assert strikes(1) == strikes(1) != strikes(2)
    assert 40 <= sum(strikes(1)) <= 80


def test_one_request_meets_at_most_one_fault_beside_latency() -> None:
    faults = Faults()
    faults.add("latency", seconds=0.1)
    faults.add("error_before", status=500)
    faults.add("cut_before")
    assert [fault.kind for fault in faults.take("generate")] == ["latency", "error_before"]
    assert [fault.kind for fault in faults.take("generate")] == ["cut_before"]
    assert faults.take("generate") == []


@pytest.mark.parametrize(
    "fields", [{"kind": "nonsense"}, {"kind": "latency", "route": "x"}, {"kind": "garbage", "style": "x"}]
)
def test_an_unknown_fault_is_refused_at_once(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        StudioFault(**fields)


async def test_a_result_is_served_with_length_type_and_ranges(client: Client) -> None:
    client.studio.payload_bytes = 5000
    url = (await client.finished()).result_urls(client.studio.base_url)[0]
    async with client.session.get(url) as answer:
        whole = await answer.read()
        assert (answer.status, answer.content_type, answer.content_length) == (200, "video/mp4", 5000)
        assert answer.headers["Accept-Ranges"] == "bytes"
    assert whole[4:8] == b"ftyp"
    async with client.session.get(url, headers={"Range": "bytes=10-19"}) as answer:
        assert (answer.status, answer.headers["Content-Range"]) == (206, "bytes 10-19/5000")
        assert await answer.read() == whole[10:20]
    async with client.session.head(url) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, "5000")


async def test_a_result_of_thirty_mebibytes_arrives_whole(client: Client) -> None:
    client.studio.payload_bytes = 30 * 1024 * 1024
    url = (await client.finished()).result_urls(client.studio.base_url)[0]
    size = 0
    async with client.session.get(url) as answer:
        async for chunk in answer.content.iter_chunked(1 << 20):
            size += len(chunk)
    assert size == 30 * 1024 * 1024


async def test_downloads_fail_in_each_way(client: Client) -> None:
    client.studio.payload_bytes = 400_000
    url = (await client.finished()).result_urls(client.studio.base_url)[0]
    faults = client.studio.faults
    faults.add("error_before", "media", status=404)
    async with client.session.get(url) as answer:
        assert answer.status == 404
    faults.add("download_wrong_type")
    async with client.session.get(url) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    faults.add("download_cut", fraction=0.5)
    async with client.session.get(url) as answer:
        assert answer.content_length == 400_000
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    faults.add("download_slow", bytes_per_second=100_000)
    async with client.session.get(url) as answer:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.15):
                await answer.read()
    async with client.session.get(url) as answer:
        assert len(await answer.read()) == 400_000
