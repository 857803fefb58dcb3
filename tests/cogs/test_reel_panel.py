"""The panel of a reel: who may change what, and what becomes of two people who do so at once."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.films import Fit, Transition
from bot.domain.reels import ReelAccess, ReelClip, TitleCard
from bot.storage import reels
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.cogs.conversation import told
from tests.cogs.reel_desk import Desk, add
from tests.cogs.results import posted_video
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.support.stage import StageBot, button, make_services, running, words


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)) as bot:
        yield bot


@pytest.fixture
async def desk(sandbox: DiscordSandbox, bot: StageBot, mia: Persona) -> Desk:
    """Mia's reel of three clips."""
    desk = await Desk.of_new_reel(sandbox, bot, mia)
    await desk.fill(mia, "a fox", "a hare", "an owl")
    return desk


async def test_a_clip_is_moved_trimmed_faded_silenced_and_cut_out(desk: Desk, mia: Persona) -> None:
    card = await desk.open_part(mia, 3)
    await card.press("Earlier")
    assert "**2.** an owl" in card.words
    await card.press("Later")
    await card.fill_in("Move to…", place="1")
    assert await desk.order() == ["an owl", "a fox", "a hare"]
    await desk.shows("**1.** an owl")
    await card.fill_in("Trim…", start="1.5", end="0:03,25")
    await card.press("Fade in")
    await card.press("Drop its sound")
    owl = (await desk.parts())[0]
    assert isinstance(owl, ReelClip)
    assert (owl.start_ms, owl.end_ms, owl.transition, owl.sound) == (1500, 3250, Transition.FADE, False)
    await desk.shows("✂️ 1.5 s to 3.2 s", "without its sound", "fades in")
    await card.press("Cut out")
    assert "Cut out." in card.words
    assert await desk.order() == ["a fox", "a hare"]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [("x", "", "cannot read"), ("5", "2", "A piece has at least"), ("1", "1.05", "A piece has at least")],
)
async def test_a_piece_that_cannot_be_is_explained_and_changes_nothing(
    desk: Desk, mia: Persona, start: str, end: str, said: str
) -> None:
    card = await desk.open_part(mia, 1)
    await card.fill_in("Trim…", start=start, end=end)
    assert said in card.words
    [fox, *_] = await desk.parts()
    assert isinstance(fox, ReelClip)
    assert (fox.start_ms, fox.end_ms) == (0, None)


async def test_title_cards_stand_at_the_end_or_the_beginning_and_can_be_changed(desk: Desk, mia: Persona) -> None:
    for text, where in (("The end", "end"), ("Act *one*", "beginning")):
        asked = await mia.press(desk.panel, button(desk.panel, "Title card"))
        await asked.wait_modal()
        await mia.submit(asked, text=text, seconds="2", where=where)
        await desk.shows(text.replace("*", "\\*"))
    assert await desk.order() == ["Act *one*", "a fox", "a hare", "an owl", "The end"]
    card = await desk.open_part(mia, 1)
    await card.fill_in("Change the words…", text="Act two", seconds="11")
    assert "stands for 1 to 10 seconds" in card.words
    await card.fill_in("Change the words…", text="Act two", seconds="4.5")
    [title, *_] = await desk.parts()
    assert isinstance(title, TitleCard)
    assert (title.text, title.seconds) == ("Act two", 4.5)


async def test_options_hold_for_the_whole_reel(desk: Desk, mia: Persona) -> None:
    card = await desk.options(mia)
    for label in ("Crop other shapes", "No credits", "Fade between all", "Drop the sound of all clips"):
        await card.press(label)
    reel = await desk.reel()
    assert (reel.fit, reel.credits) == (Fit.CROP, False)
    assert all(part.transition is Transition.FADE for part in await desk.parts())
    assert not any(part.sound for part in await desk.parts() if isinstance(part, ReelClip))
    await card.fill_in("Change the title…", title="Night")
    await desk.shows("🎞️ Night", "without credits", "cropped")


