"""Videos that are too large for Discord: made smaller by a real encoder, or linked where that is not possible."""

import random
from fractions import Fraction
from pathlib import Path

import av
import pytest

from bot.workers import delivery
from bot.workers.media.fitting import can_fit, fit
from tests.support.bench import Bench

RATE, SECONDS, WIDTH, HEIGHT = 24, 3, 640, 360


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip that compresses badly: noise, with sound."""
    path = tmp_path_factory.mktemp("clips") / "noisy.mp4"
    noise = random.Random(1)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.options = {"preset": "ultrafast", "crf": "12"}
        audio = container.add_stream("aac", rate=44100, layout="mono")
        for number in range(RATE * SECONDS):
            frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            for plane in frame.planes:
                plane.update(noise.randbytes(plane.buffer_size))
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for block in range(44100 * SECONDS // 1024):
            sound = av.AudioFrame("fltp", "mono", 1024)
            sound.planes[0].update(bytes(4096))
            sound.rate, sound.pts, sound.time_base = 44100, block * 1024, Fraction(1, 44100)
            container.mux(audio.encode(sound))
        container.mux(audio.encode(None))
    return path


async def test_a_large_video_is_made_to_fit_and_stays_itself(noisy: Path, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(noisy.read_bytes())
    limit = 700_000
    assert path.stat().st_size > 2 * limit
    assert can_fit()
    assert await fit(path, limit)
    assert path.stat().st_size <= limit
    assert [each.name for each in tmp_path.iterdir()] == ["clip.mp4"]
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert video.codec_context.name == "h264"
        assert abs(float(container.duration or 0) / av.time_base - SECONDS) < 0.15
        assert video.width / video.height == pytest.approx(WIDTH / HEIGHT, rel=0.02)
        assert container.streams.audio[0].codec_context.name == "aac"
        assert sum(1 for _ in container.decode(video=0)) == RATE * SECONDS


@pytest.mark.parametrize("limit", [20_000, 1])
async def test_what_cannot_fit_with_a_picture_worth_looking_at_stays_as_it_was(
    noisy: Path, tmp_path: Path, limit: int
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(noisy.read_bytes())
    assert not await fit(path, limit)
    assert path.read_bytes() == noisy.read_bytes()


async def test_what_is_no_video_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"no video at all")
    assert not await fit(path, 10)
    assert path.read_bytes() == b"no video at all"


async def test_a_delivery_makes_fit_what_discord_would_refuse(engine: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[int] = []

    async def fit_to(path: Path, limit_bytes: int) -> bool:
        limits.append(limit_bytes)
        path.write_bytes(b"small")
        return True

    monkeypatch.setattr(delivery, "SURELY_FITS_BYTES", 1000)
    monkeypatch.setattr(delivery, "fit", fit_to)
    engine.notifier.upload_limit_bytes = 2000
    await engine.finish(await engine.ask())
    [(closing, files)] = engine.notifier.closings
    assert limits == [2000]
    assert files == [b"small"]
    assert closing.made_smaller
    assert closing.links, "the original is named too"
