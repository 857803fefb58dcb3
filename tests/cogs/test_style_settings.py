"""The page of `/settings` about styles."""

import pytest

from bot.domain.styles import STYLES_MAX, StyleDraft
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID
from tests.cogs.conversation import told
from tests.cogs.panel import open_panel
from tests.support.stage import StageBot, button, words

NOIR = {"name": "Film *noir*", "template": "{prompt}, black and white", "aspect_ratio": "9:16", "duration": "8 s"}


async def drafts(bot: StageBot) -> list[StyleDraft]:
    return [style.draft for style in await bot.services.styles.of_guild(FILM_CLUB_ID)]


async def test_a_style_is_added_looked_at_changed_and_removed(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot
) -> None:
    panel = await open_panel(sandbox, ada, "styles")
    assert "**Styles**: none" in panel.words
    await panel.fill_in("Add a style", **NOIR)
    assert "✅ The style “Film \\*noir\\*” is saved." in panel.words
    assert "- **Film \\*noir\\*** · 9:16 · 8 s: {prompt}, black and white" in panel.words
    [style] = await bot.services.styles.of_guild(FILM_CLUB_ID)
    await panel.choose(":look:", str(style.id))
    assert f"Fixed: 9:16 · 8 s\n-# Changed by <@{ADA_ID}> <t:" in panel.words
    await panel.fill_in("Edit", template="{prompt} at night", duration="")
    assert await drafts(bot) == [StyleDraft("Film *noir*", "{prompt} at night", {"aspect_ratio": "9:16"})]
    await panel.press("Remove")
    assert "is removed" in panel.words
    assert await drafts(bot) == []
    assert "Style “Film \\*noir\\*”: removed" in await told(ada, "/quota show")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"template": "black and white"}, "yours has it 0 times"),
        ({"aspect_ratio": "wide"}, "Write an aspect ratio as"),
        ({"aspect_ratio": "7:3"}, "No model has 7:3 for `aspect_ratio`"),
        ({"duration": "soon"}, "Write a length in whole seconds"),
        ({"name": "  "}, "Give the style a name"),
    ],
)
async def test_what_cannot_be_saved_is_told_and_changes_nothing(
    sandbox: DiscordSandbox, ada: Persona, bot: StageBot, changed: dict[str, str], why: str
) -> None:
    panel = await open_panel(sandbox, ada, "styles")
    await panel.fill_in("Add a style", **NOIR | changed)
    assert why in panel.words
    assert "Nothing was changed." in panel.words
    assert await drafts(bot) == []


async def test_of_two_moderators_the_one_with_the_stale_panel_changes_nothing(
    sandbox: DiscordSandbox, ada: Persona, omar: Persona, bot: StageBot
) -> None:
    stale, other = await open_panel(sandbox, ada, "styles"), await open_panel(sandbox, omar, "styles")
    await other.fill_in("Add a style", **NOIR)
    [style] = await bot.services.styles.of_guild(FILM_CLUB_ID)
    await stale.turn("styles")
    await stale.choose(":look:", str(style.id))
    await other.choose(":look:", str(style.id))
    await other.fill_in("Edit", template="{prompt} at night")
    await stale.press("Remove")
    assert "Somebody changed this setting" in stale.words
    assert "at night" in stale.words, "the page shows what holds"
    await other.press("Remove")
    pressed = await ada.press(stale.message, button(stale.message, "Edit"))
    assert "was removed meanwhile" in words(await pressed.wait_message())


async def test_a_full_page_stays_within_discords_bounds(sandbox: DiscordSandbox, ada: Persona, bot: StageBot) -> None:
    for number in range(STYLES_MAX):
        name = f"{number:02}{'*' * 38}"
        await bot.services.styles.add(
            FILM_CLUB_ID, ADA_ID, StyleDraft(name, "{prompt}" + "_" * 992, {"quality": "_" * 40})
        )
    panel = await open_panel(sandbox, ada, "styles")
    [first, *_] = await bot.services.styles.of_guild(FILM_CLUB_ID)
    await panel.choose(":look:", str(first.id))
    assert "25 of 25" in panel.words
