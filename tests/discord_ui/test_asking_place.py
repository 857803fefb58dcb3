"""Buttons in a channel where their member may not write: the request is made where the result was asked for."""

from functools import partial

import discord
import pytest

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.job_button import JobButton
from bot.domain.guild_settings import GuildSetting
from bot.storage import age_restricted
from sandbox.discord import DiscordSandbox, Message, Permission, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, GENERAL_ID, OMAR_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from tests.discord_ui.test_results import ask
from tests.support.stage import StageBot, StageServices, becomes, button, words


@pytest.fixture
async def among_results(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, services: StageServices
) -> Message:
    """A result in #general, the results channel that Noah may only read; it was asked for in #videos."""
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.RESULTS_CHANNEL, GENERAL_ID)
    job = await ask(mia, services)
    deny(sandbox, noah, GENERAL_ID)
    view = discord.ui.View()
    for action in (JobAction.AGAIN, JobAction.EDIT):
        view.add_item(JobButton(action, job.id))
    sent = await bot.get_partial_messageable(GENERAL_ID).send("a video", view=view)
    return sandbox.world.channels[GENERAL_ID].messages[sent.id]


def deny(sandbox: DiscordSandbox, who: Persona, channel_id: int) -> None:
    overwrite = Overwrite(who.id, is_member=True, deny=int(Permission.SEND_MESSAGES))
    sandbox.world.channels[channel_id].overwrites[who.id] = overwrite


@pytest.mark.parametrize("pressed", ["Again", "Edit prompt"])
async def test_the_request_goes_to_the_channel_in_which_the_result_was_asked_for(
    noah: Persona, services: StageServices, among_results: Message, pressed: str
) -> None:
    asked = await noah.press(among_results, button(among_results, pressed))
    if pressed != "Again":
        await asked.wait_modal()
        asked = await noah.submit(asked, prompt="an owl")
    told = await asked.wait_message()
    assert told.visible_to == noah.id
    assert f"its card appears in <#{VIDEOS_ID}>" in words(told)
    job = (await services.all_jobs())[-1]
    assert (job.member_id, job.channel_id) == (noah.id, VIDEOS_ID)


async def heard(bot: StageBot, who: Persona) -> bool:
    """Tell whether the bot knows of what a person may do in #videos."""
    channel = bot.get_channel(VIDEOS_ID)
    assert isinstance(channel, discord.TextChannel)
    return any(target.id == who.id for target in channel.overwrites)


async def test_who_may_write_nowhere_of_the_two_is_refused(
    sandbox: DiscordSandbox, noah: Persona, bot: StageBot, services: StageServices, among_results: Message
) -> None:
    deny(sandbox, noah, VIDEOS_ID)
    sandbox.core.channel_changed("CHANNEL_UPDATE", sandbox.world.channels[VIDEOS_ID])
    await becomes(partial(heard, bot, noah))
    pressed = await noah.press(among_results, button(among_results, "Again"))
    assert "the permission **Send Messages**" in words(await pressed.wait_message())
    assert len(await services.all_jobs()) == 1


async def test_who_may_write_where_the_button_is_has_the_answer_there(
    mia: Persona, services: StageServices, among_results: Message
) -> None:
    card = await (await mia.press(among_results, button(among_results, "Again"))).wait_message()
    assert (card.channel_id, card.visible_to) == (GENERAL_ID, None)


async def test_the_rules_of_the_other_channel_hold(
    sandbox: DiscordSandbox, noah: Persona, services: StageServices, among_results: Message
) -> None:
    sandbox.world.channels[GENERAL_ID].nsfw = True
    await services.database.write(age_restricted.mark, "veo31_fast", OMAR_ID, 0.0)
    pressed = await noah.press(among_results, button(among_results, "Again"))
    assert "age-restricted" in words(await pressed.wait_message())
    await services.database.write(age_restricted.unmark, "veo31_fast")
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_CHANNELS, [GENERAL_ID])
    services.clock = lambda: 9e9  # the first press is no double click of the next one
    pressed = await noah.press(among_results, button(among_results, "Again"))
    assert "Please ask in" in words(await pressed.wait_message())
    assert len(await services.all_jobs()) == 1
