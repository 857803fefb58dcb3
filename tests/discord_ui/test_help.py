"""`/help`: a private card that fits who asks, whose commands can be clicked."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.guild_settings import GuildSetting
from bot.domain.periods import Period
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, OMAR_ID
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX
from tests.support.stage import StageBot, StageServices, becomes, words

SCREEN_CHARACTERS = 850
"""Characters that one screen of a phone holds, mentions counted as they are shown."""
MENTION = re.compile(r"</([\w -]+):(\d+)>")


async def help_of(member: Persona) -> str:
    asked = await member.slash("/help", "videos")
    answer = await asked.wait_message()
    assert answer.visible_to == member.id
    return words(answer)


def clickable(person: Persona) -> dict[str, str]:
    """Return the ids of all commands that somebody sees, by name."""
    commands: list[dict[str, Any]] = person.commands("videos")
    return {command["name"]: str(command["id"]) for command in commands}


@pytest.mark.parametrize(
    ("person", "standing", "tries"),
    [
        ("mia", "You are a member here.", ["video", "models", "jobs"]),
        ("ada", "You are a moderator here.", ["settings", "quota show", "queue show"]),
        ("omar", "This bot is yours.", ["owner balance", "owner guilds", "owner unresolved"]),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_everybody_gets_three_things_to_try_that_can_be_clicked(
    sandbox: DiscordSandbox, person: str, standing: str, tries: list[str]
) -> None:
    who = sandbox.persona(person)
    card = await help_of(who)
    assert standing in card
    mentioned = MENTION.findall(card)
    assert [name for name, _ in mentioned] == [*tries, "video", "privacy show"]
    assert all(clickable(who)[name.split()[0]] == number for name, number in mentioned)
    assert len(MENTION.sub(r"/\1", card)) < SCREEN_CHARACTERS


async def test_it_says_what_is_left_what_it_usually_costs_and_the_cheapest(
    mia: Persona, services: StageServices
) -> None:
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, "veo31_fast")
    card = await help_of(mia)
    assert "You can spend **1,000 credits** now." in card
    assert "uses **Veo 3.1 Fast** for you: 100 credits, about 90 s." in card
    assert "The cheapest video costs 60 credits." in card
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, None)
    assert "for you: 60 credits" in await help_of(mia)
    assert "The cheapest video" not in await help_of(mia)
    await (await mia.slash("/video", "videos", prompt="a fox", model="kling_3_0", quality="pro")).wait_message()
    await becomes(lambda: services.jobs.last_choices(MIA_ID, KLING.slug))
    card = await help_of(mia)
    assert "You can spend **880 credits** now." in card
    assert "uses **Kling 3.0** for you: 120 credits" in card


async def test_it_says_whom_to_ask(mia: Persona, ada: Persona) -> None:
    assert "everybody with Manage Server" in await help_of(mia)
    assert f"The bot's owner: <@{OMAR_ID}>." in await help_of(ada)


async def test_an_owner_in_a_server_without_the_owners_commands_is_told_where_they_are(
    omar: Persona, bot: StageBot
) -> None:
    bot.stage.owners = replace(bot.stage.owners, guild_id=1)
    card = await help_of(omar)
    assert "</video:" in card
    assert "and more, in your own server" in card


async def test_it_is_true_where_nothing_can_be_made(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(WAN_REMIX)
    card = await help_of(mia)
    assert "for you" not in card
    assert "cheapest" not in card
    services.catalogue.current = None
    assert "You can spend **1,000 credits** now." in await help_of(mia)
    await services.credits.set_ceiling(FILM_CLUB_ID, OMAR_ID, Period.MONTH, 0)
    assert "This server has no credits to spend yet." in await help_of(mia)
    await services.credits.change_rules(FILM_CLUB_ID, OMAR_ID, blocked_reason="unpaid")
    assert "This server cannot make videos at the moment." in await help_of(mia)


async def test_a_models_name_is_shown_as_it_is(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(replace(VEO_FAST, name="**x** @everyone https://evil.example " + "y" * 3_000))
    card = await help_of(mia)
    assert "@everyone" not in card
    assert "https://evil" not in card
    assert len(card) < SCREEN_CHARACTERS + 300


async def test_what_it_says_about_the_provider_is_so(mia: Persona, services: StageServices) -> None:
    assert "The video provider gets prompt and files, not your name." in await help_of(mia)
    await (await mia.slash("/video", "videos", prompt="a fox", model=KLING.name)).wait_message()
    [job] = await services.all_jobs()
    sent = json.dumps(job.payload)
    assert "a fox" in sent
    assert str(MIA_ID) not in sent
    assert mia.user.name not in sent
