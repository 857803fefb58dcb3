"""Rendered results are real videos: decoded again and looked at."""

import asyncio
import io
import logging
import multiprocessing
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.studio import StudioSandbox
from sandbox.studio.jobs import RenderFailed
from sandbox.studio.renderer import Renderer
from sandbox.studio.video.clip import ClipSpec, dimensions
from tests.sandbox.studio.conftest import Client

av = pytest.importorskip("av", reason="the sandbox extra (PyAV, Pillow) is not installed: no rendering tests")
Image = pytest.importorskip("PIL.Image")

pytestmark = pytest.mark.xdist_group("studio-render")  # One process renders; two at a time only slow each other.
SHORT_SIDE = 120


@dataclass
class Watched:
    """A decoded clip: pictures as small grey images."""

    codec: str
    pixel_format: str
    seconds: float
    width: int
    height: int
    audio_codec: str | None
    pictures: list[bytes]
    faststart: bool


def watch(data: bytes) -> Watched:
    with av.open(io.BytesIO(data)) as container:
        video = container.streams.video[0]
        audio = container.streams.audio[0] if container.streams.audio else None
        pictures = [
            frame.reformat(width=64, height=36, format="gray").to_image().tobytes() for frame in container.decode(video)
        ]
        return Watched(
            codec=video.codec_context.name,
            pixel_format=video.codec_context.pix_fmt,
            seconds=container.duration / 1_000_000,
            width=video.width,
            height=video.height,
            audio_codec=audio.codec_context.name if audio else None,
            pictures=pictures,
            faststart=data.index(b"moov") < data.index(b"mdat"),
        )


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
async def client(clips: Path, client_of: Callable[[StudioSandbox], Client]) -> AsyncIterator[Client]:
    async with StudioSandbox(job_seconds=(0.01, 0.02), cache_dir=clips, short_side_max=SHORT_SIDE) as studio:
        yield client_of(studio)


async def watched(client: Client, **changes: object) -> Watched:
    job = await client.finished(**changes)
    assert job.status == "completed", job.error_message
    async with client.session.get(job.result_urls(client.studio.base_url)[0]) as answer:
        return watch(await answer.read())


async def test_a_clip_is_h264_with_sound_of_the_asked_length_and_moves(client: Client) -> None:
    clip = await watched(client, aspect_ratio="Auto")
    assert (clip.codec, clip.pixel_format, clip.audio_codec) == ("h264", "yuv420p", "aac")
    assert clip.faststart
    assert clip.seconds == pytest.approx(8, abs=0.1)
    assert clip.width / clip.height == pytest.approx(16 / 9, abs=0.03)
    assert len(clip.pictures) == 8 * 24
    # The pictures move all the time, not only while the caption fades in.
    middle = clip.pictures[60:180:24]
    assert all(a != b for a, b in pairwise(middle))


@pytest.mark.parametrize(
    ("changes", "ratio", "seconds", "audio"),
    [
        ({"model_slug": "kling_3_0", "quality_mode": "std", "duration_seconds": 3, "aspect_ratio": "1:1"}, 1, 3, None),
        (
            {
                "model_slug": "kling_3_0",
                "quality_mode": "pro",
                "duration_seconds": 3,
                "sound": True,
                "aspect_ratio": "9:16",
            },
            9 / 16,
            3,
            "aac",
        ),
        ({"model_slug": "seedance_2", "duration_seconds": 4, "aspect_ratio": "21:9"}, 21 / 9, 4, None),
    ],
)
async def test_ratio_length_and_sound_follow_the_request(
    client: Client, changes: dict[str, object], ratio: float, seconds: float, audio: str | None
) -> None:
    clip = await watched(client, **changes)
    assert clip.width / clip.height == pytest.approx(ratio, rel=0.03)
    assert clip.seconds == pytest.approx(seconds, abs=0.1)
    assert clip.audio_codec == audio


async def test_the_same_clip_is_rendered_once(client: Client) -> None:
    request = {"model_slug": "seedance_2", "duration_seconds": 4, "prompt": "twice"}
    first, second = await client.generate(**request), await client.generate(**request)
    await client.studio.wait_for(lambda studio: all(job.over for job in studio.jobs))
    assert first.body["job_ids"] != second.body["job_ids"]
    assert client.studio.jobs[0].files == client.studio.jobs[1].files


async def test_two_renders_of_one_request_differ(client: Client) -> None:
    client.studio.renders_per_request = 2
    await client.generate(model_slug="seedance_2", duration_seconds=4, prompt="two of a kind")
    await client.studio.wait_for(lambda studio: all(job.over for job in studio.jobs))
    first, second = (job.files[0] for job in client.studio.jobs)
    assert first.read_bytes() != second.read_bytes()


