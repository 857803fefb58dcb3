"""The bot's own commands keep their names, whatever the provider's models are called."""

from dataclasses import replace

import discord
from discord import app_commands

from bot.discord_ui.commands.own_names import OWN_NAMES
from bot.storage import command_names
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import FILM_CLUB_ID
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.stage import StageBot, StageServices, running, words

HELP_FAST = replace(VEO_FAST, slug="help_fast", name="Help Fast", engine="Help")


async def test_every_command_of_the_cogs_is_the_bots_own(bot: StageBot, services: StageServices) -> None:
    generated = {name.command for name in services.commands.names.values()}
    guild = discord.Object(FILM_CLUB_ID)
    there_are = {
        command.name
        for command in (*bot.tree.get_commands(), *bot.tree.get_commands(guild=guild))
        if isinstance(command, (app_commands.Command, app_commands.Group))
    }
    assert there_are - generated <= OWN_NAMES
    assert not generated & OWN_NAMES


async def test_a_family_that_was_named_like_a_command_of_today_gives_way(
    sandbox: DiscordSandbox, services: StageServices
) -> None:
    await services.database.write(
        command_names.save, {"help_fast": ("help", "fast"), "veo31_fast": ("veo", "fast-as-ever")}
    )
    await services.catalogue.change(HELP_FAST, VEO_FAST, announce=False)
    async with running(sandbox, services):
        mia = sandbox.persona("mia")
        assert "What it costs" in words(await (await mia.slash("/help", "general")).wait_message())
        there_are = {str(command["name"]) for command in mia.commands("general")}
        assert {"help", "help-video", "veo"} <= there_are
        await (await mia.slash("/help-video fast", "general", prompt="a fox")).wait_message()
    assert [job.model_slug for job in await services.all_jobs()] == ["help_fast"]
    kept = await services.database.read(command_names.load)
    assert kept["help_fast"] == ("help-video", "fast")
    assert kept["veo31_fast"] == ("veo", "fast-as-ever")
