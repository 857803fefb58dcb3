"""What the page shows of messages, without a bot behind it."""

import pytest

from sandbox.discord import DiscordSandbox as Stage
from tests.browser import specimens
from tests.browser.conftest import Opener

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def test_marks_of_all_kinds_are_shown_and_none_of_them_is_markup(stage: Stage, open_page: Opener) -> None:
    specimens.marks(stage)
    specimens.post(stage, {"content": specimens.HOSTILE})
    screen = await open_page(stage)
    text = screen.messages.first
    for selector, words in {
        ".heading-1": "A heading",
        ".subtext": "and a subtext",
        "strong": "bold",
        "em": "slanted",
        "u": "underlined",
        "s": "struck",
        "blockquote": "a quote\nof two lines",
        "pre": 'print("<b>not bold</b>")',
        "a >> nth=0": "a link",
        ".mention-me": "@Mia",
    }.items():
        assert (await text.locator(selector).first.inner_text()).strip() == words
    words = await text.inner_text()
    assert "snake_case_name" in words
    assert "*plain*" in words
    assert "#general" in words
    assert "@Moderator" in words
    assert "to-me" in await text.get_attribute("class")
    hostile = await screen.sees("javascript:alert(1)")
    assert await hostile.locator("img, script, a").count() == 0
    assert "owned" not in await screen.page.title()


async def test_a_name_from_right_to_left_leaves_the_words_beside_it_in_order(stage: Stage, open_page: Opener) -> None:
    noah = stage.world.personas["noah"]
    noah.display_name = "\u05e9\u05dc\u05d5\u05dd"
    specimens.post(stage, {"content": f"<@{noah.id}> 100 credits"})
    screen = await open_page(stage)
    mention = (await screen.sees("100 credits")).locator(".mention")
    after = await mention.evaluate(
        """mention => {
          const range = document.createRange();
          range.selectNode(mention.nextSibling);
          return range.getBoundingClientRect().left - mention.getBoundingClientRect().right;
        }"""
    )
    assert abs(after) < 1, "the number stands right of the name, whole"


async def test_a_link_to_a_message_reads_as_its_channel_and_leads_there(stage: Stage, open_page: Opener) -> None:
    first = specimens.post(stage, {"content": "the video"})
    for number in range(30):
        specimens.post(stage, {"content": f"line {number}\n" * 3})
    here = f"https://discord.com/channels/1201000000000000000/{first.channel_id}/{first.id}"
    specimens.post(stage, {"content": f"it is in {here} and https://discord.com/channels/1/2/3"})
    screen = await open_page(stage)
    linking = await screen.sees("it is in")
    assert await linking.locator("a").count() == 0
    assert "#unknown › 💬" in await linking.inner_text()
    await linking.get_by_role("button", name="#videos › a message").click()
    await screen.until(f'document.activeElement?.dataset.id === "{first.id}"')


async def test_relative_times_tick_and_follow_the_sandbox_clock(stage: Stage, open_page: Opener) -> None:
    specimens.post(stage, {"content": f"ready <t:{int(stage.clock.now()) + 30}:R>"})
    screen = await open_page(stage)
    stamp = screen.messages.first.locator("time[data-relative]")
    first = await stamp.inner_text()
    assert first.startswith("in ")
    await screen.page.wait_for_function("([e, t]) => e.textContent !== t", arg=[await stamp.element_handle(), first])
    stage.controls.advance_clock(3600)
    await (
        screen.page.locator("time[data-relative]", has_text="hour ago")
        .or_(screen.page.locator("time[data-relative]", has_text="minutes ago"))
        .wait_for()
    )


async def test_components_embeds_and_files(stage: Stage, clip: bytes, open_page: Opener) -> None:
    specimens.embed(stage)
    specimens.card(stage, clip)
    specimens.video(stage, clip)
    screen = await open_page(stage)
    embed = screen.page.locator("article.embed")
    assert await embed.locator(".field").count() == 4
    card = screen.page.locator(".container")
    assert await card.locator(".button").all_inner_texts() == ["Details", "Again", "Edit", "Keep", "Delete", "Site\n↗"]
    assert await card.locator("a[download]").inner_text() == "notes.txt"
    for video in (card.locator("video"), screen.message("a clip").locator("video")):
        duration, width, height = await screen.playing(video)
        assert (round(duration, 1), width, height) == (1.0, 320, 180)


