"""The container image, built for real: one job from a read-only root file system, as its user without rights.

Building takes a minute or two, so this runs where buildah is installed already, for example by `scripts/image`.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sandbox.demo.bot_process import PROJECT
from tests.support.stack import Stack, stack
from tests.support.stage import words

USER = 10001
BUILDING_SECONDS_MAX = 600
ENVIRONMENT = os.environ | {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
INSIDE = """
mount --bind "$ROOT" "$ROOT"
mount -o remount,ro,bind "$ROOT"
mount -t tmpfs tmpfs "$ROOT/tmp"
mount --bind "$DATA" "$ROOT/app/data"
exec chroot --userspec="$USER_ID:$USER_ID" "$ROOT" env -C /app -i PATH=/app/venv/bin:/usr/bin:/bin "$@"
"""
"""What a container engine does for `--read-only`, `--tmpfs /tmp` and a volume, in a mount namespace of its own."""

pytestmark = [
    pytest.mark.timeout(BUILDING_SECONDS_MAX),
    pytest.mark.xdist_group("image"),
    pytest.mark.skipif(
        shutil.which("buildah") is None or os.getuid() != 0, reason="needs root and buildah, see scripts/image"
    ),
]


def buildah(*arguments: str) -> str:
    command = ["buildah", *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """The image's root file system."""
    built = subprocess.run(["sh", PROJECT / "scripts" / "image"], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    container = buildah("from", "--pull=never", built.stdout.strip())
    try:
        yield Path(buildah("mount", container))
    finally:
        buildah("umount", container)
        buildah("rm", container)


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """An empty volume that the image's user owns."""
    folder = tmp_path / "volume"
    folder.mkdir(mode=0o700)
    os.chown(folder, USER, USER)
    return folder


@pytest.fixture
async def reel(tmp_path: Path) -> AsyncIterator[Stack]:
    async with stack("sqlite+aiosqlite:////app/data/bot.db", tmp_path) as ready:
        yield ready


async def start(root: Path, volume: Path, settings: dict[str, str], *command: str) -> asyncio.subprocess.Process:
    variables = [f"{name}={value}" for name, value in settings.items()]
    return await asyncio.create_subprocess_exec(
        *("unshare", "--mount", "sh", "-euc", INSIDE, "sh", *variables, *command),
        env={"PATH": os.environ["PATH"], "ROOT": str(root), "DATA": str(volume), "USER_ID": str(USER)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def output(process: asyncio.subprocess.Process) -> tuple[int, str]:
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_the_image_makes_a_video_from_a_read_only_root_and_stops_cleanly(
    root: Path, volume: Path, reel: Stack
) -> None:
    settings = reel.bot_settings()
    bot = await start(root, volume, settings, "python", "-m", "bot")
    try:
        await reel.until(reel.hears)
        _, report = await output(await start(root, volume, settings, "python", "-m", "bot", "doctor"))
        assert " 0 fail" in report, report
        mia = reel.discord.persona("mia")
        card = await (await mia.slash("veo fast", "videos", prompt="a fox")).wait_message()
        assert "100 credits" in words(card)
        await reel.until(reel.closings)
        assert reel.closings()[0].attachments
    finally:
        bot.terminate()
        status, log = await output(bot)
    assert status == 0, log
    assert {(path.stat().st_uid, path.stat().st_mode & 0o077) for path in volume.iterdir()} == {(USER, 0)}


async def test_the_image_holds_the_bot_and_nothing_to_build_or_test_it_with(root: Path, volume: Path) -> None:
    asked = (
        "from importlib.util import find_spec as f; print(*filter(f, ('bot', 'cogs', 'sandbox', 'tests', 'pytest')))"
    )
    assert await output(await start(root, volume, {}, "python", "-c", asked)) == (0, "bot cogs\n")
    status, _ = await output(await start(root, volume, {}, "python", "-c", "open('/app/bot/x', 'w')"))
    assert status == 1, "the root file system can be written"


async def test_without_settings_the_image_says_what_is_missing(root: Path, volume: Path) -> None:
    status, said = await output(await start(root, volume, {}, "python", "-m", "bot"))
    assert (status, said) == (78, "DISCORD_TOKEN is missing: set it in .env\n")
