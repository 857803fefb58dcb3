"""One browser for all tests of a process, a page of its own for each, and two worlds to look at: one with the real bot,
one with a puppet. Every page must stay free of errors and of jumps.

The tests are one group, for one test process: a second browser would cost more than a second core gives.
"""

import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox.discord import DiscordSandbox
from sandbox.playground import playground_routes
from sandbox.studio.video.clip import ClipSpec
from tests.browser.launch import LAUNCH
from tests.browser.puppet import Puppet, puppet_in
from tests.browser.screen import Screen
from tests.support.stack import Stack, stack

SCRIPT = Path(__file__).parents[2] / "scripts" / "browser"
INSTALL_SECONDS_MAX = 240
HOURLY_POSTS = 3600


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the system's Chromium is; it is installed if that can be done, else these tests are skipped."""
    found = subprocess.run([SCRIPT], capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=False)
    if found.returncode:
        pytest.skip(f"browser tests: {found.stderr.strip()}")
    return found.stdout.strip()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Any]:
    """Chromium, with nothing in it."""
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as driver:
        launched = await driver.chromium.launch(executable_path=chromium, args=LAUNCH)
        yield launched
        await launched.close()


Open = Callable[..., Any]


@dataclass
class Opener:
    """Opens the page as somebody; all tabs are looked through at the end. `jump_max` is a layout shift's score."""

    browser: Any
    stack: AsyncExitStack
    screens: list[Screen] = field(default_factory=list)
    jump_max: float = 0.001

    def allow_growth(self) -> None:
        """Where an answer grows above other messages: those stay in view where they are, which the browser's score
        takes for a jump. Half of what it calls good is still the limit."""
        self.jump_max = 0.05

    def allow_deletion(self) -> None:
        """Let messages move by the height of one that is deleted among them, as in Discord: up to a third of a page."""
        self.jump_max = 0.3

    async def __call__(
        self,
        sandbox: DiscordSandbox,
        persona: str = "mia",
        channel: str = "",
        *,
        width: int = 1280,
        height: int = 800,
        **options: Any,
    ) -> Screen:
        context = await self.browser.new_context(viewport={"width": width, "height": height}, **options)
        self.stack.push_async_callback(context.close)
        screen = Screen(await context.new_page(), sandbox)
        self.screens.append(screen)
        where = sandbox.world.find_channel(channel, sandbox.world.personas[persona]).id if channel else ""
        await screen.open(f"#{persona}/{where}")
        return screen


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Any) -> AsyncIterator[Opener]:
    """`await open_page(sandbox, "noah", "videos")`; afterwards nothing may have gone wrong in any of the tabs."""
    async with AsyncExitStack() as stack:
        opener = Opener(browser, stack)
        yield opener
        for screen in opener.screens:
            assert screen.errors == []
            assert await screen.shifts(opener.jump_max) == []


@asynccontextmanager
async def _puppet_world() -> AsyncIterator[tuple[DiscordSandbox, Puppet]]:
    async with DiscordSandbox(extra_routes=playground_routes()) as sandbox, puppet_in(sandbox) as puppet:
        yield sandbox, puppet


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[DiscordSandbox]:
    """A sandbox without a bot."""
    async with DiscordSandbox(extra_routes=playground_routes()) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def show() -> AsyncIterator[tuple[DiscordSandbox, Puppet]]:
    """A sandbox with the puppet logged in to it."""
    async with _puppet_world() as world:
        yield world


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def reel(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Both sandboxes with the real bot, and videos that are videos. One for all tests: each uses prompts of its own."""
    folder = tmp_path_factory.mktemp("reel")
    url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    options = {"render": True, "short_side_max": 180, "job_seconds": (0.3, 0.3), "posts_per_hour": HOURLY_POSTS}
    async with stack(url, folder, **options) as ready:
        await ready.start_bot(
            DEFAULT_GUILD_CREDITS="10000",
            OWNER_IDS=str(ready.discord.world.owner.id),
            STUDIO_POSTS_PER_HOUR=str(HOURLY_POSTS),
        )
        yield ready


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second of video."""
    encode = pytest.importorskip("sandbox.studio.video.encode")
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    encode.encode(ClipSpec("a fox", "Veo", "16:9", 320, 180, 1.0, False), str(path))
    return path.read_bytes()
