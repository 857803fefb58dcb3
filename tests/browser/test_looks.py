"""Fit to be looked at: contrast in both themes, on every part of the page."""

import pytest

from sandbox.discord import DiscordSandbox
from tests.browser import specimens
from tests.browser.conftest import Opener
from tests.browser.puppet import Puppet

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]
Show = tuple[DiscordSandbox, Puppet]

LOW_CONTRAST = """() => {
  // WCAG 2: relative luminance, contrast of each piece of text against what is painted behind it.
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const found = [];
  const seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = seen.nextNode(); node; node = seen.nextNode()) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!node.data.trim() || style.visibility === 'hidden' || !box.width) continue;
    if (element.closest('script, noscript, option, :disabled, .disabled, .unseen')) continue;
    const below = ground(element);
    const [a, b] = [light(over(rgba(style.color), below)), light(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
    if (ratio >= (large ? 3 : 4.5)) continue;
    found.push(`${ratio.toFixed(2)} "${node.data.trim().slice(0, 30)}" .${element.className}`);
  }
  return found;
}"""


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_all_text_has_the_contrast_of_wcag_aa(theme: str, show: Show, clip: bytes, open_page: Opener) -> None:
    sandbox, _ = show
    specimens.marks(sandbox)
    specimens.embed(sandbox)
    specimens.card(sandbox, clip)
    screen = await open_page(sandbox, "ada", "videos", color_scheme=theme)
    low = []
    await screen.command("demo whisper")
    await screen.sees("psst")
    await screen.command("demo panel")
    await screen.sees("a panel")
    low += await screen.page.evaluate(LOW_CONTRAST)
    await screen.page.get_by_role("button", name="Levers").click()
    low += await screen.page.evaluate(LOW_CONTRAST)
    await screen.page.get_by_role("button", name="Requests and events").click()
    await screen.page.locator(".entry summary").first.click()
    low += await screen.page.evaluate(LOW_CONTRAST)
    await screen.box.type("/demo")
    await screen.page.locator(".choice.active").wait_for()
    low += await screen.page.evaluate(LOW_CONTRAST)
    await screen.page.keyboard.press("Enter")
    low += await screen.page.evaluate(LOW_CONTRAST)
    await screen.page.keyboard.press("Escape")
    await screen.page.locator(".persona-button").click(force=True)
    low += await screen.page.evaluate(LOW_CONTRAST)
    await screen.page.keyboard.press("Escape")
    await screen.command("demo form")
    await screen.page.get_by_role("dialog").wait_for()
    await screen.page.keyboard.press("Control+Enter")
    low += await screen.page.evaluate(LOW_CONTRAST)
    assert sorted(set(low)) == []
    await screen.page.evaluate("document.querySelector('#channels span').style.color = '#777'")
    assert await screen.page.evaluate(LOW_CONTRAST), "the measure itself finds what is too faint"


async def test_the_theme_follows_the_system_until_one_chooses(stage: DiscordSandbox, open_page: Opener) -> None:
    screen = await open_page(stage, color_scheme="light")
    ground = "getComputedStyle(document.querySelector('.main')).backgroundColor"
    light = await screen.page.evaluate(ground)
    await screen.page.emulate_media(color_scheme="dark")
    dark = await screen.page.evaluate(ground)
    assert light != dark
    await screen.page.get_by_role("button", name="Dark or light").click()
    assert await screen.page.evaluate(ground) == light
    await screen.reload()
    assert await screen.page.evaluate(ground) == light


async def test_every_control_has_a_name(show: Show, clip: bytes, open_page: Opener) -> None:
    sandbox, _ = show
    specimens.card(sandbox, clip)
    screen = await open_page(sandbox, "ada", "videos")
    await screen.page.get_by_role("button", name="Levers").click()
    nameless = """() => [...document.querySelectorAll('button, input, select, textarea, [role=combobox]')]
      .filter((one) => one.checkVisibility() && !one.matches('.unseen'))
      .filter((one) => !(one.innerText?.trim() || one.ariaLabel || one.labels?.length))
      .map((one) => one.outerHTML.slice(0, 120))"""
    assert await screen.page.evaluate(nameless) == []
