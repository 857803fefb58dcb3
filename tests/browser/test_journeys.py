"""Whole journeys with the real bot: what a newcomer would try first, seen on the page."""

from pathlib import Path

import pytest

from tests.browser.conftest import Opener
from tests.browser.screen import VIDEO_WAIT_MS, Screen
from tests.support.stack import Stack

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


@pytest.fixture(autouse=True)
def deleting(open_page: Opener) -> None:
    """The card is deleted when the video stands, and what remains moves together."""
    open_page.allow_deletion()


async def ask(screen: Screen, prompt: str, **options: str) -> None:
    """Ask for a video and wait until its message is there."""
    await screen.command("veo fast", prompt=prompt, **options)
    await closing(screen, prompt)


async def closing(screen: Screen, prompt: str) -> None:
    """Wait for the message with the video of a prompt."""
    done = screen.messages.filter(has_text="your video is ready").filter(has_text=prompt)
    await done.last.locator("video").wait_for(timeout=VIDEO_WAIT_MS)


async def test_a_member_generates_a_video_and_it_plays_and_a_reload_shows_the_same(
    reel: Stack, open_page: Opener
) -> None:
    screen = await open_page(reel.discord, "mia", "general")
    await screen.command("veo fast", prompt="a fox in the snow", aspect_ratio="9:16")
    card = await screen.sees("100 credits held")
    assert "Only you can see this" not in await card.inner_text()
    await closing(screen, "a fox in the snow")
    ready = await screen.sees("your video is ready")
    assert await ready.locator(".mention-me").inner_text() == "@Mia"
    duration, width, height = await screen.playing(ready.locator("video"))
    assert (round(duration), width < height) == (8, True)
    await card.wait_for(state="detached")
    before = await screen.texts()
    await screen.reload()
    assert await screen.texts() == before
    assert len(before) == 1, "the card went with the video: one message for each request"


async def test_a_prompt_is_edited_in_a_dialog(reel: Stack, open_page: Opener) -> None:
    screen = await open_page(reel.discord, "mia", "videos")
    await ask(screen, "a grey horse")
    await screen.message("your video is ready").get_by_role("button", name="Edit prompt").click()
    dialog = screen.page.get_by_role("dialog", name="Edit prompt")
    prompt = dialog.get_by_label("Prompt")
    assert await prompt.input_value() == "a grey horse"
    await prompt.fill("a white horse")
    await dialog.get_by_role("button", name="Submit").click()
    await closing(screen, "a white horse")
    assert [post.body["prompt"] for post in reel.studio.records.posts[-2:]] == ["a grey horse", "a white horse"]


async def test_a_video_is_remixed_from_its_context_menu(reel: Stack, open_page: Opener) -> None:
    screen = await open_page(reel.discord, "noah", "videos")
    await ask(screen, "a ship at sea")
    await screen.message("your video is ready").click(button="right", position={"x": 300, "y": 40})
    await screen.page.get_by_role("menuitem", name="Remix this video").click()
    dialog = screen.page.get_by_role("dialog", name="Remix this video")
    await dialog.get_by_label("Prompt").fill("the same ship in a storm")
    await dialog.get_by_role("button", name="Submit").click()
    await closing(screen, "the same ship in a storm")
    assert reel.studio.records.posts[-1].body["prompt"] == "the same ship in a storm"


async def test_the_bot_suggests_while_one_types(reel: Stack, open_page: Opener) -> None:
    screen = await open_page(reel.discord, "mia", "general")
    await screen.start("models")
    await screen.add_option("family")
    choices = screen.page.get_by_role("option")
    await choices.filter(has_text="kling").or_(choices.filter(has_text="Kling")).first.wait_for()
    await screen.page.keyboard.type("ve")
    await choices.filter(has_text="ling").first.wait_for(state="detached")
    await screen.page.locator(".choice.active", has_text="veo").wait_for()
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("Enter")
    await screen.sees("Veo 3.1 Fast")


