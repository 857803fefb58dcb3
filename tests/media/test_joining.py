"""Films are joined for real and decoded again: every picture and every click is where the parts add up to."""

import asyncio
import math
import os
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from bot.domain.films import (
    FADE_SECONDS,
    ClipFacts,
    ClipPart,
    Film,
    FilmFormat,
    Fit,
    Part,
    TitlePart,
    Transition,
    choose_format,
    credit_pages,
)
from bot.media.clip_facts import clip_facts
from bot.media.joining import Joined, JoiningFailed, join
from bot.media.limited_process import Progress
from bot.media.tool.film_sound import FilmSound
from bot.media.tool.sounds import SAMPLE_RATE
from tests.support.clips import Clip, brightness, clicks_in, make, number_in, numbers_in, pictures_in

RATE = Fraction(24)
FORMAT = FilmFormat(128, 72, RATE)
SIZE_MAX = 5_000_000
CLICK_OFF_MAX = 0.01
"""Seconds by which a click may be off. AAC smears a click over its blocks."""


async def joined(folder: Path, *parts: Part, film_format: FilmFormat = FORMAT, size_max: int = SIZE_MAX) -> Path:
    return (await made(folder, Film(film_format, parts, size_max))).path


async def made(folder: Path, film: Film) -> Joined:
    return await join(film, folder / "film.mp4", 10.0)


def clip(path: Path, **kinds: Any) -> ClipPart:
    return ClipPart(str(make(path, Clip(**kinds))))


def seconds_in(path: Path) -> dict[str, float]:
    with av.open(str(path)) as container:
        return {stream.type: float((stream.duration or 0) * (stream.time_base or 0)) for stream in container.streams}


