"""`/quota`: who may spend how much in a guild. Needs Manage Server, checked here whatever Discord shows."""

import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.limit_choices import limit_choices, limit_of_choice
from bot.discord_ui.commands.parameters import Amount, Reason
from bot.discord_ui.commands.refund_choices import refund_choices
from bot.discord_ui.interactions.answers import answer, give_files, show
from bot.discord_ui.interactions.permissions import ManageGuildOnly, may_manage_guild
from bot.discord_ui.interactions.private import guild_id_of, guild_of, privately
from bot.discord_ui.interactions.reader import public_language
from bot.discord_ui.language.speaking import mark_on, say, say_many, speaking
from bot.discord_ui.posting.refunds import Refunded, RefundTeller
from bot.discord_ui.views.credit_cards import overview_card
from bot.discord_ui.views.ledger_pages import ledger_csv, ledger_view
from bot.discord_ui.views.quota_words import granted_words
from bot.domain.jobs import read_job_id
from bot.domain.ledger_views import LedgerFilter
from bot.domain.refusals import Impossible, NotPossible
from cogs.quota._setting import SettingCommands


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Quota(
    ManageGuildOnly,
    SettingCommands,
    commands.GroupCog,
    group_name="quota",
    group_description=mark_on("command", "Who may spend how many credits in this server"),
):
    """Budgets, grants, refunds and the ledger."""

    def __init__(self, bot: ReelBot) -> None:
        self._credits = bot.services.credits
        self._catalogue = bot.services.catalogue
        self._jobs = bot.services.jobs
        self._settings_of = bot.services.guild_settings.of
        self._refund_teller = RefundTeller(bot, bot.mentions, bot.services.member_locales.of)
        bot.handlers.ledger_page = self.turn_ledger_page

    @app_commands.command(
        description=mark_on("command", "All budgets and rules of this server, and what is used of them")
    )
    @privately
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show everything that is set."""
        guild = guild_of(interaction)
        overview = await self._credits.overview(guild.id)
        roles = {role.id for role in guild.roles}
        view = overview_card(overview, roles, self._catalogue.name_of)
        await show(interaction, view)

    @app_commands.command(description=mark_on("command", "Take a budget back"))
    @app_commands.describe(limit=mark_on("command", "Which one; pick it from the list"))
    @privately
    async def clear(self, interaction: discord.Interaction[Any], limit: str) -> None:
        """Remove a limit, also one of a deleted role or of a member who left."""
        await self._credits.clear_limit(guild_id_of(interaction), interaction.user.id, limit_of_choice(limit))
        await answer(interaction, say("Cleared."))

    @clear.autocomplete("limit")
    async def _limits(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        if interaction.guild is None or not may_manage_guild(interaction):
            return []
        overview = await self._credits.overview(interaction.guild.id)
        return limit_choices(overview.limits, {role.id: role.name for role in interaction.guild.roles}, typed)

    @app_commands.command(
        description=mark_on("command", "Give one-off credits, used only where the budgets do not suffice")
    )
    @app_commands.describe(
        amount=mark_on("command", "Credits"),
        reason=mark_on("command", "For the ledger"),
        member=mark_on("command", "For whom; else for the server"),
        days=mark_on("command", "How long they last"),
    )
    @privately
    async def grant(
        self,
        interaction: discord.Interaction[Any],
        amount: Amount,
        reason: Reason,
        member: discord.User | None = None,
        days: app_commands.Range[int, 1, 3650] | None = None,
    ) -> None:
        """Give room beyond the member's, or the server's own, limits."""
        whom = None if member is None else member.id
        await self._credits.grant(guild_id_of(interaction), interaction.user.id, whom, amount, reason, days)
        await answer(interaction, granted_words(amount, whom, days))

    @app_commands.command(description=mark_on("command", "Give the credits of a job back"))
    @app_commands.describe(
        job=mark_on("command", "A failed job that cost credits, or any job's id as in /quota ledger"),
        reason=mark_on("command", "For the ledger"),
        amount=mark_on("command", "All if not given"),
    )
    @privately
    async def refund(
        self, interaction: discord.Interaction[Any], job: str, reason: Reason, amount: Amount | None = None
    ) -> None:
        """Give back at most what was spent on a job."""
        job_id = read_job_id(job)
        given = await self._credits.refund(guild_id_of(interaction), interaction.user.id, job_id, amount, reason)
        words = say_many(
            "Refunded {count} credit on job `{job}`.", "Refunded {count} credits on job `{job}`.", given, job=job_id
        )
        await answer(interaction, words)
        await self._tell_of_refund(interaction, job_id, given)

    async def _tell_of_refund(self, interaction: discord.Interaction[Any], job_id: str, given: int) -> None:
        view = await self._jobs.get(job_id)
        if view is None:
            return
        refunded = Refunded(view.job, view.posting, given, view.kept, guild_of(interaction).name)
        with speaking(await public_language(interaction, self._settings_of)):
            await self._refund_teller.mend(refunded)
        if view.job.member_id != interaction.user.id:
            await self._refund_teller.tell_member(refunded)

    @refund.autocomplete("job")
    async def _refundable(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        if interaction.guild is None or not may_manage_guild(interaction):
            return []
        found = await self._credits.refundable(interaction.guild.id)
        return refund_choices(found, typed, interaction.created_at.timestamp())

    @app_commands.command(
        description=mark_on("command", "What was spent, refunded and granted, newest first; also as a file")
    )
    @app_commands.describe(
        member=mark_on("command", "Of one member"),
        job=mark_on("command", "Of one job"),
        period=mark_on("command", "today, this week, this month, 2026-11-03, 2026-W45 or 2026-11"),
        file=mark_on("command", "Every entry, as a file for a spreadsheet"),
    )
    @privately
    async def ledger(
        self,
        interaction: discord.Interaction[Any],
        member: discord.User | None = None,
        job: str | None = None,
        period: str | None = None,
        file: bool = False,
    ) -> None:
        """Show the ledger in pages with buttons, or all of it as a file."""
        guild_id = guild_id_of(interaction)
        within = None if period is None else await self._credits.period(guild_id, period)
        wanted = LedgerFilter(
            guild_id, None if member is None else member.id, None if job is None else read_job_id(job), within
        )
        if file:
            table = io.BytesIO(ledger_csv(await self._credits.ledger_export(wanted), self._catalogue.name_of))
            await give_files(interaction, "", [discord.File(table, "ledger.csv")])
        else:
            page = await self._credits.ledger_page(wanted)
            view = ledger_view(page, wanted, self._catalogue.name_of)
            await show(interaction, view)

    async def turn_ledger_page(
        self, interaction: discord.Interaction[Any], wanted: LedgerFilter, before: int | None, after: int | None
    ) -> None:
        """Turn the page of a ledger, in place. Members see their own ledger, moderators that of the server."""
        if wanted.member_id != interaction.user.id and not may_manage_guild(interaction):
            raise NotPossible(Impossible.NOT_A_MODERATOR)
        await interaction.response.defer()
        page = await self._credits.ledger_page(wanted, before=before, after=after)
        view = ledger_view(page, wanted, self._catalogue.name_of)
        await show(interaction, view)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Quota(bot))
