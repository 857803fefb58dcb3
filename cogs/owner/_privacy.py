"""The part of `/owner` about data: what is kept about a member or a server is erased."""

from typing import Any

import discord
from discord import app_commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.language.speaking import mark_on, say, say_on
from bot.discord_ui.views.confirm import ConfirmView
from bot.discord_ui.views.erase_question import (
    EraseView,
    erase_question_about_member,
    erase_question_about_server,
    erasure_begun,
    erasure_of_server_begun,
)
from bot.discord_ui.views.escaping import excerpt
from cogs.owner._base import OwnerPart


class OwnerPrivacy(OwnerPart):
    """Commands for requests that reach the owner outside of Discord, and for servers that want to be forgotten."""

    def __init__(self, bot: ReelBot) -> None:
        super().__init__(bot)
        self._privacy = bot.services.privacy

    @app_commands.command(
        description=mark_on("command", "Erase what is kept about a member, or about a server and everybody in it")
    )
    @app_commands.describe(
        member=mark_on("command", "The member, also one who has left"),
        server=mark_on("command", "The server's name or id"),
    )
    @privately
    async def forget(
        self, interaction: discord.Interaction[Any], member: discord.User | None = None, server: str | None = None
    ) -> None:
        """Ask back, and have the data erased."""
        if member is not None and server is None:
            await self._forget_member(interaction, member.id)
        elif server is not None and member is None:
            await self._forget_server(interaction, await self._guild_id(server))
        else:
            await answer(interaction, say("Name either a member or a server."))

    @forget.autocomplete("server")
    async def _known_servers(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        return await self._suggest_servers(interaction, current)

    async def _forget_member(self, interaction: discord.Interaction[Any], member_id: int) -> None:
        async def do(confirmed: discord.Interaction[Any], delete_messages: bool) -> None:
            await self._privacy.erase(member_id, None, delete_messages=delete_messages)
            await answer(confirmed, erasure_begun())

        await answer(interaction, erase_question_about_member(member_id), EraseView(do))

    async def _forget_server(self, interaction: discord.Interaction[Any], guild_id: int) -> None:
        async def do(confirmed: discord.Interaction[Any]) -> None:
            await self._privacy.forget_guild(guild_id)
            await answer(confirmed, erasure_of_server_begun())

        name = excerpt(self._name(guild_id), 100)
        await answer(
            interaction,
            erase_question_about_server(name, guild_id),
            ConfirmView(do, yes=say_on("button", "Erase it all")),
        )
