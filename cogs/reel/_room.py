"""What all parts of the reels' cog share: who acts, and how a panel is shown."""

from dataclasses import dataclass, field
from typing import Any

import discord

from bot.client import ReelBot
from bot.discord_ui.interactions.access import require_access
from bot.discord_ui.interactions.answers import respond, show
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.once import Once
from bot.discord_ui.interactions.permissions import (
    may_manage_guild,
    missing_permissions,
    permission_names,
)
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.reader import public_language
from bot.discord_ui.interactions.reel_access import reel_and_actor
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.language.speaking import all_of, say_many, speaking
from bot.discord_ui.posting.reel_panels import ReelPanels
from bot.domain.reel_rules import Actor
from bot.domain.reels import Reel
from bot.services.services import Services


@dataclass(frozen=True, slots=True)
class ReelRoom:
    """The bot's services, and its panels."""

    services: Services
    panels: ReelPanels
    once: Once = field(default_factory=Once)

    @classmethod
    def of(cls, bot: ReelBot) -> "ReelRoom":
        """Return the room of a bot."""
        return cls(bot.services, bot.reel_panels)

    def is_first(self, interaction: discord.Interaction[Any]) -> bool:
        """Tell whether an interaction was not delivered before: Discord may repeat one after a lost connection."""
        return self.once.first(interaction.id, self.services.clock())

    async def actor(self, interaction: discord.Interaction[Any], reel_id: int) -> tuple[Reel, Actor]:
        """Return a reel and whoever acts, as `reel_and_actor` does."""
        return await reel_and_actor(interaction, self.services, reel_id)

    async def require_member(self, interaction: discord.Interaction[Any]) -> Actor:
        """Return a member who may use the bot here. Raises Declined for everybody else."""
        await require_standing(interaction, self.services)
        await require_access(interaction, self.services)
        return Actor(interaction.user.id, may_manage_guild(interaction))

    async def post(self, interaction: discord.Interaction[Any], reel: Reel) -> None:
        """Answer publicly with a reel's panel, which takes the place of the one that stood before."""
        require_panel_permissions(interaction)
        view = await self.services.reels.view(reel.guild_id, reel.id)
        channel_id = interaction.channel_id or 0
        with speaking(await public_language(interaction, self.services.guild_settings.of)):
            layout, files = await self.panels.draw(view, 0, channel_id)
        message_id = await respond(interaction, layout, files)
        await self.services.reels.set_panel(reel.id, channel_id, message_id)
        await self.panels.remove(reel.guild_id, view.reel.panel_channel_id, view.reel.panel_message_id)

    async def redraw(self, interaction: discord.Interaction[Any], reel_id: int, page: int) -> None:
        """Show a page of the panel on which a member has pressed, as the reel is now."""
        view = await self.services.reels.view(guild_id_of(interaction), reel_id)
        with speaking(await public_language(interaction, self.services.guild_settings.of)):
            layout, files = await self.panels.draw(view, page, interaction.channel_id or 0)
        await show(interaction, layout, files)


def require_panel_permissions(interaction: discord.Interaction[Any]) -> None:
    """Require that the bot can keep a panel with pictures here. Raises Declined."""
    if missing := missing_permissions(interaction):
        names = permission_names(missing)
        raise Declined(
            say_many(
                "I need the permission {names} here for the panel of a reel.",
                "I need the permissions {names} here for the panel of a reel.",
                len(names),
                names=all_of(names),
            )
        )
