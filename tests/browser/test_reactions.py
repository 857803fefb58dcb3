"""Reactions and forwarded messages on the page."""

import pytest

from sandbox.discord import DiscordSandbox as Stage
from sandbox.discord.body import Body
from sandbox.discord.messages import Origin, message_reference
from sandbox.discord.model import Message, ReferenceType
from tests.browser import specimens
from tests.browser.conftest import Opener

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


def forward(stage: Stage, original: Message) -> Message:
    """The bot forwards a message of #videos to #general."""
    world = stage.world
    source, target = world.channels[original.channel_id], world.find_channel("Film Club/general")
    origin = Origin(reference=message_reference(source, original.id, ReferenceType.FORWARD), snapshot=original.frozen())
    return stage.core.messages.post(target, world.bot, Body({}), origin)


async def test_a_persona_adds_a_reaction_joins_one_and_takes_it_back(stage: Stage, open_page: Opener) -> None:
    message = specimens.post(stage, {"content": "a film"})
    await stage.persona("noah").react(message, "🎬")
    open_page.allow_growth()
    screen = await open_page(stage, "mia", "videos")
    row = await screen.sees("a film")
    chip = row.get_by_role("button", name="🎬, 1 person")
    assert await chip.get_attribute("aria-pressed") == "false"
    await chip.click()
    chip = row.get_by_role("button", name="🎬, 2 people")
    await chip.wait_for()
    assert await chip.get_attribute("aria-pressed") == "true"
    await chip.click()
    await row.get_by_role("button", name="🎬, 1 person").wait_for()
    await row.hover()
    await row.get_by_role("button", name="Add reaction").click()
    await screen.page.get_by_role("group", name="Emojis").get_by_role("button", name="❤️").click()
    await row.get_by_role("button", name="❤️, 1 person").wait_for()
    assert message.reactions == {"🎬": [stage.persona("noah").id], "❤️": [stage.persona("mia").id]}


async def test_a_forward_shows_what_it_forwards_and_leads_to_it(stage: Stage, open_page: Opener, clip: bytes) -> None:
    original = specimens.video(stage, clip, "a film of **foxes**")
    forward(stage, original)
    screen = await open_page(stage, "mia", "general")
    row = await screen.sees("Forwarded")
    assert "a film of foxes" in await row.inner_text()
    assert await row.locator("video").count() == 1
    assert await row.locator(".reply").count() == 0
    await row.get_by_role("button", name="#videos ›").click()
    await screen.until(f'document.activeElement?.dataset.id === "{original.id}"')


async def test_where_a_forward_is_from_is_kept_from_who_does_not_see_it(stage: Stage, open_page: Opener) -> None:
    hidden = stage.core.messages.post(
        stage.world.find_channel("staff"), stage.world.bot, Body({"content": "from the staff"})
    )
    forward(stage, hidden)
    screen = await open_page(stage, "mia", "general")
    words = await (await screen.sees("from the staff")).inner_text()
    assert "another channel" in words
    assert "#staff" not in words
