"""`/settings`: one private panel. Needs Manage Server, checked at each use of a control, too."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.errors import Declined, explain
from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.interactions.permissions import ManageGuildOnly, may_manage_guild
from bot.discord_ui.interactions.private import guild_of, privately
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.settings_panel import overview
from bot.discord_ui.views.settings_panel.controls import TURN
from bot.discord_ui.views.settings_panel.frame import panel_view
from bot.domain.refusals import Impossible, NotPossible
from cogs.settings._page import Panel
from cogs.settings._pages import PAGES


class Settings(ManageGuildOnly, commands.Cog):
    """Shows the panel and passes on what is done with it to its pages."""

    def __init__(self, bot: ReelBot) -> None:
        self._services = bot.services
        self._pages = {page.key: page for page in PAGES}
        bot.handlers.panel_used = self.use
        bot.handlers.panel_asked = self.ask
        bot.handlers.panel_entered = self.enter

    @app_commands.command(description=mark_on("command", "What holds in this server, and who changed it"))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @privately
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show the panel."""
        await self._show(self._panel(interaction), overview.PAGE)

    async def use(
        self, interaction: discord.Interaction[Any], control: Control, values: list[str], offered: list[str]
    ) -> None:
        """Turn to another page, or have a page carry out what was chosen."""
        panel = replace(self._panel(interaction), chosen=tuple(values))
        await interaction.response.defer()
        if control.action == TURN:
            await self._show(panel, values[0])
            return
        await self._carry_out(panel, control, lambda: self._pages[control.page].use(panel, control, values, offered))

    async def ask(self, interaction: discord.Interaction[Any], control: Control) -> None:
        """Open a dialog."""
        panel = self._panel(interaction)
        await interaction.response.send_modal(await self._pages[control.page].dialog(panel, control))

    async def enter(
        self, interaction: discord.Interaction[Any], control: Control, fields: dict[str, list[str]]
    ) -> None:
        """Have a page carry out what was entered in a dialog."""
        panel = self._panel(interaction)
        await interaction.response.defer()
        await self._carry_out(panel, control, lambda: self._pages[control.page].enter(panel, control, fields))

    def _panel(self, interaction: discord.Interaction[Any]) -> Panel:
        """Return the panel of a moderator. Raises NotPossible for everybody else, whoever it was before."""
        if not may_manage_guild(interaction):
            raise NotPossible(Impossible.NOT_A_MODERATOR)
        return Panel(self._services, interaction, guild_of(interaction))

    async def _carry_out(self, panel: Panel, control: Control, work: Callable[[], Awaitable[str | None]]) -> None:
        """Do it, and show the page as it is then, with a note of what was done or why it was not."""
        try:
            note = await work()
        except (NotPossible, Declined) as refusal:
            note = f"⚠️ {explain(refusal)}"
        await self._show(replace(panel, control=control), control.page, note)

    async def _show(self, panel: Panel, key: str, note: str | None = None) -> None:
        if key in self._pages:
            items = await self._pages[key].items(panel)
        else:
            key = overview.PAGE
            items = overview.overview_items([(say(page.title), await page.summary(panel)) for page in PAGES])
        titles = {overview.PAGE: say(overview.TITLE)} | {page.key: say(page.title) for page in PAGES}
        notices = await self._services.guild_settings.notices(panel.guild.id)
        view = panel_view(titles, key, items, note, notices)
        await show(panel.interaction, view)


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(Settings(bot))
