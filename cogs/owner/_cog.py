"""`/owner`: what guilds may spend of the owner's account. For the bot's owners only, answered privately."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.parameters import Reason
from bot.discord_ui.interactions.answers import answer, show
from bot.discord_ui.interactions.private import privately
from bot.discord_ui.language.speaking import mark_on, say, say_many, say_on
from bot.discord_ui.views.confirm import ConfirmView
from bot.discord_ui.views.credit_cards import balance_card
from bot.discord_ui.views.quota_words import difference_words
from bot.domain.jobs import read_job_id
from bot.domain.quota import CREDITS_MAX
from cogs.owner._guilds import OwnerGuilds
from cogs.owner._jobs import OwnerJobs
from cogs.owner._moderation import OwnerModeration
from cogs.owner._privacy import OwnerPrivacy
from cogs.owner._queue import OwnerQueue


@app_commands.default_permissions()  # without any: Discord shows the commands to administrators only
class Owner(
    OwnerGuilds,
    OwnerJobs,
    OwnerQueue,
    OwnerModeration,
    OwnerPrivacy,
    commands.GroupCog,
    group_name="owner",
    group_description=mark_on("command", "The owner's account and what servers may spend of it"),
):
    """Commands that only the bot's owners can use, wherever they are."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let only owners pass."""
        return interaction.user.id in self._owners

    @app_commands.command(description=mark_on("command", "What is left on your account at the provider"))
    @privately
    async def balance(self, interaction: discord.Interaction[Any]) -> None:
        """Show the account."""
        await show(interaction, balance_card(await self._credits.balance()))

    @app_commands.command(
        description=mark_on("command", "Set what the provider truly charged for a job that has ended")
    )
    @app_commands.describe(
        server=mark_on("command", "The server's name or id"),
        job=mark_on("command", "The job's id"),
        charged=mark_on("command", "Credits charged in all"),
    )
    @privately
    async def correct(
        self,
        interaction: discord.Interaction[Any],
        server: str,
        job: str,
        charged: app_commands.Range[int, 0, CREDITS_MAX],
        reason: Reason,
    ) -> None:
        """Add an entry to the ledger that sets a job's charge, after a question. The old entries stay."""
        guild_id, job_id = await self._guild_id(server), read_job_id(job)

        async def do(confirmed: discord.Interaction[Any]) -> None:
            difference = await self._credits.correct(guild_id, confirmed.user.id, job_id, charged, reason)
            await answer(confirmed, say("Corrected: {amount}.", amount=difference_words(difference)))

        question = say_many(
            "Set the charge of job `{job}` in {server} to {count} credit?",
            "Set the charge of job `{job}` in {server} to {count} credits?",
            charged,
            job=job_id,
            server=self._shown_name(guild_id),
        )
        await answer(interaction, question, ConfirmView(do, yes=say_on("button", "Correct it")))

    @correct.autocomplete("server")
    async def _servers(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        return await self._suggest_servers(interaction, current)

    @app_commands.command(description=mark_on("command", "Prove that all balances are the sums of the ledger"))
    @app_commands.describe(repair=mark_on("command", "Correct the balances that disagree with the ledger"))
    @privately
    async def check(self, interaction: discord.Interaction[Any], repair: bool = False) -> None:
        """Compare all balances with the ledger, which is never changed."""
        problems = await self._credits.check(repair=repair)
        if not problems:
            await answer(interaction, say("All balances agree with the ledger."))
            return
        heading = (
            say("These balances were corrected:") if repair else say("These balances disagree; `repair` corrects them:")
        )
        await answer(interaction, "\n".join([heading, *(f"- {problem}" for problem in problems)]))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Owner(bot))
