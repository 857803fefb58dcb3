"""Files of sound of every usual kind are told by their first bytes, and heard behind a film."""

from pathlib import Path
from typing import cast

import av
import pytest

from bot.domain.media_type import HEAD_BYTES, sound_suffix_of
from bot.media.tool.sounds import SAMPLE_RATE, Sound, has_sound
from tests.support.clips import clicking

KINDS = {
    ".mp3": ("mp3", "libmp3lame"),
    ".aac": ("adts", "aac"),
    ".m4a": ("ipod", "aac"),
    ".ogg": ("ogg", "libopus"),
    ".flac": ("flac", "flac"),
    ".wav": ("wav", "pcm_s16le"),
    ".webm": ("webm", "libopus"),
}


def sound_file(path: Path, container: str, codec: str, **options: str) -> Path:
    with av.open(str(path), "w", format=container, options=options) as written:
        stream = cast(av.AudioStream, written.add_stream(codec, rate=SAMPLE_RATE, layout="stereo"))
        for block in clicking(1.0, [0.25], SAMPLE_RATE, "stereo"):
            written.mux(stream.encode(block))
        written.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("suffix", KINDS)
def test_a_sound_is_known_by_its_first_bytes_and_can_be_read(suffix: str, tmp_path: Path) -> None:
    path = sound_file(tmp_path / f"sound{suffix}", *KINDS[suffix])
    assert sound_suffix_of(path.read_bytes()[:HEAD_BYTES]) == suffix
    assert has_sound(path)
    sound = Sound(path)
    loud = [place for place in range(20) if peak(sound.read(SAMPLE_RATE // 20)) > 0.2]
    assert loud[0] in {4, 5, 6}, "a click at a quarter of a second; coders begin with a little silence"
    sound.close()


def test_a_sound_whose_format_changes_in_the_middle_goes_on(tmp_path: Path) -> None:
    """As in a recording that was put together: MPEG audio may change with every frame."""
    parts = [tmp_path / "mono.mp3", tmp_path / "stereo.mp3"]
    for path, layout in zip(parts, ("mono", "stereo"), strict=True):
        with av.open(str(path), "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as written:
            stream = written.add_stream("libmp3lame", rate=SAMPLE_RATE, layout=layout)
            for block in clicking(1.0, [number * 0.02 for number in range(50)], SAMPLE_RATE, layout):
                written.mux(stream.encode(block))
            written.mux(stream.encode(None))
    both = tmp_path / "both.mp3"
    both.write_bytes(b"".join(path.read_bytes() for path in parts))
    sound = Sound(both)
    loud = [peak(sound.read(SAMPLE_RATE // 10)) > 0.2 for _ in range(20)]
    assert all(loud[2:18])
    sound.close()


def test_an_mp3_without_a_tag_is_no_aac(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "sound.mp3", "mp3", "libmp3lame", id3v2_version="0", write_xing="0")
    assert path.read_bytes()[0] == 0xFF
    assert sound_suffix_of(path.read_bytes()[:HEAD_BYTES]) == ".mp3"
    assert has_sound(path)


@pytest.mark.parametrize("head", [b"#!AMR\n", b"just words", b"", b"\0\0\0\x18ftypavif", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_usual_sound_has_no_suffix(head: bytes, tmp_path: Path) -> None:
    assert sound_suffix_of(head) is None
    path = tmp_path / "sound.unknown"
    path.write_bytes(head)
    assert not has_sound(path)


def peak(block: av.AudioFrame) -> float:
    values = memoryview(bytes(block.planes[0])[: 4 * block.samples]).cast("f")
    return max(abs(value) for value in values)
