"""`/quota`: who may spend how much in a guild. Needs Manage Server, checked here whatever Discord shows."""

import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.commands.limit_choices import limit_choices, limit_of_choice, threshold_choices
from bot.discord_ui.commands.parameters import Amount, PeriodName, Reason
from bot.discord_ui.commands.refund_choices import refund_choices
from bot.discord_ui.interactions.answers import answer, give_files, show
from bot.discord_ui.interactions.permissions import ManageGuildOnly, may_manage_guild
from bot.discord_ui.interactions.private import guild_id_of, guild_of, privately
from bot.discord_ui.language.speaking import mark_on, say, say_many
from bot.discord_ui.views.credit_cards import overview_card
from bot.discord_ui.views.ledger_pages import ledger_csv, ledger_view
from bot.discord_ui.views.limit_warnings import warned
from bot.discord_ui.views.message_limits import CHOICES_MAX
from bot.discord_ui.views.quota_words import amount_words, at_most_words, confirm_words, limit_words, threshold_words
from bot.domain.confirmation import parse_threshold
from bot.domain.jobs import read_job_id
from bot.domain.ledger_views import LedgerFilter
from bot.domain.periods import Period, zone_names
from bot.domain.quota import JOBS_MAX, Limit, Scope, parse_amount
from bot.domain.refusals import Impossible, NotPossible

