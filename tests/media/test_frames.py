"""Single pictures out of videos: exactly the last one that is shown, upright, and within bounds."""

import asyncio
import sys
from fractions import Fraction
from pathlib import Path

import av
import psutil
import pytest

from bot.media.clip_facts import Unreadable, clip_facts
from bot.media.frames import BYTES_MAX, SIDE_MAX, THUMBNAIL_SIDE_MAX, Frames, NoFrame
from tests.support.clips import Clip, make, number_in, pictures_in

UNEVEN = [Fraction(0), Fraction(1, 10), Fraction(12, 100), Fraction(9, 10), Fraction(95, 100)]

CASES = {
    "with B-frames": Clip(frames=23, options=(("bf", "3"), ("g", "12"))),
    "of one picture": Clip(frames=1),
    "of a tenth of a second": Clip(frames=3, rate=Fraction(30)),
    "of one group of pictures": Clip(frames=50, options=(("g", "500"), ("bf", "2"))),
    "at an uneven rate": Clip(times=UNEVEN),
    "with sound that is longer": Clip(frames=5, clicks=[0.0]),
}


@pytest.mark.parametrize("case", CASES)
async def test_the_last_picture_of_a_clip_is_the_last_one_that_is_shown(case: str, tmp_path: Path) -> None:
    clip = CASES[case]
    path = make(tmp_path / "clip.mp4", clip)
    frame = await Frames().last(path, tmp_path / "last.png")
    assert (frame.width, frame.height) == (clip.width, clip.height)
    assert frame.path == tmp_path / "last.png"
    count = len(clip.times) if clip.times else clip.frames
    [picture] = pictures_in(frame.path)
    assert number_in(picture) == count - 1


@pytest.mark.parametrize(("suffix", "codec"), [(".webm", "libvpx"), (".webm", "libvpx-vp9"), (".mov", "libx264")])
async def test_other_containers_are_read_as_well(suffix: str, codec: str, tmp_path: Path) -> None:
    path = make(tmp_path / f"clip{suffix}", Clip(frames=10, codec=codec))
    frame = await Frames().last(path, tmp_path / "last.png")
    [picture] = pictures_in(frame.path)
    assert number_in(picture) == 9


async def test_what_an_edit_list_cuts_off_is_not_the_last_picture(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip(frames=24, options=(("bf", "3"),)))
    shorten_by_edit_list(path, 0.5)
    shown = len(pictures_in(path))
    assert shown < 24
    frame = await Frames().last(path, tmp_path / "last.png")
    [picture] = pictures_in(frame.path)
    assert number_in(picture) == shown - 1
    assert (await clip_facts(path)).ms == pytest.approx(shown * 1000 / 24, abs=1000 / 24)


def shorten_by_edit_list(path: Path, share: float) -> None:
    """Let the edit list show a part of the clip only, as phones do when they trim a clip."""
    data = bytearray(path.read_bytes())
    place = data.index(b"elst") + 12
    shown = int.from_bytes(data[place : place + 4], "big")
    data[place : place + 4] = int(shown * share).to_bytes(4, "big")
    path.write_bytes(data)


async def test_a_picture_that_lies_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip(frames=4))
    turn_a_quarter(path)
    frame = await Frames().last(path, tmp_path / "last.png")
    assert (frame.width, frame.height) == (72, 128)
    facts = await clip_facts(path)
    assert (facts.width, facts.height) == (72, 128)


def turn_a_quarter(path: Path) -> None:
    """Write the matrix of a quarter turn into the track's header, as phones do."""
    data = bytearray(path.read_bytes())
    place = data.index(b"tkhd") + 4 + 40
    turned = (0, 0x10000, 0, -0x10000, 0, 0, 72 << 16, 0, 0x40000000)
    data[place : place + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in turned)
    path.write_bytes(data)


