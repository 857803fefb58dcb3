"""`/quota set`: the budgets of a guild, and the rules beside them."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_ui.commands.limit_choices import threshold_choices
from bot.discord_ui.commands.parameters import PeriodName
from bot.discord_ui.interactions.answers import answer
from bot.discord_ui.interactions.private import guild_id_of, guild_of, privately
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.limit_warnings import warned
from bot.discord_ui.views.message_limits import CHOICES_MAX
from bot.discord_ui.views.quota_words import amount_words, at_most_words, confirm_words, limit_words, threshold_words
from bot.domain.confirmation import parse_threshold
from bot.domain.periods import Period, zone_names
from bot.domain.quota import JOBS_MAX, Limit, Scope, parse_amount
from bot.domain.refusals import Impossible, NotPossible
from bot.services.credits import CreditsService

AMOUNT = mark_on("command", "Credits, or: unlimited")
THRESHOLD = mark_on("command", "Credits, or: off")


class SettingCommands(commands.Cog):
    """The part of the cog of `/quota` with the commands of its group `set`."""

    _credits: CreditsService

    setting = app_commands.Group(name="set", description=mark_on("command", "Set a budget or a rule"))

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
            "Jobs at once per member: {per_member}; in this server: {in_server}.",
            per_member=member_words,
            in_server=guild_words,
        )
        await self._answer_about(interaction, words, *changes)

    @setting.command(
        name="time_zone", description=mark_on("command", "Where the days of this server's budgets begin at midnight")
    )
    @app_commands.describe(name="Europe/Berlin, Asia/Tokyo, UTC, …")
    @privately
    async def set_time_zone(self, interaction: discord.Interaction[Any], name: str) -> None:
        """Set the time zone by its IANA name."""
        await self._credits.change_rules(guild_id_of(interaction), interaction.user.id, time_zone=name)
        await answer(interaction, say("Days now begin at midnight in {time_zone}.", time_zone=name))

    @set_time_zone.autocomplete("name")
    async def _time_zones(self, _interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        found = [name for name in zone_names() if typed.casefold().replace(" ", "_") in name.casefold()]
        return [app_commands.Choice(name=name, value=name) for name in found[:CHOICES_MAX]]

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
        await self._answer_about(interaction, say("{name}: {value}.", name=whose, value=limit_words(limit)), limit)

    async def _answer_about(self, interaction: discord.Interaction[Any], text: str, *changed: Limit | str) -> None:
        """Answer what was set, and warn where it cannot take effect. Rules are named by their fields."""
        guild = guild_of(interaction)
        warnings = await self._credits.warnings_about(guild.id, *changed)
        await answer(interaction, warned(text, warnings, {role.id for role in guild.roles}))
