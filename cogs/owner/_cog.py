"""`/owner`: what guilds may spend of the owner's account. For the bot's owners only, answered privately."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.parameters import PeriodName, Reason
from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.views.credit_cards import balance_card, guilds_card
from bot.discord_ui.views.message_limits import CHOICES_MAX, cut
from bot.discord_ui.views.quota_words import limit_words
from bot.domain.periods import Period
from bot.domain.quota import Limit, Scope, parse_amount
from bot.domain.refusals import Impossible, NotPossible
from cogs.owner._jobs import OwnerJobs
from cogs.owner._queue import OwnerQueue


@app_commands.default_permissions()  # without any: Discord shows the commands to administrators only
class Owner(
    OwnerJobs,
    OwnerQueue,
    commands.GroupCog,
    group_name="owner",
    group_description="The owner's account and what servers may spend of it",
):
    """Commands that only the bot's owners can use, wherever they are."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._owners = bot.services.owners.ids
        self._credits = bot.services.credits
        self._operations = bot.services.operations
        self._jobs_service = bot.services.jobs

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let only owners pass."""
        return interaction.user.id in self._owners

    @app_commands.command(description="Servers, what they spent this month, and their ceilings")
    @privately
    async def guilds(self, interaction: discord.Interaction[Any]) -> None:
        """List the servers."""
        await interaction.edit_original_response(view=guilds_card(await self._credits.guilds(), self._name))

    @app_commands.command(description="What is left on your account at the provider")
    @privately
    async def balance(self, interaction: discord.Interaction[Any]) -> None:
        """Show the account."""
        await interaction.edit_original_response(view=balance_card(await self._credits.balance()))

    @app_commands.command(description="Set what a server may spend of your account")
    @app_commands.describe(server="The server's name or id", amount="Credits, or: unlimited", period="month if not set")
    @privately
    async def ceiling(
        self, interaction: discord.Interaction[Any], server: str, amount: str, period: PeriodName = "month"
    ) -> None:
        """Set a guild's ceiling. Its moderators can divide it but not raise it."""
        guild_id = await self._guild_id(server)
        limit = Limit(Scope.CEILING, 0, Period(period), parse_amount(amount))
        await self._credits.set_ceiling(guild_id, interaction.user.id, limit.period, limit.amount)
        await answer(interaction, f"{self._name(guild_id)} may now spend {limit_words(limit)} of your account.")

    @app_commands.command(description="Stop a server from generating videos, or let it again")
    @app_commands.describe(server="The server's name or id", reason="Shown in /owner guilds", lift="Unblock it")
    @privately
    async def block(
        self, interaction: discord.Interaction[Any], server: str, reason: Reason = "by the owner", lift: bool = False
    ) -> None:
        """Block a guild, or unblock it. Jobs that were accepted before go on."""
        guild_id = await self._guild_id(server)
        blocked_reason = None if lift else reason
        await self._credits.change_rules(guild_id, interaction.user.id, blocked_reason=blocked_reason)
        await answer(interaction, f"{self._name(guild_id)} is {'not blocked any more' if lift else 'blocked'}.")

    @app_commands.command(description="Set what the provider truly charged for a job that has ended")
    @app_commands.describe(server="The server's name or id", job="The job's id", charged="Credits charged in all")
    @privately
    async def correct(
        self,
        interaction: discord.Interaction[Any],
        server: str,
        job: str,
        charged: app_commands.Range[int, 0, 1_000_000_000],
        reason: Reason,
    ) -> None:
        """Add an entry to the ledger that sets a job's charge. The old entries stay."""
        guild_id = await self._guild_id(server)
        actor_id = interaction.user.id
        difference = await self._credits.correct(guild_id, actor_id, job.strip(), charged, reason)
        await answer(interaction, f"Corrected by {difference:+,} credits.")

    @app_commands.command(description="Prove that all balances are the sums of the ledger")
    @app_commands.describe(repair="Correct the balances that disagree with the ledger")
    @privately
    async def check(self, interaction: discord.Interaction[Any], repair: bool = False) -> None:
        """Compare all balances with the ledger, which is never changed."""
        problems = await self._credits.check(repair=repair)
        if not problems:
            await answer(interaction, "All balances agree with the ledger.")
            return
        heading = "These balances were corrected:" if repair else "These balances disagree; `repair` corrects them:"
        await answer(interaction, "\n".join([heading, *(f"- {problem}" for problem in problems)]))

    @ceiling.autocomplete("server")
    @block.autocomplete("server")
    @correct.autocomplete("server")
    async def _servers(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        if interaction.user.id not in self._owners:
            return []
        typed = current.casefold()
        found = [guild for guild in self._bot.guilds if typed in guild.name.casefold() or typed in str(guild.id)]
        found.sort(key=lambda guild: guild.name.casefold())
        return [
            app_commands.Choice(name=f"{cut(guild.name, 70)} ({guild.id})", value=str(guild.id))
            for guild in found[:CHOICES_MAX]
        ]

    async def _guild_id(self, typed: str) -> int:
        typed = typed.strip()
        found = {guild.id for guild in self._bot.guilds if typed in (guild.name, str(guild.id))}
        # Another process may hold the guild's shard, and the bot may have left it: its credits are known all the same.
        found |= {use.guild_id for use in await self._credits.guilds() if typed == str(use.guild_id)}
        if len(found) != 1:
            raise NotPossible(Impossible.NO_SUCH_SERVER)
        return found.pop()

    def _name(self, guild_id: int) -> str:
        guild = self._bot.get_guild(guild_id)
        return f"server {guild_id}" if guild is None else guild.name


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Owner(bot))