async def test_any_prompt_can_be_drawn(client: Client) -> None:
    for prompt in ("x" * 2400, "雪の中の狐 🦊 \u0000 مرحبا", "\n\t\n."):
        job = await client.finished(model_slug="kling_3_0", quality_mode="std", duration_seconds=3, prompt=prompt)
        assert job.status == "completed", job.error_message


async def serve_folder(folder: Path) -> web.AppRunner:
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


@pytest.fixture
async def attachments(tmp_path: Path) -> AsyncIterator[str]:
    """A loopback address with a red square, a text file, and (once rendered) clips."""
    Image.new("RGB", (200, 200), (220, 20, 20)).save(tmp_path / "red.png")
    (tmp_path / "not.png").write_text("not a picture")
    runner = await serve_folder(tmp_path)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_picture_on_loopback_becomes_the_video(client: Client, attachments: str) -> None:
    job = await client.finished(model_slug="hailuo_2_3_standard", input_image_urls=[f"{attachments}/red.png"])
    with av.open(str(job.files[0])) as container:
        frame = next(container.decode(video=0))
        assert frame.width == frame.height  # The model takes its ratio from the picture.
        red, green, blue = frame.to_image().getpixel((frame.width // 2, frame.height // 3))
    assert red > 150
    assert max(green, blue) < 80


async def test_what_is_no_picture_is_done_without(client: Client, attachments: str) -> None:
    job = await client.finished(model_slug="hailuo_2_3_standard", input_image_urls=[f"{attachments}/not.png"])
    assert job.status == "completed"


async def test_a_render_fails_whose_picture_is_not_there(client: Client, attachments: str) -> None:
    job = await client.finished(model_slug="hailuo_2_3_standard", input_image_urls=[f"{attachments}/missing.png"])
    assert (job.status, job.error_message) == ("failed", "An input file could not be downloaded")


async def test_motion_control_is_charged_by_the_driving_clip(client: Client, attachments: str, tmp_path: Path) -> None:
    driving = await client.finished(model_slug="seedance_2", duration_seconds=4, prompt="a dance")
    (tmp_path / "dance.mp4").write_bytes(driving.files[0].read_bytes())
    request = {
        "model_slug": "kling_3_0_motion_control", "quality_mode": "720p",
        "input_image_urls": [f"{attachments}/red.png"], "input_video_urls": [f"{attachments}/dance.mp4"],
    }  # fmt: skip
    job = await client.finished(**request)
    assert (job.seconds, job.credits) == (4, 48)


async def test_without_pyav_the_job_fails_and_says_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, client_of: Callable[[StudioSandbox], Client]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with caplog.at_level(logging.WARNING):
        async with StudioSandbox(job_seconds=(0.01, 0.01)) as studio:
            assert "PyAV and Pillow are not installed" in caplog.text
            job = await client_of(studio).finished()
    assert job.status == "failed"
    assert "PyAV and Pillow are not installed" in (job.error_message or "")
    assert job.credits_refunded is True


async def test_a_render_process_that_dies_fails_its_clip_and_is_replaced(tmp_path: Path) -> None:
    renderer = Renderer(tmp_path)
    renderer.start()
    clip = ClipSpec("a fox", "Model", "2 s", 64, 36, 2, audio=False)
    assert await renderer.probe(tmp_path / "nothing.mp4") is None
    known = multiprocessing.active_children()
    for process in known:
        process.kill()
    with pytest.raises(RenderFailed, match="process died"):
        await renderer.clip(clip)
    assert watch((await renderer.clip(clip)).read_bytes()).seconds == pytest.approx(2, abs=0.1)
    await renderer.close()


async def test_closing_does_not_wait_for_a_long_clip(tmp_path: Path) -> None:
    renderer = Renderer(tmp_path)
    renderer.start()
    assert await renderer.probe(tmp_path / "nothing.mp4") is None  # The process is up.
    clip = asyncio.ensure_future(renderer.clip(ClipSpec("a fox", "Model", "600 s", 640, 360, 600, audio=False)))
    await asyncio.sleep(0)
    async with asyncio.timeout(3):
        await renderer.close()
    with pytest.raises((RenderFailed, asyncio.CancelledError)):
        await clip
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


def test_dimensions_are_even_and_capped() -> None:
    assert dimensions("16:9", None, 720) == (640, 360)
    assert dimensions("Auto", None, 720) == (640, 360)
    assert dimensions("9:16", "1080p", 720) == (720, 1280)
    assert dimensions("21:9", "1080p", 360) == (840, 360)
    assert all(side % 2 == 0 for side in dimensions("4:3", "pro", 333))