async def test_a_file_is_read_out_by_its_alternative_text(stage: Stage, clip: bytes, open_page: Opener) -> None:
    specimens.video(stage, clip, description="Video by Veo 3.1 Fast: a fox")
    screen = await open_page(stage)
    video = screen.message("a clip").locator("video")
    assert await video.get_attribute("aria-label") == "Video by Veo 3.1 Fast: a fox"


async def test_edits_arrive_while_a_video_goes_on_playing(stage: Stage, clip: bytes, open_page: Opener) -> None:
    message = specimens.video(stage, clip)
    screen = await open_page(stage)
    video = screen.page.locator("video")
    await video.evaluate("v => { v.muted = v.loop = true; window.same = v; return v.play(); }")
    specimens.edit(stage, message, {"content": "another text"})
    changed = await screen.sees("another text")
    assert "(edited)" in await changed.inner_text()
    assert await video.evaluate("v => v === window.same && !v.paused")
    stage.core.messages.delete(message)
    await changed.wait_for(state="detached")


async def test_new_messages_scroll_in_only_for_those_at_the_end(stage: Stage, open_page: Opener) -> None:
    for number in range(70):
        specimens.post(stage, {"content": f"message {number}\n" * 2})
    screen = await open_page(stage)
    history = screen.page.locator("#history")
    assert await screen.messages.count() == 60
    assert await history.evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight") < 2
    await history.evaluate("e => { e.scrollTop = 400; }")
    top = await history.evaluate("e => e.scrollTop")
    specimens.post(stage, {"content": "the newest"})
    await screen.page.locator(".newest").wait_for()
    assert await history.evaluate("e => e.scrollTop") == top
    await screen.page.locator(".newest").click()
    await screen.page.get_by_text("the newest").wait_for()
    assert await history.evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight") < 2
    await screen.page.get_by_role("button", name="Show older messages").click()
    await screen.page.get_by_text("message 5", exact=False).first.wait_for()


GROW = """() => {
  const history = document.querySelector("#history");
  const tall = document.createElement("li");
  tall.style.height = "400px";
  history.querySelector("ol.messages").append(tall);
  history.dispatchEvent(new Event("scroll"));
}"""
"""A message grows, and the browser tells of an earlier scroll before it tells of the growth."""


async def test_whoever_is_at_the_end_stays_there_whatever_grows(stage: Stage, open_page: Opener) -> None:
    open_page.allow_growth()
    for number in range(30):
        specimens.post(stage, {"content": f"message {number}\nof two lines"})
    screen = await open_page(stage, "mia", "videos")
    await screen.page.evaluate(GROW)
    await screen.until("(e => e.scrollHeight - e.scrollTop - e.clientHeight < 2)(document.querySelector('#history'))")


async def test_everybody_sees_what_is_theirs_to_see(stage: Stage, open_page: Opener) -> None:
    screen = await open_page(stage, "mia")
    channels = {"mia": await screen.page.locator(".channel").all_inner_texts()}
    for name in ("noah", "ada", "omar", "zoe"):
        await screen.become(name)
        channels[name] = await screen.page.locator(".channel").all_inner_texts()
    assert channels["mia"] == channels["noah"] == ["general", "videos"]
    assert channels["ada"] == channels["omar"] == ["general", "videos", "staff"]
    assert channels["zoe"] == ["lobby", "clips"]


async def test_another_channel_says_that_it_has_news(stage: Stage, open_page: Opener) -> None:
    screen = await open_page(stage, "mia", "general")
    specimens.post(stage, {"content": "over here"})
    await screen.page.get_by_role("button", name="videos, unread").click()
    await screen.sees("over here")
    assert not await screen.page.locator(".channel.unread").count()


GAPS = """() => {
  const place = (one) => document.querySelector(one).getBoundingClientRect();
  const [view, mark, intro, first] = [place("#history"), place(".intro-mark"), place(".intro"), place(".message")];
  return [mark.top - view.top, first.top - intro.bottom];
}"""
"""Pixels from the top of the view to what the intro shows first, and from its end to the first message."""


async def test_the_intro_stands_above_the_first_message_and_nothing_above_it(stage: Stage, open_page: Opener) -> None:
    for _ in range(30):
        specimens.post(stage, {"content": "two\nlines"})
    screen = await open_page(stage, "mia", "videos")
    await screen.sees("two")
    await screen.page.mouse.move(600, 300)
    await screen.page.mouse.wheel(0, -100_000)
    await screen.until("document.querySelector('#history').scrollTop === 0")
    above, between = await screen.page.evaluate(GAPS)
    assert 0 < above < 40
    assert 0 <= between < 20