async def test_a_newcomer_goes_from_help_to_a_video_of_a_picture(
    reel: Stack, open_page: Opener, tmp_path: Path
) -> None:
    picture = tmp_path / "fox.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    screen = await open_page(reel.discord, "mia", "general")
    await screen.command("help")
    card = await screen.sees("You are a member here")
    assert "Only you can see this" in await card.inner_text()
    await card.get_by_role("button", name="/video").first.click()
    await screen.page.keyboard.type("the fox looks up")
    await screen.add_option("image")
    await screen.page.locator('.chip[data-option="image"] input[type=file]').set_input_files(picture)
    await screen.add_option("model")
    choices = screen.page.get_by_role("option")
    await choices.filter(has_text="Hailuo 2.3 Pro · ").wait_for()
    names = await choices.all_inner_texts()
    assert not any("needs an image" in name or "Wan 2.6 Video Remix" in name for name in names), names
    await screen.page.keyboard.type("hailuo pro")
    await screen.page.locator(".choice.active", has_text="Hailuo 2.3 Pro").wait_for()
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("Enter")
    await closing(screen, "the fox looks up")
    body = reel.studio.records.posts[-1].body
    assert (body["model_slug"], len(body["input_image_urls"])) == ("hailuo_2_3_pro", 1)


async def test_a_moderator_sets_a_quota_and_the_member_is_refused(reel: Stack, open_page: Opener) -> None:
    screen = await open_page(reel.discord, "noah", "general")
    await screen.box.type("/quota")
    await screen.page.get_by_text("No command fits").wait_for()
    await screen.box.fill("")
    await screen.become("ada")
    await screen.command("quota set member", member="Noah", period="day", amount="50")  # one video costs 100
    await screen.sees("50 credits")
    posts = len(reel.studio.records.posts)
    await screen.become("noah")
    await screen.command("veo fast", prompt="one too many")
    refusal = await screen.sees("Nothing was charged")
    assert "Only you can see this" in await refusal.inner_text()
    assert len(reel.studio.records.posts) == posts


async def test_everything_by_keyboard_alone(reel: Stack, open_page: Opener) -> None:
    screen = await open_page(reel.discord, "omar", "general")
    keys = screen.page.keyboard
    await keys.press("Tab")
    await keys.press("Enter")  # "Skip to the message box"
    assert await screen.box.evaluate("e => e === document.activeElement")
    await keys.type("/veo fa")
    await screen.page.locator(".choice.active", has_text="/veo fast").wait_for()
    await keys.press("Enter")
    await keys.type("a lighthouse")
    await keys.press("Tab")
    await keys.press("ArrowDown")
    active = screen.page.locator(".choice.active")
    while "aspect_ratio" not in await active.inner_text():
        await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.press("ArrowDown")
    chosen = await active.inner_text()
    await keys.press("Enter")
    await keys.press("Enter")
    await closing(screen, "a lighthouse")
    assert reel.studio.records.posts[-1].body["aspect_ratio"] == chosen
    # The card goes a moment after its closing message has come; what has the focus must not move meanwhile.
    await screen.page.get_by_text("credits held").wait_for(state="detached")
    await keys.press("ArrowUp")
    last = screen.messages.last
    assert await last.evaluate("e => e === document.activeElement")
    await keys.press("Enter")
    await screen.page.get_by_role("menu").wait_for()
    assert await screen.page.get_by_role("menuitem").first.evaluate("e => e === document.activeElement")
    await keys.press("Escape")
    assert await last.evaluate("e => e === document.activeElement")
    await keys.press("Escape")
    assert await screen.box.evaluate("e => e === document.activeElement")


async def test_on_a_phone(reel: Stack, open_page: Opener) -> None:
    screen = await open_page(reel.discord, "mia", "general", width=390, height=780, has_touch=True)
    await screen.page.get_by_role("button", name="Servers and channels").tap()
    await screen.page.get_by_role("button", name="videos").tap()
    await screen.page.get_by_role("heading", name="videos", exact=True).wait_for()
    await screen.command("veo fast", prompt="a small boat on a wide river under a very tall sky", aspect_ratio="16:9")
    await closing(screen, "a small boat")
    assert await screen.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "e => [...e.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > 391).length"
    assert await screen.page.locator("#main").evaluate(wide) == 0
    duration, *_ = await screen.playing(screen.page.locator("video").last)
    assert round(duration) == 8
