"""Videos that are too large for Discord: made smaller by a real encoder, or linked where that is not possible."""

import random
from fractions import Fraction
from pathlib import Path

import av
import pytest

from bot.storage import upload_limits
from bot.storage.database import Database
from bot.workers.media.fitting import Fitter
from tests.support.bench import GUILD, bench

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
    fitter = Fitter()
    assert fitter.available
    assert await fitter.fit(path, limit) == path
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
    assert not await Fitter().fit(path, limit)
    assert path.read_bytes() == noisy.read_bytes()


async def test_what_is_no_video_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"no video at all")
    assert not await Fitter().fit(path, 10)
    assert path.read_bytes() == b"no video at all"


async def test_a_delivery_makes_fit_what_discord_would_refuse(database: Database, tmp_path: Path) -> None:
    async with bench(database, tmp_path) as engine:
        await engine.database.write(upload_limits.note_stated, GUILD, 2000)
        engine.fitter.available = True
        await engine.finish(await engine.ask())
    [(closing, files)] = engine.notifier.closings
    assert engine.fitter.limits == [2000]
    assert files == [b"small"]
    [result] = closing.results
    assert result.made_smaller
    assert result.url, "the original is named too"


async def test_an_encoder_that_takes_too_long_is_ended_and_the_video_stays_as_it_was(
    noisy: Path, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(noisy.read_bytes())
    assert not await Fitter(seconds_max=0.01).fit(path, 700_000)
    assert path.read_bytes() == noisy.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["clip.mp4"]
