"""Time and memory of joining ten clips of 8 s at 1080p to one film, beside the `ffmpeg` program doing the same.

Run: python -m benchmarks.joining [SECONDS]   (the length of a clip; `ffmpeg` is measured where it is installed)
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av

from bot.domain.films import AUDIO_RATE, ClipPart, Film, FilmFormat, encoding, film_json
from bot.media.tool.join import PRESET, QUALITY

CLIPS = 10
RATE = 24
WIDTH, HEIGHT = 1920, 1080
THREADS = 2
SIZE_MAX = 100 * 1024 * 1024
ROUNDS = 1
_TOOL = Path(__file__).resolve().parent.parent / "bot" / "media" / "tool"


def main() -> None:
    """Print one row for each program."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    with tempfile.TemporaryDirectory(prefix="bench-joining-") as folder:
        clips = [make_clip(Path(folder) / "clip.mp4", seconds)] * CLIPS
        print(
            f"{CLIPS} x {seconds:g} s at {WIDTH} x {HEIGHT}, {THREADS} threads, load before: {os.getloadavg()[0]:.1f}"
        )
        print("| program | time | of processors | most memory | file |")
        print("| --- | --- | --- | --- | --- |")
        commands = {"the bot's tool": tool_command(Path(folder), clips)}
        if shutil.which("ffmpeg"):
            commands["ffmpeg"] = ffmpeg_command(Path(folder), clips, seconds)
        for name, command in commands.items():
            runs = [run(command) for _ in range(ROUNDS)]
            taken, worked = min(each[0] for each in runs), min(each[1] for each in runs)
            memory = max(each[2] for each in runs)
            size = (Path(folder) / "film.mp4").stat().st_size / 1e6
            print(f"| {name} | {taken:.1f} s | {worked:.1f} s | {memory:.0f} MiB | {size:.1f} MB |")


def make_clip(path: Path, seconds: float) -> Path:
    """Write a clip of moving shapes with some grain and a tone, at the rate of bits that models deliver."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 8_000_000
        video.options = {"preset": "veryfast"}
        sound = container.add_stream("aac", rate=48_000, layout="stereo")
        source = f"size={WIDTH}x{HEIGHT}:rate={RATE}:duration={seconds}"
        moving = (("testsrc2", source), ("noise", "alls=6:allf=t"), ("format", "yuv420p"))
        for picture in _made((*moving, ("buffersink", ""))):
            container.mux(video.encode(cast(av.VideoFrame, picture)))
        container.mux(video.encode(None))
        tone = ("sine", f"frequency=440:sample_rate=48000:duration={seconds}")
        stereo = ("aformat", "sample_fmts=fltp:channel_layouts=stereo")
        for block in _made((tone, stereo, ("abuffersink", ""))):
            container.mux(sound.encode(cast(av.AudioFrame, block)))
        container.mux(sound.encode(None))
    return path


def _made(filters: Sequence[tuple[str, str]]) -> Iterator[av.VideoFrame | av.AudioFrame]:
    graph = av.filter.Graph()
    graph.link_nodes(*(graph.add(name, arguments) for name, arguments in filters)).configure()
    while True:
        try:
            yield graph.pull()
        except av.error.EOFError:
            return


def tool_command(folder: Path, clips: Sequence[Path]) -> list[str]:
    """Return the command line of the bot's tool."""
    parts = tuple(ClipPart(str(clip)) for clip in clips)
    plan = folder / "plan.json"
    plan.write_text(json.dumps(film_json(Film(_FORMAT, parts, SIZE_MAX))))
    return [sys.executable, "-I", str(_TOOL), "join", str(plan), str(folder / "film.mp4"), str(THREADS), "3600"]


_FORMAT = FilmFormat(WIDTH, HEIGHT, Fraction(RATE))


def ffmpeg_command(folder: Path, clips: Sequence[Path], seconds: float) -> list[str]:
    """Return the command line of `ffmpeg` with the same settings."""
    size = encoding(_FORMAT, seconds * len(clips), int(SIZE_MAX * 0.93), sound=True)
    rate = size.video_rate if size else 0
    inputs = [argument for clip in clips for argument in ("-i", str(clip))]
    numbers = range(len(clips))
    pictures = [f"[{n}:v]scale={WIDTH}:{HEIGHT},fps={RATE},setsar=1,format=yuv420p[v{n}]" for n in numbers]
    sounds = [f"[{n}:a]loudnorm=I=-16:TP=-1.5,aresample=48000,aformat=channel_layouts=stereo[a{n}]" for n in numbers]
    joined = "".join(f"[v{n}][a{n}]" for n in numbers) + f"concat=n={len(clips)}:v=1:a=1[v][a]"
    video = ["-c:v", "libx264", "-preset", PRESET, "-crf", QUALITY, "-maxrate", str(rate), "-bufsize", str(rate)]
    return [
        *("nice", "-n", "10", "ffmpeg", "-y", "-loglevel", "error"),
        *inputs,
        *("-filter_complex", ";".join([*pictures, *sounds, joined]), "-map", "[v]", "-map", "[a]"),
        *video,
        *("-threads", str(THREADS), "-c:a", "aac", "-b:a", str(AUDIO_RATE), "-movflags", "+faststart"),
        str(folder / "film.mp4"),
    ]


def run(command: Sequence[str]) -> tuple[float, float, float]:
    """Run a command to its end; return its seconds, those of all processors, and the most memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs
    _, status, usage = os.wait4(process.pid, 0)
    if process.stdin is not None:
        process.stdin.close()
    if status != 0:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
