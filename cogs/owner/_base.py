"""What the parts of `/owner` share: who may use them, and servers by name."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.message_limits import CHOICES_MAX, cut
from bot.domain.refusals import Impossible, NotPossible


class OwnerPart(commands.Cog):
    """A part of the owner's commands. The parts are put together in `cogs.owner._cog`."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._owners = bot.services.owners.ids
        self._catalogue = bot.services.catalogue
        self._credits = bot.services.credits
        self._operations = bot.services.operations
        self._jobs_service = bot.services.jobs

    def _require_owner(self, interaction: discord.Interaction[Any]) -> None:
        """Let only owners press buttons. Raises CheckFailure for everybody else."""
        if interaction.user.id not in self._owners:
            raise app_commands.CheckFailure

    async def _guild_id(self, typed: str) -> int:
        """Read a server's id, or the name of exactly one server. Raises NotPossible.

        Digits are always an id: a server may be named like another server's id.
        """
        typed = typed.strip()
        if typed.isascii() and typed.isdigit():
            # Another process may hold the guild's shard, and the bot may have left it: its credits are known then.
            known = {guild.id for guild in self._bot.guilds} | {use.guild_id for use in await self._credits.guilds()}
            found = {int(typed)} & known
        else:
            found = {guild.id for guild in self._bot.guilds if typed == guild.name}
        if len(found) != 1:
            raise NotPossible(Impossible.NO_SUCH_SERVER)
        return found.pop()

    def _name(self, guild_id: int) -> str:
        guild = self._bot.get_guild(guild_id)
        return say("server {id}", id=str(guild_id)) if guild is None else guild.name

    async def _suggest_servers(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest the servers whose name or id contains what was typed, from memory."""
        if interaction.user.id not in self._owners:
            return []
        typed = current.casefold()
        found = [guild for guild in self._bot.guilds if typed in guild.name.casefold() or typed in str(guild.id)]
        found.sort(key=lambda guild: guild.name.casefold())
        return [
            app_commands.Choice(name=f"{cut(guild.name, 70)} ({guild.id})", value=str(guild.id))
            for guild in found[:CHOICES_MAX]
        ]
