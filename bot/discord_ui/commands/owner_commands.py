"""`/owner` is registered in the owners' own guilds only, so that administrators of other guilds do not see it."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.sync import CommandSync
from bot.services.owners import Owners

log = logging.getLogger(__name__)


class OwnerCommands:
    """Keeps a group of commands registered in the owners' guilds, and nowhere else."""

    def __init__(
        self, tree: app_commands.CommandTree[Any], sync: CommandSync, group: app_commands.Group, owners: Owners
    ) -> None:
        self._tree = tree
        self._sync = sync
        self._group = group
        self._owners = owners
        self.placed = asyncio.Event()
        """Set once Discord has the commands of all guilds that were known at the start."""

    async def place(self, guilds: Iterable[discord.Guild]) -> None:
        """Register the group in those of the guilds that belong to an owner, and take it out of the others."""
        for guild in guilds:
            belongs = self._owners.has_guild(guild.id, guild.owner_id)
            if belongs:
                self._tree.add_command(self._group, guild=guild, override=True)
            else:
                self._tree.remove_command(self._group.name, guild=guild)
            try:
                await self._sync.sync(guild, unless_never=not belongs)
            except discord.HTTPException as error:
                log.error("Discord did not take the owner's commands", extra={"guild": guild.id, "error": str(error)})

    async def place_all(self, guilds: Iterable[discord.Guild]) -> None:
        """Place the group in all guilds that are known, and say in the log where none is an owner's."""
        known = tuple(guilds)
        await self.place(known)
        self.placed.set()
        if not any(self._owners.has_guild(guild.id, guild.owner_id) for guild in known):
            log.warning(
                "/owner is nowhere: invite the bot to a server of your own, or name one in OWNER_GUILD_ID",
                extra={"action": "owner_commands"},
            )
