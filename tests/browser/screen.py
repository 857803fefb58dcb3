"""One tab, in the words of whoever looks at it."""

import asyncio
from typing import Any

from sandbox.discord import DiscordSandbox

WAIT_MS = 8000
VIDEO_WAIT_MS = 30_000

WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (one.hadRecentInput) continue;
    const place = (r) => `${r.x},${r.y} ${r.width}x${r.height}`;
    const nodes = one.sources.map(({ node, previousRect: from, currentRect: to }) =>
      `${node?.className || node?.data || node?.nodeName} from ${place(from)} to ${place(to)}`);
    window.shifts.push([one.value, nodes.join(", ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


class Screen:
    """Wraps Playwright's page; `page` is it."""

    def __init__(self, page: Any, sandbox: DiscordSandbox) -> None:
        self.page = page
        self.sandbox = sandbox
        self.errors: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    async def open(self, address: str) -> None:
        await self.page.add_init_script(WATCH)
        await self.page.goto(f"{self.sandbox.url}/{address}")
        await self.page.wait_for_selector("html[data-ready]")

    async def reload(self) -> None:
        await self.page.reload()
        await self.page.wait_for_selector("html[data-ready]")

    async def become(self, name: str) -> None:
        """Switch to another persona."""
        await self.page.locator(".persona-button").click()
        await self.page.get_by_role("menuitem", name=name.capitalize()).click()
        await self.page.locator(".persona-button", has_text=name.capitalize()).wait_for()

    async def shifts(self, more_than: float) -> list[str]:
        """What jumped without being asked to, by the browser's own score."""
        found: list[tuple[float, str]] = await self.page.evaluate("window.shifts")
        return [f"{score:.4f} {what}" for score, what in found if score > more_than]

    @property
    def box(self) -> Any:
        """The message box."""
        return self.page.locator("textarea.composer-field")

    @property
    def messages(self) -> Any:
        return self.page.locator("ol.messages > li")

    def message(self, text: str) -> Any:
        """The newest message that says `text`."""
        return self.messages.filter(has_text=text).last

    async def sees(self, text: str, timeout: float = WAIT_MS) -> Any:
        """Wait for a message that says `text`."""
        found = self.message(text)
        await found.wait_for(timeout=timeout)
        return found

    async def until(self, condition: str) -> None:
        """Wait until an expression of JavaScript is true; it is looked at with every frame.

        Not Playwright's `wait_for_function`, which the page's Content-Security-Policy stops at its second look.
        """
        look = f"const look = () => ({condition}) ? done() : requestAnimationFrame(look)"
        async with asyncio.timeout(WAIT_MS / 1000):
            await self.page.evaluate(f"() => new Promise((done) => {{ {look}; look(); }})")

    async def texts(self) -> list[str]:
        """All messages, one text each, without what ticks."""
        script = """rows => rows.map(row => {
          const copy = row.cloneNode(true);
          copy.querySelectorAll("time, .tools").forEach(one => one.remove());
          return copy.innerText;
        })"""
        await self.page.wait_for_function("!document.querySelector('.used:empty')")
        found: list[str] = await self.messages.evaluate_all(script)
        return found

    def chip(self, option: str) -> Any:
        """The field of an option of the command that is being filled in."""
        return self.page.locator(f'.chip[data-option="{option}"]').locator("input:not(.unseen), textarea, button").first

    async def command(self, name: str, **options: str) -> None:
        """Type a command with its options, as a person does with keys alone, and send it."""
        await self.start(name)
        for option, value in options.items():
            if not await self.page.locator(f'.chip[data-option="{option}"]').count():
                await self.add_option(option)
            field = self.chip(option)
            await field.focus()
            await field.type(value)
            if await field.get_attribute("role") == "combobox":
                await self.page.locator(".choice.active").wait_for()
                await field.press("Enter")
        await self.page.keyboard.press("Enter")

    async def start(self, name: str) -> None:
        """Choose a command from the picker."""
        await self.box.focus()
        await self.box.type(f"/{name}")
        await self.page.locator(".choice.active", has_text=f"/{name}").wait_for()
        await self.page.keyboard.press("Enter")

    async def add_option(self, option: str) -> None:
        await self.page.locator(".chip-more").focus()
        await self.page.keyboard.press("ArrowDown")
        await self.page.get_by_role("option", name=option).first.click()

    async def playing(self, video: Any) -> tuple[float, int, int]:
        """Play a video a little; its duration and size."""
        await video.evaluate("v => { v.muted = true; return v.play(); }")
        await self.page.wait_for_function(
            "v => v.readyState >= 3 && v.currentTime > 0.1", arg=await video.element_handle(), timeout=VIDEO_WAIT_MS
        )
        found = await video.evaluate("v => [v.duration, v.videoWidth, v.videoHeight]")
        return found[0], found[1], found[2]
