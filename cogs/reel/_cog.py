"""`/reel`: make a reel, add to it, show its panel, and have its film made."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import show
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, cut
from bot.discord_ui.views.reel_panel.cards import list_card, note_card
from bot.discord_ui.views.reel_panel.words import plain_title
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import TITLE_MAX
from cogs.reel._adding import Adding
from cogs.reel._filming import Filming
from cogs.reel._pressing import Pressing
from cogs.reel._room import ReelRoom, require_panel_permissions
from cogs.reel._sound import fetched_sound

Title = app_commands.Range[str, 1, TITLE_MAX]


@app_commands.guild_only()
class ReelCommands(
    commands.GroupCog,
    group_name="reel",
    group_description=mark_on("command", "Clips of this server, joined to one film"),
):
    """Commands about reels; buttons and dialogs go to `Pressing` and `Adding`."""

    def __init__(self, bot: ReelBot) -> None:
        self._bot = bot
        self._room = ReelRoom.of(bot)
        self._services = bot.services
        self._adding = Adding(bot, self._room)
        self._filming = Filming(self._room)
        pressing = Pressing(self._room, self._adding, self._filming, bot.continuing)
        bot.handlers.reel_pressed = pressing.press
        bot.handlers.reel_entered = pressing.enter
        bot.handlers.add_to_reel = self._adding.begin

    async def cog_load(self) -> None:
        """Add the message menu to the tree. discord.py does not let a class declare it."""
        self._bot.tree.add_command(self._adding.menu)

    async def cog_unload(self) -> None:
        """Take the menu out of the tree."""
        self._bot.tree.remove_command(self._adding.menu.name, type=self._adding.menu.type)

    @app_commands.command(description=mark_on("command", "Begin a reel, to which this server's videos can be added"))
    @app_commands.describe(title=mark_on("command", "What it is called"))
    async def new(self, interaction: discord.Interaction[Any], title: Title) -> None:
        """Make a reel, and show its panel."""
        actor = await self._room.require_member(interaction)
        require_panel_permissions(interaction)
        if not self._room.is_first(interaction):
            return
        guild_id, channel_id = guild_id_of(interaction), interaction.channel_id or 0
        reel = await self._services.reels.create(guild_id, channel_id, actor, title, key=interaction.id)
        await self._room.post(interaction, reel)

    @app_commands.command(description=mark_on("command", "Add a video to a reel, or a sound behind all of its clips"))
    @app_commands.describe(
        reel=mark_on("command", "Which reel; pick it from the list"),
        video=mark_on("command", "A finished video: pick it from the list, or paste the link of its message"),
        sound=mark_on("command", "An MP3, M4A, OGG, FLAC or WAV file of up to 8 MB, mixed in behind the clips"),
    )
    @privately
    async def add(
        self,
        interaction: discord.Interaction[Any],
        reel: str,
        video: str | None = None,
        sound: discord.Attachment | None = None,
    ) -> None:
        """Add a video, a sound, or both."""
        reel_id = await self._chosen(interaction, reel)
        if video is None and sound is None:
            raise Declined(say("Name a video, attach a sound, or both."))
        if sound is not None:
            _, actor = await self._room.actor(interaction, reel_id)
            content = await fetched_sound(sound)
            guild_id = guild_id_of(interaction)
            await self._services.reels.set_background(guild_id, reel_id, sound.filename, content, actor)
            if video is None:
                await self._room.panels.refresh(guild_id, reel_id)
                await show(interaction, note_card(say("✅ This sound is mixed in behind the reel's clips now.")))
        if video is not None:
            await self._adding.add_named(interaction, reel_id, video)

    @app_commands.command(description=mark_on("command", "Show a reel's panel: what is in it, and in which order"))
    @app_commands.describe(reel=mark_on("command", "Which reel; pick it from the list"))
    async def show(self, interaction: discord.Interaction[Any], reel: str) -> None:
        """Show the panel anew, at the end of this channel."""
        found, _ = await self._room.actor(interaction, await self._chosen(interaction, reel))
        await self._room.post(interaction, found)

    @app_commands.command(description=mark_on("command", "Join a reel's clips to one film, which is posted here"))
    @app_commands.describe(reel=mark_on("command", "Which reel; pick it from the list"))
    @privately
    async def render(self, interaction: discord.Interaction[Any], reel: str) -> None:
        """Have the film made."""
        await self._filming.begin(interaction, await self._chosen(interaction, reel), None)

    @app_commands.command(name="list", description=mark_on("command", "This server's reels"))
    @privately
    async def list_reels(self, interaction: discord.Interaction[Any]) -> None:
        """List the reels, with links to their panels."""
        await show(interaction, list_card(await self._services.reels.of_guild(guild_id_of(interaction))))

    @add.autocomplete("reel")
    @show.autocomplete("reel")
    @render.autocomplete("reel")
    async def _reels(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        lines = await self._services.reels.of_guild(guild_id_of(interaction))
        found = [line.reel for line in lines if typed.casefold() in plain_title(line.reel).casefold()]
        return [
            app_commands.Choice(name=cut(plain_title(reel), CHOICE_MAX), value=str(reel.id))
            for reel in found[:CHOICES_MAX]
        ]

    @add.autocomplete("video")
    async def _videos(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await self._adding.choices(interaction, typed)

    async def _chosen(self, interaction: discord.Interaction[Any], typed: str) -> int:
        """Return the id of the reel that was picked, or whose title was typed. Raises ReelRefused."""
        lines = await self._services.reels.of_guild(guild_id_of(interaction))
        for line in lines:
            if typed.strip() == str(line.reel.id):
                return line.reel.id
        wanted = typed.strip().casefold()
        named = [line.reel.id for line in lines if line.reel.title.casefold() == wanted]
        if len(named) != 1:
            raise ReelRefused(ReelProblem.NO_SUCH_REEL)
        return named[0]


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(ReelCommands(bot))