async def test_clips_that_have_nothing_in_common_become_one_film(tmp_path: Path) -> None:
    parts = (
        clip(tmp_path / "a.mp4", frames=24, clicks=[0.25], options=(("bf", "3"),)),
        clip(tmp_path / "b.webm", frames=30, rate=Fraction(30), codec="libvpx", width=72, height=128, first_number=50),
        clip(
            tmp_path / "c.mov",
            frames=12,
            rate=Fraction(12),
            width=64,
            height=64,
            first_number=100,
            clicks=[0.5],
            layout="mono",
            sample_rate=44_100,
        ),
    )
    film = await made(tmp_path, Film(FORMAT, parts, SIZE_MAX))
    assert (film.ms, film.width, film.height) == (3000, 128, 72)
    numbers = numbers_in(film.path)
    assert numbers[:24] == list(range(24))
    assert numbers[24:48] == sorted(numbers[24:48])
    assert numbers[24] == 50
    assert numbers[47] in {78, 79}
    assert numbers[48:] == [100 + number // 2 for number in range(24)]
    assert seconds_in(film.path) == {"video": 3.0, "audio": pytest.approx(3.0, abs=0.03)}
    assert clicks_in(film.path) == [pytest.approx(0.25, abs=CLICK_OFF_MAX), pytest.approx(2.5, abs=CLICK_OFF_MAX)]
    with av.open(str(film.path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.audio[0].codec_context.name == "aac"
    data = film.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "it must play before it has been loaded"
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".json"] == []


async def test_nothing_drifts_over_many_clips_of_an_odd_length(tmp_path: Path) -> None:
    """Each clip is 0.7 s, which is no whole number of pictures at 24 a second, and clicks at its beginning."""
    part = clip(tmp_path / "a.mp4", frames=7, rate=Fraction(10), clicks=[0.05])
    path = await joined(tmp_path, *[part] * 12)
    assert len(pictures_in(path)) == round(12 * 0.7 * 24)
    expected = [0.7 * number + 0.05 for number in range(12)]
    assert clicks_in(path) == [pytest.approx(time, abs=1 / 24) for time in expected]


@pytest.mark.parametrize("codec", ["libx264", "libvpx"])
async def test_an_uneven_rate_keeps_every_picture_at_its_time(codec: str, tmp_path: Path) -> None:
    times = [Fraction(0), Fraction(1, 8), Fraction(1, 6), Fraction(3, 4)]
    suffix = "mp4" if codec == "libx264" else "webm"
    path = await joined(tmp_path, clip(tmp_path / f"a.{suffix}", times=times, codec=codec))
    numbers = numbers_in(path)
    assert numbers[:18] == [0] * 3 + [1] + [2] * 14
    assert set(numbers[18:]) == {3}


async def test_a_clip_of_a_tenth_of_a_second_is_in_the_film(tmp_path: Path) -> None:
    long = clip(tmp_path / "a.mp4", frames=12)
    short = clip(tmp_path / "b.mp4", frames=3, rate=Fraction(30), first_number=100)
    one = clip(tmp_path / "c.mp4", frames=1, first_number=200)
    numbers = numbers_in(await joined(tmp_path, long, short, one, long))
    assert numbers == [*range(12), *numbers[12:14], 200, *range(12)]
    assert set(numbers[12:14]) <= {100, 101, 102}


async def test_a_piece_of_a_clip_begins_and_ends_where_it_is_cut(tmp_path: Path) -> None:
    whole = clip(tmp_path / "a.mp4", frames=72, clicks=[0.2, 1.25, 2.5], options=(("g", "30"), ("bf", "3")))
    path = await joined(tmp_path, ClipPart(whole.file, 1000, 2000), ClipPart(whole.file, 2500))
    assert numbers_in(path) == [*range(24, 48), *range(60, 72)]
    assert clicks_in(path) == [pytest.approx(0.25, abs=CLICK_OFF_MAX), pytest.approx(1.0, abs=CLICK_OFF_MAX)]


@pytest.mark.parametrize("piece", [(99_000, None), (500, 400), (0, 99_000)])
async def test_a_piece_that_is_not_in_the_clip_breaks_nothing(piece: tuple[int, int | None], tmp_path: Path) -> None:
    whole = clip(tmp_path / "a.mp4", frames=24)
    path = await joined(tmp_path, ClipPart(whole.file, *piece), whole)
    numbers = numbers_in(path)
    begin = numbers.index(0, 1)
    assert 1 <= begin <= 24
    assert numbers[begin:] in (list(range(24)), list(range(23))), "a part of 1 ms has a picture, too"


async def test_a_fade_takes_no_time_and_has_no_black_gap(tmp_path: Path) -> None:
    first = clip(tmp_path / "a.mp4", frames=24, first_number=0b11110101, still=True)
    second = clip(tmp_path / "b.mp4", frames=24, first_number=0b01011111, still=True)
    faded = ClipPart(second.file, transition=Transition.FADE)
    pictures = pictures_in(await joined(tmp_path, first, faded))
    assert len(pictures) == 48
    levels = [brightness(picture) for picture in pictures]
    assert min(levels) > 80
    fade = round(FADE_SECONDS * 24)
    lines = [bytes(picture.reformat(format="gray").planes[0]) for picture in pictures]
    rising, falling = [line[24] for line in lines[23 : 25 + fade]], [line[-24] for line in lines[23 : 25 + fade]]
    assert len(set(rising)) > fade // 2, "it comes up bit by bit"
    assert all(later > earlier - 4 for earlier, later in pairwise(rising))
    assert all(later < earlier + 4 for earlier, later in pairwise(falling))
    assert number_in(pictures[24 + fade]) == 0b01011111


async def test_the_first_part_may_come_up_out_of_black(tmp_path: Path) -> None:
    only = clip(tmp_path / "a.mp4", frames=24, first_number=255, still=True)
    levels = [
        brightness(each)
        for each in pictures_in(await joined(tmp_path, ClipPart(only.file, transition=Transition.FADE)))
    ]
    assert levels[0] < 40
    assert levels[:10] == sorted(levels[:10])
    assert levels[-1] > 100


@pytest.mark.parametrize(("fit", "borders"), [(Fit.LETTERBOX, True), (Fit.CROP, False)])
async def test_a_clip_of_another_shape_has_borders_or_is_cropped(fit: Fit, borders: bool, tmp_path: Path) -> None:
    part = clip(tmp_path / "a.mp4", frames=6, width=72, height=72, first_number=255, still=True)
    film = await made(tmp_path, Film(FORMAT, (part,), SIZE_MAX, fit))
    grey = pictures_in(film.path)[3].reformat(format="gray")
    middle = bytes(grey.planes[0])[36 * grey.planes[0].line_size :][:128]
    assert (middle[5] < 40, middle[122] < 40) == (borders, borders)
    assert middle[64] > 180


TEXTS = [
    "A fox & the *sea* `code` <@123> [link](https://example.org) %{n}\\n:", "😀👨‍👩‍👧 🇫🇷 ✈️", "مرحبا بالعالم שלום",
    "你好 日本語 한국어 हिन्दी",
    "", "\x00\x07\u202e\ud800", "x" * 5000, "a\n" * 500, "\u0301\u200d\ufe0f", "🏴\U000e0067\U000e0062\U000e007f",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
async def test_a_title_card_takes_any_text_and_its_time(text: str, tmp_path: Path) -> None:
    part = clip(tmp_path / "a.mp4", frames=6, first_number=255, still=True)
    pictures = pictures_in(await joined(tmp_path, TitlePart(text, 0.5), part))
    assert len(pictures) == 18
    assert brightness(pictures[5]) < 60
    assert number_in(pictures[12]) == 255


async def test_credits_are_pages_at_the_end(tmp_path: Path) -> None:
    lines = tuple(f"clip {number} by <@{number}>" for number in range(10))
    part = clip(tmp_path / "a.mp4", frames=6)
    film = await made(tmp_path, Film(FORMAT, (part,), SIZE_MAX, credits=lines))
    assert film.ms == 250 + 1000 * sum(page.seconds for page in credit_pages(lines))


async def test_a_film_without_sound_has_no_track_of_silence(tmp_path: Path) -> None:
    silent = clip(tmp_path / "a.mp4", frames=6)
    loud = clip(tmp_path / "b.mp4", frames=6, clicks=[0.1])
    path = await joined(tmp_path, silent, ClipPart(loud.file, sound=False))
    assert list(seconds_in(path)) == ["video"]


async def test_a_sound_that_begins_late_or_ends_early_stays_in_step(tmp_path: Path) -> None:
    """Each clip's sound ends before its pictures do; the next one's clicks must not come early."""
    path = make(tmp_path / "a.mp4", Clip(frames=24, clicks=[0.1]))
    cut = tmp_path / "b.mp4"
    with av.open(str(path)) as read, av.open(str(cut), "w") as written:
        streams = {stream.index: written.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            late = (
                packet.stream.type == "audio" and packet.pts is not None and float(packet.pts * packet.time_base) > 0.4
            )
            if packet.dts is not None and not late:
                packet.stream = streams[packet.stream.index]
                written.mux(packet)
    film = await joined(tmp_path, ClipPart(str(cut)), ClipPart(str(cut)))
    assert clicks_in(film) == [pytest.approx(0.1, abs=CLICK_OFF_MAX), pytest.approx(1.1, abs=CLICK_OFF_MAX)]


def loudness_in(path: Path, begin: float, end: float) -> float:
    """Return the root mean square of a stretch of a file's sound."""
    total, count = 0.0, 0
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        for decoded in container.decode(audio=0):
            for block in resampler.resample(decoded):
                if begin <= float(block.time or 0) < end:
                    values = memoryview(bytes(block.planes[0])[: 4 * block.samples]).cast("f")
                    total += sum(value * value for value in values)
                    count += block.samples
    return math.sqrt(total / max(count, 1))


TONE = [number * 0.02 for number in range(50)]
"""Clicks so dense that they are a tone of a second."""


async def test_quiet_and_loud_clips_become_alike(tmp_path: Path) -> None:
    quiet = clip(tmp_path / "a.mp4", frames=24, clicks=TONE, loudness=0.06)
    loud = clip(tmp_path / "b.mp4", frames=24, clicks=TONE, loudness=0.9)
    path = await joined(tmp_path, quiet, loud)
    first, second = loudness_in(path, 0.2, 0.8), loudness_in(path, 1.2, 1.8)
    assert 0.8 < first / second < 1.25
    assert second < 0.5


async def test_silence_stays_silent(tmp_path: Path) -> None:
    path = await joined(tmp_path, clip(tmp_path / "a.mp4", frames=24, clicks=[]))
    assert loudness_in(path, 0.0, 1.0) < 0.001


async def test_a_background_is_heard_under_all_parts_to_the_end(tmp_path: Path) -> None:
    part = clip(tmp_path / "a.mp4", frames=48)
    music = make(tmp_path / "music.mp4", Clip(frames=24, clicks=TONE))
    alone = await made(tmp_path, Film(FORMAT, (part, TitlePart("end", 3)), SIZE_MAX, background=str(music)))
    assert alone.background
    assert seconds_in(alone.path)["audio"] == pytest.approx(5.0, abs=0.03)
    assert loudness_in(alone.path, 0.2, 0.8) > 0.05
    assert loudness_in(alone.path, 1.3, 1.9) > 0.05, "it begins again where it is shorter"
    assert loudness_in(alone.path, 4.8, 5.0) < loudness_in(alone.path, 1.3, 1.9) / 2, "it goes away at the end"
    full = loudness_in(alone.path, 0.2, 0.8)
    spoken = clip(tmp_path / "b.mp4", frames=48, clicks=[1.0])
    under = await made(tmp_path, Film(FORMAT, (spoken, TitlePart("end", 3)), SIZE_MAX, background=str(music)))
    assert loudness_in(under.path, 0.2, 0.8) < full / 2, "it is under the clip's own sound"


@pytest.mark.parametrize("content", [b"no sound", b"ID3" + bytes(100)])
async def test_a_background_that_is_no_sound_is_not_heard(content: bytes, tmp_path: Path) -> None:
    music = tmp_path / "music.mp3"
    music.write_bytes(content)
    part = clip(tmp_path / "a.mp4", frames=6)
    film = await made(tmp_path, Film(FORMAT, (part,), SIZE_MAX, background=str(music)))
    assert list(seconds_in(film.path)) == ["video"]
    assert not film.background


async def test_a_film_fits_its_size(tmp_path: Path) -> None:
    parts = [clip(tmp_path / f"{n}.mp4", frames=48, width=1280, height=720, first_number=n) for n in range(3)]
    limit = 260_000
    film = await made(tmp_path, Film(FilmFormat(1280, 720, RATE), tuple(parts), limit))
    assert film.path.stat().st_size == film.size <= limit
    assert film.width < 1280, "a smaller picture looks better than a starved large one"


async def test_a_film_that_cannot_fit_says_so(tmp_path: Path) -> None:
    part = clip(tmp_path / "a.mp4", frames=48)
    with pytest.raises(JoiningFailed) as failed:
        await joined(tmp_path, part, size_max=20_000)
    assert failed.value.code == "too_large"
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize("kind", ["text", "empty", "a cut file", "missing"])
async def test_a_clip_that_cannot_be_read_is_named(kind: str, tmp_path: Path) -> None:
    good = clip(tmp_path / "a.mp4", frames=6)
    bad = tmp_path / "b.mp4"
    match kind:
        case "text":
            bad.write_text("ffconcat version 1.0\nfile a.mp4\n")
        case "empty":
            bad.touch()
        case "a cut file":
            bad.write_bytes(Path(good.file).read_bytes()[:600])
    with pytest.raises(JoiningFailed) as failed:
        await joined(tmp_path, good, ClipPart(str(bad)), good)
    assert (failed.value.code, failed.value.part) == ("clip", 1)
    assert sorted(each.name for each in tmp_path.iterdir() if each != bad) == ["a.mp4"]


async def test_a_broken_stretch_in_a_clip_costs_no_time(tmp_path: Path) -> None:
    good = clip(tmp_path / "a.mp4", frames=48, clicks=[0.1], options=(("g", "6"),))
    data = bytearray(Path(good.file).read_bytes())
    begin = data.index(b"mdat") + 4
    length = int.from_bytes(data[begin - 8 : begin - 4], "big") - 8
    data[begin + length // 2 : begin + length * 3 // 4] = os.urandom(length * 3 // 4 - length // 2)
    (tmp_path / "b.mp4").write_bytes(data)
    path = await joined(tmp_path, ClipPart(str(tmp_path / "b.mp4")), good)
    assert len(pictures_in(path)) == 96
    assert clicks_in(path)[-1] == pytest.approx(2.1, abs=CLICK_OFF_MAX)


async def test_two_hundred_clips(tmp_path: Path) -> None:
    part = clip(tmp_path / "a.mp4", frames=2)
    assert len(numbers_in(await joined(tmp_path, *[part] * 200))) == 400


async def test_progress_tells_the_pictures_that_are_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = clip(tmp_path / "a.mp4", frames=240, width=640, height=360)
    told: list[Progress] = []
    film = Film(FilmFormat(1920, 1080, RATE), (part, part), 50_000_000)
    await join(film, tmp_path / "film.mp4", 20.0, on_progress=told.append)
    assert {progress.whole for progress in told} == {480}
    assert [progress.done for progress in told] == sorted({progress.done for progress in told})
    assert 0 < told[0].done < told[-1].done <= 480


async def test_who_no_longer_waits_leaves_nothing(tmp_path: Path) -> None:
    part = clip(tmp_path / "a.mp4", frames=240)
    begun = asyncio.Event()
    film = Film(FilmFormat(1920, 1080, RATE), (part,) * 4, 50_000_000)
    joining = asyncio.create_task(join(film, tmp_path / "film.mp4", 40.0, on_progress=lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 30)
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining
    assert [each.name for each in tmp_path.iterdir()] == ["a.mp4"]


async def test_the_format_of_real_clips(tmp_path: Path) -> None:
    paths = [
        make(tmp_path / "a.mp4", Clip(frames=6, width=640, height=360)),
        make(tmp_path / "b.mp4", Clip(frames=30, rate=Fraction(30), width=320, height=180)),
        make(tmp_path / "c.mp4", Clip(frames=6, width=360, height=640)),
    ]
    facts: list[ClipFacts] = [await clip_facts(path) for path in paths]
    assert choose_format(facts) == FilmFormat(640, 360, Fraction(30))


def test_a_films_sound_needs_no_more_memory_for_a_longer_film() -> None:
    """Its blocks come picture by picture: nothing is gathered."""
    blocks = FilmSound([], RATE, None).blocks()
    assert next(blocks) == []