AMOUNT = mark_on("command", "Credits, or: unlimited")
THRESHOLD = mark_on("command", "Credits, or: off")


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Quota(
    ManageGuildOnly,
    commands.GroupCog,
    group_name="quota",
    group_description=mark_on("command", "Who may spend how many credits in this server"),
):
    """Budgets, grants, refunds and the ledger."""

    setting = app_commands.Group(name="set", description=mark_on("command", "Set a budget or a rule"))

    def __init__(self, bot: ReelBot) -> None:
        self._credits = bot.services.credits
        self._catalogue = bot.services.catalogue
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

    @setting.command(name="guild", description=mark_on("command", "A budget of this server as a whole"))
    @app_commands.describe(period=mark_on("command", "How long it lasts"), amount=AMOUNT)
    @privately
    async def set_guild(self, interaction: discord.Interaction[Any], period: PeriodName, amount: str) -> None:
        """Set the guild's own limit, below the owner's ceiling."""
        await self._set_limit(interaction, Scope.GUILD, 0, period, amount, say("This server"))

    @setting.command(
        name="default", description=mark_on("command", "A budget of every member for whom nothing else is set")
    )
    @app_commands.describe(period=mark_on("command", "How long it lasts"), amount=AMOUNT)
    @privately
    async def set_default(self, interaction: discord.Interaction[Any], period: PeriodName, amount: str) -> None:
        """Set everyone's limit."""
        await self._set_limit(interaction, Scope.DEFAULT, 0, period, amount, say("Everyone"))

    @setting.command(
        name="role",
        description=mark_on("command", "A budget of each member with a role; the most generous role counts"),
    )
    @app_commands.describe(
        role=mark_on("command", "The role"), period=mark_on("command", "How long it lasts"), amount=AMOUNT
    )
    @privately
    async def set_role(
        self, interaction: discord.Interaction[Any], role: discord.Role, period: PeriodName, amount: str
    ) -> None:
        """Set a role's limit."""
        await self._set_limit(
            interaction, Scope.ROLE, role.id, period, amount, say("Everyone with {role}", role=role.mention)
        )

    @setting.command(
        name="member",
        description=mark_on("command", "A budget of one member, in place of their roles' and the default"),
    )
    @app_commands.describe(
        member=mark_on("command", "The member"), period=mark_on("command", "How long it lasts"), amount=AMOUNT
    )
    @privately
    async def set_member(
        self, interaction: discord.Interaction[Any], member: discord.User, period: PeriodName, amount: str
    ) -> None:
        """Set a member's limit."""
        await self._set_limit(interaction, Scope.MEMBER, member.id, period, amount, member.mention)

    @setting.command(name="price_max", description=mark_on("command", "The highest price of one request"))
    @app_commands.describe(amount=THRESHOLD)
    @privately
    async def set_price_max(self, interaction: discord.Interaction[Any], amount: str) -> None:
        """Refuse dearer requests."""
        price = parse_amount(amount)
        await self._credits.change_rules(guild_id_of(interaction), interaction.user.id, price_max=price)
        await self._answer_about(
            interaction, say("The highest price of one request: {credits}.", credits=amount_words(price)), "price_max"
        )

    @setting.command(
        name="confirm_above", description=mark_on("command", "When members are asked before a price is spent")
    )
    @app_commands.describe(amount=mark_on("command", "Credits above which they are asked, or: always, never, default"))
    @privately
    async def set_confirm_above(self, interaction: discord.Interaction[Any], amount: str) -> None:
        """Have members confirm dearer requests first."""
        threshold = parse_threshold(amount)
        await self._credits.change_rules(guild_id_of(interaction), interaction.user.id, confirm_above=threshold)
        await self._answer_about(
            interaction, say("Members confirm first: {what}.", what=confirm_words(threshold)), "confirm_above"
        )

    @set_confirm_above.autocomplete("amount")
    async def _thresholds(self, _interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return threshold_choices(typed)

    @setting.command(
        name="approval_above", description=mark_on("command", "Requests that cost more than this wait for a moderator")
    )
    @app_commands.describe(
        amount=THRESHOLD, channel=mark_on("command", "Where moderators are asked; Manage Server decides")
    )
    @privately
    async def set_approval_above(
        self, interaction: discord.Interaction[Any], amount: str, channel: discord.TextChannel | None = None
    ) -> None:
        """Hold dearer requests until a moderator decides, for a day."""
        guild = guild_of(interaction)
        if channel is not None and not channel.permissions_for(guild.me).send_messages:
            raise NotPossible(Impossible.CANNOT_POST, channel_id=channel.id)
        chosen = {} if channel is None else {"approval_channel_id": channel.id}
        threshold = parse_amount(amount)
        actor_id = interaction.user.id
        await self._credits.change_rules(guild.id, actor_id, approval_above=threshold, **chosen)
        words = say("Moderators approve prices above: {amount}.", amount=threshold_words(threshold))
        await self._answer_about(interaction, words, "approval_above")

    @setting.command(name="jobs_max", description=mark_on("command", "How many requests may wait or run at once"))
    @app_commands.describe(
        member=mark_on("command", "Per member: a number, or: unlimited"),
        guild=mark_on("command", "In this server, likewise"),
    )
    @privately
    async def set_jobs_max(
        self, interaction: discord.Interaction[Any], member: str | None = None, guild: str | None = None
    ) -> None:
        """Set how many jobs there may be at once. A number that is not given stays as it is."""
        given = {"member_jobs_max": member, "guild_jobs_max": guild}
        changes = {name: parse_amount(text, maximum=JOBS_MAX) for name, text in given.items() if text is not None}
        rules = await self._credits.change_rules(guild_id_of(interaction), interaction.user.id, **changes)
        member_words, guild_words = at_most_words(rules.member_jobs_max), at_most_words(rules.guild_jobs_max)
        words = say(
            "Jobs at once: {per_member} per member, {in_server} in this server.",
            per_member=member_words,
            in_server=guild_words,
        )
        await self._answer_about(interaction, words, *changes)

    @setting.command(
        name="time_zone", description=mark_on("command", "Where the days of this server's budgets begin at midnight")
    )
    @app_commands.describe(name="For example Europe/Berlin")
    @privately
    async def set_time_zone(self, interaction: discord.Interaction[Any], name: str) -> None:
        """Set the time zone by its IANA name."""
        await self._credits.change_rules(guild_id_of(interaction), interaction.user.id, time_zone=name)
        await answer(interaction, say("Days now begin at midnight in {time_zone}.", time_zone=name))

    @set_time_zone.autocomplete("name")
    async def _time_zones(self, _interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        found = [name for name in zone_names() if typed.casefold().replace(" ", "_") in name.casefold()]
        return [app_commands.Choice(name=name, value=name) for name in found[:CHOICES_MAX]]

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
        whose = say("this server") if member is None else member.mention
        credits = amount_words(amount)
        if days is None:
            words = say("Granted {credits} to {whose}.", credits=credits, whose=whose)
        else:
            words = say_many(
                "Granted {credits} to {whose} for {count} day.",
                "Granted {credits} to {whose} for {count} days.",
                days,
                credits=credits,
                whose=whose,
            )
        await answer(interaction, words)

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
        await answer(interaction, say("Refunded {credits} on job `{job}`.", credits=amount_words(given), job=job_id))

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

    async def _set_limit(
        self,
        interaction: discord.Interaction[Any],
        scope: Scope,
        subject_id: int,
        period: PeriodName,
        amount: str,
        whose: str,
    ) -> None:
        limit = Limit(scope, subject_id, Period(period), parse_amount(amount))
        await self._credits.set_limit(guild_id_of(interaction), interaction.user.id, limit)
        await self._answer_about(interaction, f"{whose}: {limit_words(limit)}.", limit)

    async def _answer_about(self, interaction: discord.Interaction[Any], text: str, *changed: Limit | str) -> None:
        """Answer what was set, and warn where it cannot take effect. Rules are named by their fields."""
        guild = guild_of(interaction)
        warnings = await self._credits.warnings_about(guild.id, *changed)
        await answer(interaction, warned(text, warnings, {role.id for role in guild.roles}))


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Quota(bot))
