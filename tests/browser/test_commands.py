"""Commands, components, dialogs and menus, with a bot that has one of everything."""

import asyncio
from pathlib import Path

import pytest

from sandbox.discord import DiscordSandbox
from tests.browser import specimens
from tests.browser.conftest import Opener
from tests.browser.puppet import Puppet

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]
Show = tuple[DiscordSandbox, Puppet]


async def test_the_picker_shows_what_the_persona_may_use(show: Show, open_page: Opener) -> None:
    screen = await open_page(show[0], "mia", "videos")
    for name, sees in {"mia": False, "ada": True}.items():
        await screen.become(name)
        await screen.box.fill("/")
        rows = await screen.page.locator(".choice-label").all_inner_texts()
        assert "/demo echo" in rows
        assert ("/moderate" in rows) is sees


async def test_a_click_on_a_mentioned_command_begins_it(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    specimens.post(sandbox, {"content": "try </demo echo:1> or </gone away:2>"})
    screen = await open_page(sandbox, "mia", "videos")
    await screen.page.get_by_role("button", name="/demo echo").click()
    assert await screen.page.locator(".command-name").inner_text() == "/demo echo"
    await screen.page.get_by_role("button", name="/gone away").click()
    assert await screen.box.input_value() == "/gone away"
    await screen.page.get_by_text("No command fits").wait_for()


async def test_a_command_with_options_of_every_kind(show: Show, open_page: Opener, tmp_path: Path) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    await screen.start("demo echo")
    await screen.page.keyboard.type("hello there")
    await screen.page.keyboard.press("Enter")
    hint = screen.page.locator(".command-hint")
    assert "mood" in await hint.inner_text(), "a required option is named, and nothing is sent"
    await screen.page.keyboard.type("wi")
    await screen.page.keyboard.press("Enter")
    for option, value in {"count": "9", "loud": "tr", "person": "noa", "role": "patr", "place": "gener"}.items():
        await screen.add_option(option)
        await screen.page.keyboard.type(value)
        if option != "count":
            await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("Enter")
    assert "1 to 5" in await hint.inner_text(), "a number out of range is refused at its option"
    await screen.page.keyboard.press("Backspace")
    await screen.page.keyboard.type("3")
    await screen.add_option("picture")
    picture = tmp_path / "still.png"
    picture.write_bytes(b"\x89PNG")
    await screen.page.locator('.chip[data-option="picture"] input[type=file]').set_input_files(picture)
    await screen.chip("count").press("Enter")
    await screen.sees(
        "text=hello there, mood=wild, count=3, loud=True, person=noah, role=Patron, place=general, "
        "picture=still.png of 4 bytes"
    )
    assert await screen.box.is_visible()


async def test_a_dropped_file_goes_where_files_are_wanted(show: Show, open_page: Opener) -> None:
    # A file that falls from the sky makes room for itself.
    open_page.allow_growth()
    screen = await open_page(show[0], "mia", "videos")
    drop = """(name) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['1234567'], name, { type: 'image/png' }));
      document.querySelector('#main').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    }"""
    await screen.page.evaluate(drop, "first.png")
    await screen.page.get_by_role("button", name="Remove first.png").wait_for()
    await screen.start("demo echo")
    await screen.page.get_by_text("first.png, 7 bytes").wait_for()
    await screen.page.evaluate(drop, "second.png")
    await screen.page.keyboard.press("Escape")
    await screen.box.wait_for()


async def test_autocomplete_asks_the_bot_while_one_types(show: Show, open_page: Opener) -> None:
    screen = await open_page(show[0], "mia", "videos")
    await screen.start("demo travel")
    choices = screen.page.get_by_role("option")
    await choices.filter(has_text="Aachen").wait_for()
    await screen.page.keyboard.type("ber")
    await choices.filter(has_text="Bergen").wait_for()
    assert await choices.all_inner_texts() == ["Bergen", "Bern", "Berlin"]
    await screen.page.keyboard.press("ArrowDown")
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("Enter")
    answer = await screen.sees("off to Bern")
    used = answer.locator(".reply", has_text="/demo travel")
    await used.wait_for()
    assert "Mia" in await used.inner_text()


async def test_what_was_suggested_for_an_older_text_cannot_be_chosen(show: Show, open_page: Opener) -> None:
    sandbox, puppet = show
    screen = await open_page(sandbox, "mia", "videos")
    await screen.start("demo travel")
    choices = screen.page.get_by_role("option")
    await choices.filter(has_text="Aachen").wait_for()
    puppet.suggest.clear()
    await screen.page.keyboard.type("berl")
    await screen.page.keyboard.press("Enter")
    await screen.page.get_by_text("Loading options…").wait_for()
    assert not await choices.count()
    assert await screen.chip("city").input_value() == "berl"
    puppet.suggest.set()
    await choices.filter(has_text="Berlin").wait_for()
    assert await choices.all_inner_texts() == ["Berlin"]
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("Enter")
    await screen.sees("off to Berlin")
    assert [fact.content for fact in sandbox.record.messages()] == ["off to Berlin"]


async def test_thinking_is_shown_until_the_answer(show: Show, open_page: Opener) -> None:
    sandbox, puppet = show
    mine = await open_page(sandbox, "mia", "videos")
    theirs = await open_page(sandbox, "noah", "videos")
    await mine.command("demo slow")
    for screen in (mine, theirs):
        await screen.sees("is thinking…")
    puppet.go.set()
    for screen in (mine, theirs):
        answer = await screen.sees("thought enough")
        assert await answer.locator("strong", has_text="enough").count() == 1
        assert await screen.page.locator(".thinking").count() == 0


async def test_no_answer_is_said_after_three_seconds(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    clocked = screen.page.evaluate("""async () => {
      const seen = (text) => new Promise((done) => {
        const look = () => document.querySelector('#history').textContent.includes(text) && done(performance.now());
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
      });
      const [sent, failed] = await Promise.all([seen('Sending command'), seen('The application did not respond')]);
      return failed - sent;
    }""")
    watching = asyncio.ensure_future(clocked)
    await screen.command("demo silent")
    milliseconds = await watching
    assert 2990 <= milliseconds < 3600
    note = screen.page.locator(".note.failed")
    assert "Only you can see this" in await note.inner_text()
    await screen.command("demo whisper")
    await screen.sees("psst")
    assert "did not respond" in (await screen.texts())[0], "what came later stands below"
    await note.get_by_role("button", name="Dismiss").click()
    assert await note.count() == 0


async def test_ephemeral_answers_are_for_one_person_and_can_be_dismissed(show: Show, open_page: Opener) -> None:
    mine = await open_page(show[0], "mia", "videos")
    theirs = await open_page(show[0], "noah", "videos")
    await mine.command("demo whisper")
    whisper = await mine.sees("psst")
    assert "Only you can see this" in await whisper.inner_text()
    assert not await theirs.messages.count()
    await mine.reload()
    whisper = await mine.sees("psst")
    await whisper.get_by_role("button", name="Dismiss message").click()
    await whisper.wait_for(state="detached")
    await mine.reload()
    assert not await mine.messages.count()


async def test_buttons_and_selects(show: Show, open_page: Opener) -> None:
    screen = await open_page(show[0], "mia", "videos")
    await screen.command("demo panel")
    await screen.sees("a panel")
    pressed = screen.messages.first
    await pressed.get_by_role("button", name="Count").focus()
    await screen.page.keyboard.press("Enter")
    await screen.sees("pressed 1")
    await pressed.locator("[aria-busy]").wait_for(state="detached")
    await screen.page.keyboard.press("Enter")
    await screen.sees("pressed 2")
    assert await pressed.get_by_role("button", name="Count").evaluate("b => b === document.activeElement")
    assert await pressed.get_by_role("button", name="Off").is_disabled()
    colours = pressed.get_by_role("combobox", name="Colours")
    await colours.focus()
    for key in ("ArrowDown", "Enter", "b", "Enter", "Escape"):
        await screen.page.keyboard.press(key)
    await screen.sees("chose Red and Blue")
    await pressed.get_by_role("combobox", name="Someone").click()
    await screen.page.get_by_role("option", name="Ada").click()
    await screen.sees("chose ada")


async def test_a_button_that_is_not_answered_says_so(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    await screen.command("demo panel")
    panel = await screen.sees("a panel")
    silent = panel.get_by_role("button", name="Silent")
    await silent.click()
    assert await silent.get_attribute("aria-busy") == "true"
    sandbox.controls.advance_clock(3)
    await panel.get_by_text("This interaction failed").wait_for()
    assert await silent.get_attribute("aria-busy") is None


async def test_a_dialog_with_every_field(show: Show, open_page: Opener, tmp_path: Path) -> None:
    screen = await open_page(show[0], "mia", "videos")
    await screen.command("demo form")
    dialog = screen.page.get_by_role("dialog")
    await dialog.wait_for()
    words = dialog.get_by_label("Words")
    assert await words.evaluate("e => e === document.activeElement")
    assert await words.input_value() == "hello"
    await words.fill("good day")
    await dialog.get_by_role("button", name="Submit").click()
    await dialog.get_by_text("Please choose", exact=True).wait_for()
    await dialog.get_by_role("combobox", name="Choose").first.click()
    await screen.page.get_by_role("option", name="9:16").first.click()
    await dialog.get_by_role("combobox").nth(1).click()
    await screen.page.get_by_role("option", name="Noah").click()
    still = tmp_path / "still.png"
    still.write_bytes(b"12345")
    await dialog.locator("input[type=file]").set_input_files(still)
    await dialog.get_by_role("button", name="Submit").click()
    await screen.sees("got good day / 9:16 / ['noah'] / ['still.png of 5 bytes']")
    assert await dialog.count() == 0


async def test_a_dialog_with_boxes_and_circles_by_keyboard(show: Show, open_page: Opener) -> None:
    screen = await open_page(show[0], "mia", "videos")
    await screen.command("demo boxes")
    await screen.page.get_by_role("dialog").wait_for()
    for key in ("ArrowDown", "Tab", "Space", "Tab", "Tab", "Space", "Control+Enter"):
        await screen.page.keyboard.press(key)
    await screen.sees("got ('green', ['fast'], True)")


async def test_menus_of_messages_and_of_people(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    await sandbox.persona("noah").say("videos", "four words of Noah")
    screen = await open_page(sandbox, "mia", "videos")
    message = await screen.sees("four words")
    await message.click(button="right")
    await screen.page.get_by_role("menuitem", name="Count words").click()
    await screen.sees("4 words")
    await message.locator(".author").click()
    await screen.page.get_by_role("menuitem", name="Who is it").click()
    await screen.sees("it is noah")


async def test_a_message_with_a_file_is_posted(show: Show, open_page: Opener, tmp_path: Path) -> None:
    screen = await open_page(show[0], "mia", "videos")
    notes = tmp_path / "notes.txt"
    notes.write_text("notes")
    await screen.page.locator("#composer input[type=file]").first.set_input_files(notes)
    await screen.box.type("look at **this**")
    await screen.box.press("Enter")
    posted = await screen.sees("look at this")
    assert await posted.locator("a[download]").inner_text() == "notes.txt"
