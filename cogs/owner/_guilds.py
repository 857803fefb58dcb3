"""The part of `/owner` about servers: what they spend, their ceilings, and whether the bot serves them at all."""

from typing import Any

import discord
from discord import app_commands

from bot.client import ReelBot
from bot.discord_ui.commands.parameters import PeriodName, Reason
from bot.discord_ui.interactions.answers import acknowledge, answer, show
from bot.discord_ui.interactions.guild_action import GuildAction
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.language.speaking import mark, mark_on, say, say_on
from bot.discord_ui.views.confirm import ConfirmView
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.guild_buttons import GIVEN_CREDITS, ceiling_dialog
from bot.discord_ui.views.guilds_page import guilds_view
from bot.discord_ui.views.quota_words import limit_words
from bot.domain.periods import Period
from bot.domain.quota import Limit, Scope, parse_amount
from cogs.owner._base import OwnerPart

_BY_THE_OWNER = mark("by the owner")
"""The reason of a block for which none is given."""


class OwnerGuilds(OwnerPart):
    """Commands about servers, and the buttons of the message about a new server."""

    def __init__(self, bot: ReelBot) -> None:
        super().__init__(bot)
        bot.handlers.guilds_page = self.turn_guilds_page
        bot.handlers.guild_button = self.decide_about_guild
        bot.handlers.ceiling_entered = self.set_entered_ceiling

    @app_commands.command(description=mark_on("command", "Servers, what they spent this month, and their ceilings"))
    @privately
    async def guilds(self, interaction: discord.Interaction[Any]) -> None:
        """List the servers that the bot is in or that spent credits."""
        await self._show_guilds(interaction, 0)

    async def turn_guilds_page(self, interaction: discord.Interaction[Any], page: int) -> None:
        """Turn the page of the list, in place."""
        self._require_owner(interaction)
        await interaction.response.defer()
        await self._show_guilds(interaction, page)

    async def _show_guilds(self, interaction: discord.Interaction[Any], page: int) -> None:
        names = {guild.id: guild.name for guild in self._bot.guilds}
        await show(interaction, guilds_view(await self._credits.guilds(), names, page))

    @app_commands.command(description=mark_on("command", "Set what a server may spend of your account"))
    @app_commands.describe(
        server=mark_on("command", "The server's name or id"),
        amount=mark_on("command", "Credits, or: unlimited"),
        period=mark_on("command", "month if not set"),
    )
    @privately
    async def ceiling(
        self, interaction: discord.Interaction[Any], server: str, amount: str, period: PeriodName = "month"
    ) -> None:
        """Set a guild's ceiling. Its moderators can divide it but not raise it."""
        limit = Limit(Scope.CEILING, 0, Period(period), parse_amount(amount))
        await self._set_ceiling(interaction, await self._guild_id(server), limit)

    @app_commands.command(description=mark_on("command", "Stop a server from making videos, or let it make them again"))
    @app_commands.describe(
        server=mark_on("command", "The server's name or id"),
        reason=mark_on("command", "Shown in /owner guilds"),
        lift=mark_on("command", "Unblock it"),
    )
    @privately
    async def block(
        self,
        interaction: discord.Interaction[Any],
        server: str,
        reason: Reason = _BY_THE_OWNER,
        lift: bool = False,
    ) -> None:
        """Block a guild after a question, or unblock it. Jobs that were accepted before go on."""
        guild_id = await self._guild_id(server)
        name = self._shown_name(guild_id)
        if lift:
            await self._credits.change_rules(guild_id, interaction.user.id, blocked_reason=None)
            await answer(interaction, say("{server} is not blocked any more.", server=name))
            return

        async def do(confirmed: discord.Interaction[Any]) -> None:
            await self._credits.change_rules(guild_id, confirmed.user.id, blocked_reason=reason)
            await answer(confirmed, say("{server} is blocked.", server=name))

        question = say(
            "Block {server} (`{id}`)? Its members can then make no videos; what they asked for goes on.",
            server=name,
            id=str(guild_id),
        )
        await answer(interaction, question, ConfirmView(do, yes=say_on("button", "Block it")))

    @ceiling.autocomplete("server")
    @block.autocomplete("server")
    async def _guilds(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        return await self._suggest_servers(interaction, current)

    async def decide_about_guild(
        self, interaction: discord.Interaction[Any], action: GuildAction, guild_id: int
    ) -> None:
        """Carry out what an owner chose about a new server."""
        self._require_owner(interaction)
        match action:
            case GuildAction.GIVE:
                if await acknowledge(interaction):
                    limit = Limit(Scope.CEILING, 0, Period.MONTH, GIVEN_CREDITS)
                    await self._set_ceiling(interaction, guild_id, limit)
            case GuildAction.AMOUNT:
                await interaction.response.send_modal(ceiling_dialog(guild_id))
            case GuildAction.LEAVE:

                async def do(confirmed: discord.Interaction[Any]) -> None:
                    await self._credits.leave_guild(guild_id, confirmed.user.id)
                    await (await self._bot.fetch_guild(guild_id, with_counts=False)).leave()
                    await answer(confirmed, say("I left {server}.", server=name))

                name = self._shown_name(guild_id)
                question = say(
                    "Leave {server} (`{id}`)? Only somebody who manages that server can invite me again.",
                    server=name,
                    id=str(guild_id),
                )
                await answer(interaction, question, ConfirmView(do, yes=say_on("button", "Leave it")))

    async def set_entered_ceiling(self, interaction: discord.Interaction[Any], guild_id: int, amount: str) -> None:
        """Set a ceiling from the dialog."""
        self._require_owner(interaction)
        if await acknowledge(interaction):
            await self._set_ceiling(interaction, guild_id, Limit(Scope.CEILING, 0, Period.MONTH, parse_amount(amount)))

    async def _set_ceiling(self, interaction: discord.Interaction[Any], guild_id: int, limit: Limit) -> None:
        await self._credits.set_ceiling(guild_id, interaction.user.id, limit.period, limit.amount)
        name = self._shown_name(guild_id)
        await answer(
            interaction, say("What {server} may spend of your account: {limit}.", server=name, limit=limit_words(limit))
        )

    def _shown_name(self, guild_id: int) -> str:
        return f"**{excerpt(self._name(guild_id), 100)}**"
