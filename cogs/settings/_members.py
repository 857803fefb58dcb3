"""The page about blocked members, refusals for content, and what waits for moderators."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.discord_ui.interactions.answers import show_beside
from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.incident_card import incident_view
from bot.discord_ui.views.moderation_dialogs import MEMBER, REASON, TIME, TIMES
from bot.discord_ui.views.moderation_words import blocked_note
from bot.discord_ui.views.settings_panel import members
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.domain.guild_settings import GuildSetting
from bot.domain.moderation import REASON_MAX
from bot.domain.refusals import Impossible, NotPossible
from cogs.settings._choosing import choose, summary_of
from cogs.settings._page import Page, Panel

SETTINGS = (GuildSetting.CONTENT_REFUSALS_MAX, GuildSetting.CONTENT_PAUSE_HOURS)


class MembersPage(Page):
    """Blocks members, lets them ask again, and opens what waits for a decision."""

    key = members.PAGE
    title = members.TITLE

    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the page."""
        moderation = panel.services.moderation
        view = await panel.services.guild_settings.view(panel.guild.id)
        blocks = await moderation.blocks(panel.guild.id)
        incidents = await moderation.open_incidents(panel.guild.id)
        return members.members_items(view, blocks, incidents)

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return both settings."""
        view = await panel.services.guild_settings.view(panel.guild.id)
        return summary_of(panel, view, *SETTINGS)

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Let a member ask again, open an incident, or change a setting."""
        moderation = panel.services.moderation
        if control.action == members.LIFT and values:
            member_id = int(values[0])
            lifted = await moderation.lift(panel.guild.id, member_id, panel.actor_id)
            return members.lifted_note(member_id, lifted=lifted)
        if control.action == members.OPEN and values:
            card = await moderation.card(panel.guild.id, int(values[0]))
            await show_beside(panel.interaction, incident_view(card))
            return None
        if control.action in SETTINGS:
            chosen = None if values == [members.NOBODY] else int(values[0])
            return await choose(panel, control, GuildSetting(control.action), chosen)
        return None if not values else await super().use(panel, control, values, offered)

    async def dialog(self, panel: Panel, control: Control) -> discord.ui.Modal:
        """Ask whom to block, for how long, and why."""
        if control.action != members.BLOCK:
            return await super().dialog(panel, control)
        return members.block_member_dialog(control)

    async def enter(self, panel: Panel, control: Control, fields: Mapping[str, list[str]]) -> str | None:
        """Block a member."""
        if control.action != members.BLOCK:
            return await super().enter(panel, control, fields)
        member_id, time = "".join(fields.get(MEMBER, ())), "".join(fields.get(TIME, ()))
        if time not in TIMES or not member_id.isdigit():
            raise NotPossible(Impossible.NO_SUCH_INCIDENT)
        reason = "".join(fields.get(REASON, ())).strip()[:REASON_MAX]
        done = await panel.services.moderation.block(
            panel.guild.id, int(member_id), panel.actor_id, reason, TIMES[time][1]
        )
        return f"✅ {blocked_note(done)}"
