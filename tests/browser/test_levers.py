"""The tools at the right: levers change the world, the inspector shows what was said."""

from functools import partial

import pytest

from sandbox.discord import DiscordSandbox, Permission
from tests.browser import specimens
from tests.browser.conftest import Opener
from tests.browser.puppet import Puppet
from tests.browser.screen import VIDEO_WAIT_MS
from tests.support.stack import Stack

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]
Show = tuple[DiscordSandbox, Puppet]


async def test_a_fault_of_the_provider_reaches_the_member_in_words(reel: Stack, open_page: Opener) -> None:
    open_page.allow_growth()
    screen = await open_page(reel.discord, "mia", "general")
    page = screen.page
    await page.get_by_role("button", name="Levers").click()
    await page.get_by_role("combobox", name="Fault").first.select_option("fails")
    await page.get_by_role("button", name="Add", exact=True).first.click()
    await page.get_by_text("The job: fails, credits are given back · 1 more").wait_for()
    await screen.command("veo fast", prompt="a sinking feeling")
    failed = await screen.sees("your video could not be made", VIDEO_WAIT_MS)
    assert "nothing charged" in await failed.inner_text()
    await page.get_by_text("The job: fails").wait_for(state="detached")
    credits = page.get_by_label("Credits left at the provider")
    await credits.fill("4321")
    await credits.press("Enter")
    await reel.studio.wait_for(lambda studio: studio.account.credits == 4321)


async def test_faults_of_discord_are_listed_in_the_words_they_were_chosen_by(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    page = screen.page
    await page.get_by_role("button", name="Levers").click()
    fault = page.get_by_role("combobox", name="Fault").last
    notes = page.locator(".lever-notes").last.locator("li")
    words = await fault.locator("option").all_inner_texts()
    for number, name in enumerate(words):
        await fault.select_option(label=name)
        await page.get_by_role("button", name="Add", exact=True).last.click()
        await notes.nth(number).wait_for()
    assert await notes.all_inner_texts() == [f"{name} · {3 if 'three' in name else 1} more" for name in words]
    sandbox.core.faults.take("POST", "/channels/1/messages")
    sandbox.core.changes.publish("settings")
    await notes.filter(has_text=f"{words[0]} · 2 more").wait_for()


async def test_permissions_are_taken_and_given_back(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    expect = pytest.importorskip("playwright.async_api").expect
    screen = await open_page(sandbox, "mia", "videos")
    channel = sandbox.world.find_channel("Film Club/videos")
    await screen.page.get_by_role("button", name="Levers").click()
    write = screen.page.get_by_role("switch", name="Write here")

    def may_write(wanted: bool) -> bool:
        return sandbox.world.may(sandbox.world.bot, channel, Permission.SEND_MESSAGES) is wanted

    for allowed in (False, True):
        await write.click()
        await sandbox.wait_for(partial(may_write, allowed))
        await expect(write).to_be_checked(checked=allowed)


async def test_switches_show_and_set_what_is_effective(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    expect = pytest.importorskip("playwright.async_api").expect
    staff, bot = sandbox.world.find_channel("Film Club/staff"), sandbox.world.bot
    screen = await open_page(sandbox, "ada", "staff")
    await screen.page.get_by_role("button", name="Levers").click()
    see = screen.page.get_by_role("switch", name="See this channel")
    write = screen.page.get_by_role("switch", name="Write here")
    attach = screen.page.get_by_role("switch", name="Attach files")
    # Only moderators see #staff, and the bot is none.
    await expect(see).to_be_checked(checked=False)
    await expect(write).to_be_disabled()
    await expect(write).to_be_checked(checked=False)
    await see.click()
    await sandbox.wait_for(lambda: sandbox.world.may(bot, staff, Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES))
    await expect(write).to_be_checked()
    await expect(attach).to_be_enabled()
    await write.click()
    await expect(attach).to_be_disabled()
    await expect(attach).to_be_checked(checked=False)
    assert not sandbox.world.may(bot, staff, Permission.SEND_MESSAGES)


async def test_the_clock_is_advanced_and_set_back(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    await screen.page.get_by_role("button", name="Levers").click()
    before = sandbox.clock.now()
    await screen.page.get_by_role("button", name="+ 16 minutes").click()
    await screen.page.get_by_text("16 minutes ahead of the bot's own clock").wait_for()
    assert 960 <= sandbox.clock.now() - before < 1000
    await screen.page.get_by_role("button", name="Back to real time").click()
    await screen.page.get_by_text("The same as the bot's own clock").wait_for()
    assert sandbox.clock.now() - before < 60


async def test_the_channel_is_deleted_under_ones_feet(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    specimens.post(sandbox, {"content": "soon gone"})
    screen = await open_page(sandbox, "mia", "videos")
    await screen.sees("soon gone")
    await screen.page.get_by_role("button", name="Levers").click()
    await screen.page.get_by_role("button", name="Delete this channel").click()
    await screen.page.get_by_role("button", name="Really?").click()
    await screen.page.get_by_role("heading", name="general", exact=True).wait_for()
    assert await screen.page.locator(".channel").all_inner_texts() == ["general"]
    assert not await screen.messages.count()


async def test_the_gateway_is_dropped_and_the_bot_comes_back(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    await screen.page.get_by_role("button", name="Levers").click()
    await screen.page.get_by_text("Connected: shard 0 of 1.").wait_for()
    dropped = sandbox.record.events_seen
    await screen.page.get_by_role("button", name="Drop the connection").click()
    await sandbox.wait_for(lambda: any(e.name == "RESUMED" for e in list(sandbox.record.events)[dropped:]), 20)
    await screen.page.get_by_text("Connected: shard 0 of 1.").wait_for()
    await screen.page.get_by_text("Bot online").wait_for()


async def test_the_server_is_boosted_and_the_language_changed(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    await screen.page.get_by_role("button", name="Levers").click()
    await screen.page.get_by_label("Boosts of this server").select_option("2")
    guild = next(guild for guild in sandbox.world.guilds.values() if guild.name == "Film Club")
    await sandbox.wait_for(lambda: sandbox.world.upload_limit_bytes(guild) == 50 * 1024 * 1024)
    await screen.page.get_by_label("Largest upload in this server").select_option("100000")
    await sandbox.wait_for(lambda: sandbox.world.upload_limit_bytes(guild) == 100_000)
    specimens.post(sandbox, {"content": "in <t:1700000000:D>"})
    await screen.page.get_by_label("Language of your client").select_option("de")
    await screen.sees("14. November 2023")


async def test_the_inspector_shows_requests_and_events_with_their_verdict(show: Show, open_page: Opener) -> None:
    sandbox, _ = show
    screen = await open_page(sandbox, "mia", "videos")
    await screen.page.get_by_role("button", name="Requests and events").click()
    await screen.command("demo whisper")
    await screen.sees("psst")
    entries = screen.page.locator(".entry")
    await entries.filter(has_text="INTERACTION_CREATE").first.wait_for()
    callback = entries.filter(has_text="/interactions/").first
    assert await callback.locator(".verdict").inner_text() == ("✓" if sandbox.core.specification.is_present else "–")
    await callback.locator("summary").click()
    await callback.get_by_text('"content": "psst"').first.wait_for()
    await screen.page.get_by_role("combobox", name="Which").select_option("gateway")
    assert not await entries.filter(has_text="POST").count()
    await screen.page.get_by_role("searchbox", name="Filter").fill("READY")
    assert await entries.count() == 1
