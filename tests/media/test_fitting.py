"""Videos that are too large for Discord: made smaller by a real encoder, or linked where that is not possible."""

import asyncio
import random
from fractions import Fraction
from pathlib import Path

import av
import psutil
import pytest

from bot.media.fitting import WAITING_MAX, Fitter
from bot.media.tool.limits import CPU_SECONDS_MAX, MEMORY_BYTES_MAX
from bot.media.tool.reading import SIDE_MAX
from bot.storage import upload_limits
from bot.storage.database import Database
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


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile other-1.mp4\nduration 10\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{folder}/other-1.mp4\n#EXT-X-ENDLIST\n",
    ],
    ids=["ffconcat", "HLS"],
)
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm"])
async def test_a_text_that_names_another_jobs_video_is_refused(
    noisy: Path, tmp_path: Path, text: str, suffix: str
) -> None:
    (tmp_path / "other-1.mp4").write_bytes(noisy.read_bytes())
    path = tmp_path / f"list-1{suffix}"
    path.write_text(text.format(folder=tmp_path))
    assert await Fitter().fit(path, 700_000) is None
    assert path.read_text().startswith(text[:7])


@pytest.mark.parametrize(("width", "height"), [(SIDE_MAX + 2, 64), (64, SIDE_MAX + 2)])
async def test_a_picture_of_immoderate_size_is_refused_before_it_is_decoded(
    tmp_path: Path, width: int, height: int
) -> None:
    path = tmp_path / "huge.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        for number in range(RATE):
            frame = av.VideoFrame(width, height, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    assert await Fitter().fit(path, 10_000_000) is None


async def test_a_video_of_another_container_becomes_an_mp4_and_is_named_so(noisy: Path, tmp_path: Path) -> None:
    path = tmp_path / "clip.mov"
    with av.open(str(noisy)) as read, av.open(str(path), "w", format="mov") as written:
        stream = written.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(read.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                written.mux(packet)
    assert await Fitter().fit(path, 700_000) == tmp_path / "clip.mp4"
    assert [each.name for each in tmp_path.iterdir()] == ["clip.mp4"]


async def test_a_picture_is_not_encoded(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert await Fitter().fit(path, 1) is None


async def test_the_encoder_has_limits_and_none_of_the_bots_secrets(
    noisy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    path = tmp_path / "clip.mp4"
    path.write_bytes(noisy.read_bytes())
    fitting = asyncio.create_task(Fitter().fit(path, 700_000))
    encoder = await running_encoder()
    assert set(encoder.environ()) <= {"PATH"}
    assert encoder.rlimit(psutil.RLIMIT_AS)[1] == MEMORY_BYTES_MAX
    assert encoder.rlimit(psutil.RLIMIT_CPU)[1] == CPU_SECONDS_MAX
    assert encoder.rlimit(psutil.RLIMIT_FSIZE)[1] == 1_400_000
    assert await fitting == path


LIMITS = (psutil.RLIMIT_AS, psutil.RLIMIT_CPU, psutil.RLIMIT_FSIZE)


async def running_encoder() -> psutil.Process:
    """Return the encoder's process, once it has set all its limits."""
    async with asyncio.timeout(30):
        while True:
            for child in psutil.Process().children():
                if all(child.rlimit(limit)[1] != psutil.RLIM_INFINITY for limit in LIMITS):
                    return child
            await asyncio.sleep(0)


async def test_more_videos_than_may_wait_for_the_encoder_are_not_fitted(noisy: Path, tmp_path: Path) -> None:
    fitter = Fitter()
    paths = [tmp_path / f"{number}.mp4" for number in range(WAITING_MAX + 1)]
    for path in paths:
        path.write_bytes(noisy.read_bytes())
    waiting = [asyncio.create_task(fitter.fit(path, 700_000)) for path in paths[:-1]]
    await asyncio.sleep(0)
    assert await fitter.fit(paths[-1], 700_000) is None
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