async def test_who_may_add_is_the_makers_choice(desk: Desk, mia: Persona, noah: Persona, ada: Persona) -> None:
    card = await desk.options(mia)
    await card.choose("access", "closed")
    assert (await desk.reel()).access is ReelAccess.CLOSED
    video = await posted_video(desk.bot, noah, desk.sandbox, prompt="a mouse")
    asked = await noah.press(video, button(video, "Add to reel"))
    await asked.wait_modal()  # no reel takes it, so he may begin one
    job = button(video, "Add to reel")[-12:]
    assert "is closed" in await told(noah, "/reel add", reel="The lighthouse", video=job)
    assert "Added" in words(await add(ada, video)), "a moderator may"
    await card.choose("named", "ada")
    assert "whom its maker named" in await told(noah, "/reel add", reel="The lighthouse", video=job)
    await card.choose("named", "noah", "ada")
    reel = await desk.reel()
    assert reel.access is ReelAccess.NAMED
    assert await desk.bot.services.database.read(reels.members, reel.id) == sorted([noah.id, ada.id])
    another = await posted_video(desk.bot, noah, desk.sandbox, prompt="a mole")
    assert "Added" in words(await add(noah, another))


async def test_others_change_nothing_and_moderators_may(desk: Desk, noah: Persona, ada: Persona) -> None:
    [fox, *_] = await desk.parts()
    for pressed in (
        await noah.press(desk.panel, button(desk.panel, "Options")),
        await noah.press(desk.panel, button(desk.panel, "Title card")),
        await noah.press(desk.panel, button(desk.panel, "Make the film")),
        await noah.select(desk.panel, f"reel:film:part:1:{(await desk.reel()).version}:", str(fox.id)),
    ):
        refused = await pressed.wait_message()
        assert "who made this reel, and moderators" in words(refused)
        assert refused.visible_to == noah.id
    card = await desk.open_part(ada, 1)
    await card.press("Cut out")
    assert await desk.order() == ["a hare", "an owl"]


async def test_of_two_people_the_later_one_is_refused_and_sees_the_reel_as_it_is(
    desk: Desk, mia: Persona, ada: Persona
) -> None:
    hers, his = await desk.open_part(mia, 1), await desk.open_part(ada, 1)
    await hers.press("Later")
    await his.press("Later")
    assert "Somebody changed the reel in the meantime" in his.words
    assert "**2.** a fox" in his.words
    assert await desk.order() == ["a hare", "a fox", "an owl"]
    await his.press("Later")
    assert await desk.order() == ["a hare", "an owl", "a fox"]


async def test_a_press_on_an_old_panel_is_refused_and_shows_the_new_one(desk: Desk, mia: Persona) -> None:
    reel = await desk.reel()
    await desk.bot.services.database.write(reels.change, reel.id, 0.0)
    old = button(desk.panel, "Options")
    answer = await (await mia.press(desk.panel, old)).wait_message()
    assert "Somebody changed the reel in the meantime" in words(answer)
    await desk.sandbox.wait_for(lambda: button(desk.panel, "Options") != old)
    assert "Who may add clips" in (await desk.options(mia)).words


async def test_a_reel_is_deleted_after_a_question(desk: Desk, mia: Persona) -> None:
    card = await desk.options(mia)
    question = await (await mia.press(card.message, button(card.message, "Delete the reel"))).wait_message()
    await mia.press(question, button(question, "Delete the reel"))
    await desk.sandbox.wait_for(lambda: desk.panel.deleted_at is not None)
    assert "There are no reels here yet" in await told(mia, "/reel list")


async def test_a_blocked_member_does_nothing(desk: Desk, mia: Persona, ada: Persona) -> None:
    await desk.bot.services.moderation.block(FILM_CLUB_ID, mia.id, ada.id, "rude", None)
    refused = await (await mia.press(desk.panel, button(desk.panel, "Options"))).wait_message()
    assert "rude" in words(refused)