async def test_few_messages_stand_at_the_bottom_and_there_is_nothing_to_scroll(stage: Stage, open_page: Opener) -> None:
    specimens.post(stage, {"content": "the only one"})
    screen = await open_page(stage, "mia", "videos")
    only = await (await screen.sees("the only one")).bounding_box()
    history = screen.page.locator("#history")
    view = await history.bounding_box()
    assert abs(only["y"] + only["height"] - view["y"] - view["height"]) < 40
    assert await history.evaluate("e => getComputedStyle(e).overflowY") == "hidden"
    assert 0 <= (await screen.page.evaluate(GAPS))[1] < 20


async def test_messages_that_fit_after_the_window_has_grown_are_all_in_view(stage: Stage, open_page: Opener) -> None:
    for number in range(14):
        specimens.post(stage, {"content": f"message {number}\nof two lines"})
    screen = await open_page(stage, "mia", "videos")
    await screen.sees("message 13")
    await screen.page.mouse.move(600, 300)
    await screen.page.mouse.wheel(0, -100_000)
    await screen.until("document.querySelector('#history').scrollTop === 0")
    await screen.page.set_viewport_size({"width": 1280, "height": 1600})
    await screen.until("document.querySelector('#history').classList.contains('short')")
    view = await screen.page.locator("#history").bounding_box()
    for one in (screen.page.locator(".intro"), screen.messages.first, screen.messages.last):
        box = await one.bounding_box()
        assert view["y"] <= box["y"] < box["y"] + box["height"] <= view["y"] + view["height"]


@pytest.mark.parametrize(
    ("seconds", "is_a_time"),
    [
        (0, True),
        (-62_135_596_800, True),
        (253_402_300_800, True),
        (8_640_000_000_000, True),
        (8_640_000_000_001, False),
        (9_999_999_999_999, False),
        (-9_999_999_999_999, False),
    ],
)
async def test_times_of_every_range_are_shown(stage: Stage, open_page: Opener, seconds: int, is_a_time: bool) -> None:
    specimens.post(stage, {"content": " ".join(f"<t:{seconds}{style}>" for style in ("", ":R", ":F", ":t"))})
    specimens.post(stage, {"content": "what follows"})
    screen = await open_page(stage, "mia", "videos")
    await screen.sees("what follows")
    assert await screen.messages.first.locator(".content time").count() == (4 if is_a_time else 0)
    if not is_a_time:
        await screen.sees(f"<t:{seconds}:F>")


async def test_one_broken_message_hides_no_other(stage: Stage, open_page: Opener) -> None:
    broken = specimens.post(stage, {"content": "the broken one"})
    specimens.post(stage, {"content": "what follows"})
    # A section without its accessory, which Discord would have refused.
    broken.components = [{"type": 9, "id": 1, "components": []}]
    screen = await open_page(stage, "mia", "videos")
    await screen.sees("what follows")
    found = await screen.sees("the broken one")
    assert "cannot be shown" in await found.inner_text()


async def test_only_addresses_of_the_web_become_links(stage: Stage, open_page: Opener) -> None:
    bad = "javascript:alert(1)"
    picture = {"title": "t", "url": bad, "image": {"url": bad}, "thumbnail": {"url": bad}}
    specimens.post(stage, {"content": f"[x]({bad}) <{bad}> {bad}", "embeds": [picture]})
    button = {"type": 2, "style": 5, "label": "Away", "url": bad}
    gallery = {"type": 12, "items": [{"media": {"url": "https://["}}]}
    specimens.post(stage, {"flags": specimens.V2, "components": [{"type": 1, "components": [button]}, gallery]})
    specimens.post(stage, {"content": "see https://example.org/a"})
    screen = await open_page(stage, "mia", "videos")
    await screen.sees("see https://example.org/a")
    assert await screen.page.locator("#history a").evaluate_all("all => all.map(one => one.href)") == [
        "https://example.org/a"
    ]
    assert "cannot be shown" not in " ".join(await screen.texts())


async def test_a_file_that_is_opened_by_itself_runs_no_script(stage: Stage, open_page: Opener) -> None:
    page = b"<title>x</title><script>document.title = 'ran'</script>"
    specimens.post(stage, {"content": "harmless"}, {"page.html": page})
    url = stage.persona("mia").read_payloads("videos")[0]["attachments"][0]["url"]
    context = await open_page.browser.new_context()
    tab = await context.new_page()
    await tab.goto(url)
    assert await tab.title() == "x"
    assert await tab.evaluate("self.origin") == "null"
    await context.close()