async def test_a_thumbnail_is_small_and_shows_the_moment_that_is_asked_for(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip(frames=24, width=1280, height=720))
    for at_ms, number in ((0, 0), (500, 12), (99_000, 23)):
        frame = await Frames().thumbnail(path, tmp_path / f"{at_ms}.jpg", at_ms)
        assert (frame.width, frame.height) == (THUMBNAIL_SIDE_MAX, THUMBNAIL_SIDE_MAX * 9 // 16)
        [picture] = pictures_in(frame.path)
        assert number_in(picture) == number


async def test_a_frame_has_a_largest_side(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip(frames=2, width=4096, height=1024))
    frame = await Frames().last(path, tmp_path / "last.png")
    assert (frame.width, frame.height) == (SIDE_MAX, SIDE_MAX // 4)
    assert frame.path.stat().st_size <= BYTES_MAX


async def test_a_png_that_would_be_too_large_becomes_a_jpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.media.frames.BYTES_MAX", 2000)
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        noise = container.add_stream("libx264", rate=24)
        noise.width, noise.height, noise.pix_fmt = 64, 64, "yuv420p"
        picture = av.VideoFrame(64, 64, "yuv420p")
        for plane in picture.planes:
            plane.update(bytes(range(256)) * (plane.buffer_size // 256))
        picture.pts, picture.time_base = 0, Fraction(1, 24)
        container.mux(noise.encode(picture))
        container.mux(noise.encode(None))
    frame = await Frames().last(path, tmp_path / "last.png")
    assert frame.path == tmp_path / "last.jpg"
    assert frame.path.stat().st_size <= 2000
    assert not (tmp_path / "last.png").exists()


@pytest.mark.parametrize("kind", ["text", "a cut file", "a playlist", "sound alone"])
async def test_of_what_is_no_video_no_picture_can_be_had(kind: str, tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.mp4", Clip(clicks=[0.1])).read_bytes()
    path = tmp_path / "clip.mp4"
    match kind:
        case "text":
            path.write_text("no video at all")
        case "a cut file":
            path.write_bytes(whole[: len(whole) // 2])
        case "a playlist":
            path.write_text("ffconcat version 1.0\nfile whole.mp4\n")
        case "sound alone":
            with av.open(str(tmp_path / "whole.mp4")) as read, av.open(str(path), "w") as written:
                copied = written.add_stream_from_template(read.streams.audio[0])
                for packet in read.demux(read.streams.audio[0]):
                    if packet.dts is not None:
                        packet.stream = copied
                        written.mux(packet)
    with pytest.raises(NoFrame):
        await Frames().last(path, tmp_path / "last.png")
    with pytest.raises(Unreadable):
        await clip_facts(path)
    assert not (tmp_path / "last.png").exists()


async def test_a_clip_whose_end_is_broken_gives_its_last_whole_picture(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip(frames=24, options=(("g", "1"),)))
    data = path.read_bytes()
    begin = data.index(b"mdat") + 4
    length = int.from_bytes(data[begin - 8 : begin - 4], "big") - 8
    cut = begin + length - length // 10
    path.write_bytes(data[:cut] + bytes(begin + length - cut) + data[begin + length :])
    frame = await Frames().last(path, tmp_path / "last.png")
    assert frame.path.exists()


async def test_a_clip_that_claims_to_last_for_days_is_not_read(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip(times=[Fraction(0), Fraction(1, 24), Fraction(20_000)]))
    with pytest.raises(Unreadable, match="it claims to be 20000 s long"):
        await clip_facts(path)


async def test_the_facts_of_a_clip(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip(frames=45, rate=Fraction(30), clicks=[0.1]))
    facts = await clip_facts(path)
    assert (facts.width, facts.height, facts.rate, facts.ms, facts.sound) == (128, 72, Fraction(30), 1500, True)
    assert facts.size == path.stat().st_size


async def test_a_tool_that_hangs_is_ended(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip())
    with pytest.raises(NoFrame, match="time"):
        await Frames(seconds_max=0.01).last(path, tmp_path / "last.png")


async def test_who_no_longer_waits_leaves_no_process(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", Clip())
    taking = asyncio.create_task(Frames().last(path, tmp_path / "last.png"))
    await asyncio.sleep(0)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking


async def test_the_tool_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """A bot that is killed must not leave an encoder at work beside the one that its next start begins."""
    path = make(tmp_path / "clip.mp4", Clip(frames=600, width=1280, height=720))
    starter = (
        "import asyncio, sys; from pathlib import Path; from bot.media.fitting import Fitter;"
        "asyncio.run(Fitter().fit(Path(sys.argv[1]), 5_000_000))"
    )
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", starter, str(path))
    async with asyncio.timeout(30):
        while not (children := psutil.Process(bot.pid).children()):  # noqa: ASYNC110  # it is another process
            await asyncio.sleep(0.01)
        bot.kill()
        await bot.wait()
        await asyncio.to_thread(psutil.wait_procs, children, 20)
    assert not any(child.is_running() for child in children)
    assert path.exists()
