"""The Discord clients: one on the gateway that hears commands, and one without it that posts."""

import logging
import time
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.commands.owner_commands import OwnerCommands
from bot.discord_ui.commands.sync import CommandSync
from bot.discord_ui.commands.translating import CommandTranslator
from bot.discord_ui.commands.tree import BEGAN, ReelTree
from bot.discord_ui.interactions.continuing import Continuing
from bot.discord_ui.interactions.dialogs import route_dialog
from bot.discord_ui.interactions.handlers import Handlers
from bot.discord_ui.interactions.request_flow import RequestFlow
from bot.discord_ui.posting.reel_panels import ReelPanels
from bot.discord_ui.views.items import register_items
from bot.services.services import Services
from bot.settings import Settings

COGS = (
    "results",
    "continuing",
    "video",
    "compare",
    "help",
    "remix",
    "models",
    "jobs",
    "gallery",
    "credits",
    "quota",
    "approvals",
    "films",
    "queue",
    "settings",
    "usage",
    "privacy",
    "cast",
    "moderation",
    "reel",
    "owner",
    "generate",
)
"""The cogs in the order in which they are loaded."""
log = logging.getLogger(__name__)
_INTENTS = discord.Intents(guilds=True, guild_reactions=True)
"""Neither is privileged. Messages are not among them: the bot reads none but its own."""
RATE_LIMIT_SECONDS_MAX = 30.0
"""Seconds that the posting client waits by itself when Discord asks it to slow down."""
_NOBODY = discord.AllowedMentions.none()


def use_addresses(settings: Settings) -> None:
    """Point discord.py at another Discord, for example a sandbox, where the settings name one.

    discord.py keeps both addresses on classes and needs both (the gateway's is not taken from REST).
    """
    if settings.discord_api_base is not None:
        Route.BASE = settings.discord_api_base
    if settings.discord_gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway_url)


@dataclass(frozen=True, slots=True)
class Shards:
    """The part of a fleet's shards that this process connects."""

    ids: tuple[int, ...]
    count: int


class ReelBot(commands.AutoShardedBot):
    """Hears commands, buttons and dialogs. It keeps no cache of messages or members: nothing here needs one."""

    extensions_wanted: tuple[str, ...] = COGS

    def __init__(self, services: Services, shards: Shards | None = None) -> None:
        # discord.py tells "all shards" by the absence of both arguments.
        some: dict[str, Any] = {} if shards is None else {"shard_ids": list(shards.ids), "shard_count": shards.count}
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=ReelTree,
            intents=_INTENTS,
            allowed_mentions=_NOBODY,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            **some,
        )
        self.services = services
        self.handlers = Handlers()
        self.request_flow = RequestFlow(services)
        self.mentions = CommandMentions(self, services.commands)
        """Makes the commands in messages clickable."""
        self.reel_panels = ReelPanels(self, self.mentions, services.reels, services.guild_settings.of)
        self.continuing = Continuing(services, self.request_flow, self.reel_panels)
        self._command_sync = CommandSync(self.tree, services.commands)
        self.owner_commands: OwnerCommands | None = None
        self._complete = False

    async def setup_hook(self) -> None:
        """Load the cogs and the buttons of messages that were posted before this start."""
        register_items(self)
        await self.tree.set_translator(CommandTranslator())
        for name in self.extensions_wanted:
            await self.load_extension(f"cogs.{name}")
        group = self.tree.remove_command("owner")
        if isinstance(group, app_commands.Group):
            self.owner_commands = OwnerCommands(self.tree, self._command_sync, group, self.services.owners)
        self._complete = True
        await self.sync_commands()

    async def on_ready(self) -> None:
        """Put `/owner` where it belongs, and see which guilds are gone."""
        if self.owner_commands is not None:
            await self.owner_commands.place_all(self.guilds)
        await self.services.privacy.reconcile_guilds({guild.id for guild in self.guilds}, self._hears_of)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Put `/owner` into a guild of an owner's."""
        await self.services.privacy.guild_joined(guild.id)
        if self.owner_commands is not None:
            await self.owner_commands.place([guild])

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep the guild's data for a return; it is erased later."""
        await self.services.privacy.guild_left(guild.id)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Have the likes of a message of the bot's counted."""
        if self.user is not None and event.message_author_id in (None, self.user.id):
            self.services.gallery.reacted(event.message_id)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Have the likes of a message counted anew. Discord does not say whose message it is."""
        self.services.gallery.reacted(event.message_id)

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """Have the likes of a message counted anew whose reactions a moderator took away."""
        self.services.gallery.reacted(event.message_id)

    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """Likewise, for one emoji."""
        self.services.gallery.reacted(event.message_id)

    def _hears_of(self, guild_id: int) -> bool:
        """Tell whether a guild belongs to one of this process's shards."""
        return self.shard_ids is None or (guild_id >> 22) % (self.shard_count or 1) in self.shard_ids

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Follow a guild that gets another owner."""
        if self.owner_commands is not None and before.owner_id != after.owner_id:
            await self.owner_commands.place([after])

    async def on_app_command_completion(
        self,
        interaction: discord.Interaction[Any],
        command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu,
    ) -> None:
        """Time a command that was answered."""
        began = interaction.extras.get(BEGAN)
        if began is not None:
            self.services.metrics.interaction_handled(command.qualified_name, time.monotonic() - began)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Pass a submitted dialog on, and note the member's language. discord.py itself sees to commands and buttons.

        This is a task of its own: no answer waits for it.
        """
        await route_dialog(interaction)
        if interaction.type is not discord.InteractionType.autocomplete:
            await self.services.member_locales.note(interaction.user.id, interaction.locale.value)

    async def close(self) -> None:
        """Let the answers under way finish, then leave Discord."""
        await self.request_flow.drain()
        await super().close()

    async def sync_commands(self) -> None:
        """Make Discord's commands equal the tree's. Does nothing before every cog has put its own there."""
        if not self._complete:
            return
        try:
            await self._command_sync.sync()
        except discord.HTTPException as error:
            # Members go on with the commands that Discord has; the next change or start tries again.
            log.error("Discord did not take the commands: %s", error)


def application_owners(application: discord.AppInfo | None) -> frozenset[int]:
    """Return the ids of an application's owner, or of its team's members except those who may only read."""
    if application is None:
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    return frozenset(
        member.id
        for member in application.team.members
        if member.membership_state is discord.TeamMembershipState.accepted
        and member.role is not discord.TeamMemberRole.read_only
    )


def posting_client() -> discord.Client:
    """Return a client for REST only, so that messages are posted while the gateway's client is down or elsewhere."""
    return discord.Client(
        intents=_INTENTS,
        max_messages=None,
        allowed_mentions=_NOBODY,
        # A longer wait is noted and taken up later instead of being slept through while a claim runs out.
        max_ratelimit_timeout=RATE_LIMIT_SECONDS_MAX,
    )
