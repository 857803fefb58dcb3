"""Downloads, from a real server that answers everything a file host may."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from bot.engine.notifier import Result, Unattached
from bot.media.download import REDIRECTS_MAX, DownloadLimits, Downloads

MP4 = b"\0\0\0\x18ftypmp42" + b"x" * 500
MOV = b"\0\0\0\x14ftypqt  " + b"x" * 500
OLD_MOV = b"\0\0\0\x08wide" + b"x" * 500
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"x" * 500
MATROSKA = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska" + b"x" * 500
AVIF = b"\0\0\0\x18ftypavif" + b"x" * 500
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile other.mp4\nduration 10\n"
PAGE = b"<!doctype html><title>This link has expired</title>"

JOB = "0123456789ab"
LIMITS = DownloadLimits(file_bytes=2_000, job_bytes=3_000, job_seconds=20.0)


@dataclass
class Host:
    """A file host on loopback: `/body` answers with what the test says, the other paths are in trouble."""

    base: str
    body: bytes = MP4
    content_type: str = "video/mp4"
    status: int = 200
    target: str = ""
    asked: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        match request.match_info["name"]:
            case "cut":
                answer = web.StreamResponse(headers={"Content-Length": "1000"})
                await answer.prepare(request)
                await answer.write(MP4)
                assert request.transport is not None
                request.transport.close()
                return answer
            case "large":
                return await self._pour(request, {})
            case "announced":
                return await self._pour(request, {"Content-Length": "100000"})
            case "slow":
                answer = web.StreamResponse()
                await answer.prepare(request)
                await answer.write(MP4)
                await asyncio.Event().wait()
                return answer
            case "around":
                raise web.HTTPFound("/around")
            case "away":
                raise web.HTTPFound(self.target)
            case _:
                return web.Response(body=self.body, content_type=self.content_type, status=self.status)

    async def _pour(self, request: web.Request, headers: dict[str, str]) -> web.StreamResponse:
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        try:
            for _ in range(100):
                await answer.write(MP4[:12] + b"x" * 988)
        except ConnectionError:
            pass
        return answer


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    host = Host("")
    app = web.Application()
    app.router.add_get("/{name}", host.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    await runner.cleanup()


@pytest.fixture
async def downloads(host: Host, tmp_path: Path) -> AsyncIterator[Downloads]:
    async with Downloads(tmp_path / "files", host.base, LIMITS) as downloads:
        yield downloads


async def fetch(downloads: Downloads, host: Host, name: str = "body.mp4") -> Result:
    [result] = await downloads.fetch(JOB, [f"{host.base}/{name}"])
    return result


@pytest.mark.parametrize(
    ("body", "suffix"),
    [
        (MP4, ".mp4"),
        (MOV, ".mov"),
        (OLD_MOV, ".mov"),
        (WEBM, ".webm"),
        (b"GIF89a" + b"x" * 9, ".gif"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 9, ".png"),
        (b"\xff\xd8\xff\xe0" + b"x" * 9, ".jpg"),
    ],
)
@pytest.mark.parametrize("content_type", ["video/mp4", "application/octet-stream"])
async def test_a_file_is_named_after_its_bytes(
    downloads: Downloads, host: Host, body: bytes, suffix: str, content_type: str
) -> None:
    host.body, host.content_type = body, content_type
    result = await fetch(downloads, host, "body.exe")
    assert result.problem is None
    assert result.path is not None
    assert result.path.name == f"{JOB}-1{suffix}"
    assert result.path.read_bytes() == body


@pytest.mark.parametrize("body", [PAGE, PLAYLIST, CONCAT, MATROSKA, AVIF, b"", b"x" * 1500], ids=lambda body: body[:12])
async def test_what_is_not_a_video_is_never_one_whatever_its_type_says(
    downloads: Downloads, host: Host, tmp_path: Path, body: bytes
) -> None:
    host.body = body
    assert (await fetch(downloads, host)).problem is Unattached.NOT_A_VIDEO
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/json", "application/xml"])
async def test_a_page_is_not_a_video_whatever_its_bytes_say(
    downloads: Downloads, host: Host, content_type: str
) -> None:
    host.content_type = content_type
    assert (await fetch(downloads, host)).problem is Unattached.NOT_A_VIDEO


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, Unattached.REFUSED),
        (403, Unattached.REFUSED),
        (404, Unattached.GONE),
        (410, Unattached.GONE),
        (206, Unattached.UNREACHABLE),
        (429, Unattached.UNREACHABLE),
        (500, Unattached.UNREACHABLE),
        (503, Unattached.UNREACHABLE),
    ],
)
async def test_each_status_has_its_meaning(downloads: Downloads, host: Host, status: int, problem: Unattached) -> None:
    host.status = status
    assert (await fetch(downloads, host)).problem is problem


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("cut", Unattached.UNREACHABLE),
        ("large", Unattached.TOO_LARGE),
        ("announced", Unattached.TOO_LARGE),
        ("around", Unattached.UNREACHABLE),
    ],
)
async def test_a_bad_download_leaves_nothing_on_the_disk(
    downloads: Downloads, host: Host, tmp_path: Path, name: str, problem: Unattached
) -> None:
    assert (await fetch(downloads, host, name)).problem is problem
    assert list((tmp_path / "files").iterdir()) == []
    assert host.asked <= REDIRECTS_MAX + 1


async def test_a_job_has_one_budget_of_bytes_for_all_its_files(downloads: Downloads, host: Host) -> None:
    host.body = MP4[:12] + b"x" * 1400
    results = await downloads.fetch(JOB, [f"{host.base}/{name}" for name in "abc"])
    assert [result.problem for result in results] == [None, None, Unattached.TOO_LARGE]


async def test_a_job_has_one_budget_of_time_for_all_its_files(host: Host, tmp_path: Path) -> None:
    async with Downloads(tmp_path, host.base, DownloadLimits(job_seconds=3.0)) as downloads:
        results = await downloads.fetch(JOB, [f"{host.base}/{name}" for name in ("body", "slow", "body")])
    assert [result.problem for result in results] == [None, Unattached.UNREACHABLE, Unattached.UNREACHABLE]


async def test_a_folder_that_was_tidied_away_is_made_again(downloads: Downloads, host: Host, tmp_path: Path) -> None:
    await fetch(downloads, host)
    shutil.rmtree(tmp_path / "files")
    assert (await fetch(downloads, host)).problem is None


async def test_only_the_files_of_the_job_are_discarded(downloads: Downloads, host: Host, tmp_path: Path) -> None:
    await fetch(downloads, host)
    await downloads.fetch("ba9876543210", [f"{host.base}/body"])
    await downloads.discard(JOB)
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["ba9876543210-1.mp4"]


async def test_more_files_than_a_message_takes_are_not_fetched(downloads: Downloads, host: Host) -> None:
    host.body = MP4[:20]
    results = await downloads.fetch(JOB, [f"{host.base}/body"] * 12)
    assert host.asked == 10
    assert [result.path is None for result in results] == [False] * 10 + [True] * 2
    assert all(result.url for result in results)


@pytest.mark.parametrize("stated", ["", "clip.mp4", "https://media example/a.mp4"])
async def test_what_is_no_address_is_not_asked_for(downloads: Downloads, stated: str) -> None:
    assert await downloads.fetch(JOB, [stated]) == (Result(None, problem=Unattached.GONE),)


@pytest.mark.parametrize(
    "target",
    ["https://10.0.0.1/a.mp4", "https://169.254.169.254/latest", "https://[fd00::1]/a.mp4"],
)
async def test_a_redirect_does_not_lead_inward(downloads: Downloads, host: Host, target: str) -> None:
    host.target = target
    assert (await fetch(downloads, host, "away")).problem is Unattached.UNREACHABLE
    assert host.asked == 1


@pytest.mark.parametrize("target", ["http://media.invalid/a.mp4", "ftp://media.invalid/a.mp4"])
async def test_a_redirect_does_not_lead_out_of_https(
    downloads: Downloads, host: Host, target: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    host.target = target
    assert (await fetch(downloads, host, "away")).problem is Unattached.UNREACHABLE
    assert "only https" in caplog.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_private_address_is_never_connected_to(tmp_path: Path, name: str, scheme: str) -> None:
    connections = 0

    def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Downloads(tmp_path, "https://provider.example") as downloads:
        [result] = await downloads.fetch(JOB, [f"{scheme}://{name}:{port}/a.mp4"])
    assert result.path is None
    assert connections == 0


async def test_a_sandbox_on_this_machine_may_serve_from_any_of_its_ports(host: Host, tmp_path: Path) -> None:
    async with Downloads(tmp_path, "http://localhost:1", LIMITS) as downloads:
        assert (await fetch(downloads, host)).problem is None
