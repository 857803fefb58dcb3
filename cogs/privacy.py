"""`/privacy`: what is kept about a member, shown, exported and erased. Answered privately, also in direct messages."""

import io
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import answer, give_files, show
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.erase_question import EraseView, erase_question, erasure_begun
from bot.discord_ui.views.privacy_card import privacy_card
from bot.domain.privacy import ExportFile

UPLOAD_BYTES = 10 * 1024 * 1024
"""Bytes that Discord lets everybody upload, where the interaction names no limit."""


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class PrivacyCommands(
    commands.GroupCog,
    group_name="privacy",
    group_description=mark_on("command", "What this bot keeps about you"),
):
    """A member's own data. Nobody can ask for somebody else's."""

    def __init__(self, bot: ReelBot) -> None:
        self._privacy = bot.services.privacy

    @app_commands.command(description=mark_on("command", "What is kept about you, why, for how long, and who gets it"))
    @privately
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show how much is kept, and the rules."""
        await show(interaction, privacy_card(await self._privacy.show(interaction.user.id), self._privacy.policy))

    @app_commands.command(
        description=mark_on("command", "Everything that is kept about you, as a file that only you see")
    )
    @privately
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Send the files."""
        size_max = interaction.filesize_limit or UPLOAD_BYTES
        files = await self._privacy.export(interaction.user.id, size_max)
        words = say("This is everything that I keep about you. Only you can see it.")
        await give_files(interaction, words, [_attached(file) for file in files])

    @app_commands.command(description=mark_on("command", "Erase what is kept about you, after a question"))
    @app_commands.describe(where=mark_on("command", "Everywhere if not set: in all servers in which you used this bot"))
    @privately
    async def erase(
        self, interaction: discord.Interaction[Any], where: Literal["everywhere", "this server"] = "everywhere"
    ) -> None:
        """Have the member's data erased, once they have chosen what becomes of the posted videos."""
        guild_id = guild_id_of(interaction) if where == "this server" else None
        member_id = interaction.user.id

        async def do(confirmed: discord.Interaction[Any], delete_messages: bool) -> None:
            await self._privacy.erase(member_id, guild_id, delete_messages=delete_messages)
            await answer(confirmed, erasure_begun())

        await answer(interaction, erase_question(everywhere=guild_id is None), EraseView(do))


def _attached(file: ExportFile) -> discord.File:
    return discord.File(io.BytesIO(file.content), file.name)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(PrivacyCommands(bot))
