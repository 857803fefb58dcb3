"""*Add to reel*: by the button below a video, by the menu of its message, and by `/reel add`."""

import re
from typing import Any

import discord
from discord import app_commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import acknowledge, show
from bot.discord_ui.interactions.clip_choice import with_video_of
from bot.discord_ui.interactions.permissions import may_manage_guild
from bot.discord_ui.interactions.places import is_age_restricted
from bot.discord_ui.interactions.private import guild_id_of
from bot.discord_ui.interactions.reel_press import ReelAction, ReelPress
from bot.discord_ui.language.speaking import mark_on, say
from bot.discord_ui.posting.errors import CALL_ERRORS
from bot.discord_ui.views.job_button import job_in
from bot.discord_ui.views.links import message_address
from bot.discord_ui.views.message_limits import CHOICE_MAX, CHOICES_MAX, cut
from bot.discord_ui.views.reel_panel.cards import NEW_REEL, added_card, choose_card, note_card
from bot.discord_ui.views.reel_panel.dialogs import title_dialog
from bot.domain.jobs import read_job_id
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_rules import Actor
from bot.domain.refusals import NotPossible
from cogs.reel._room import ReelRoom, require_panel_permissions

MENU = mark_on("menu", "Add to reel")
_LINK = re.compile(r"https?://[^/\s]+/channels/(?P<guild>\d{1,20})/(?P<channel>\d{1,20})/(?P<message>\d{1,20})/?")


class Adding:
    """Puts videos into reels."""

    def __init__(self, bot: ReelBot, room: ReelRoom) -> None:
        self._bot = bot
        self._room = room
        self._reels = room.services.reels
        self.menu = app_commands.guild_only()(app_commands.ContextMenu(name=MENU, callback=self._from_menu))

    async def _from_menu(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        if not await with_video_of(interaction, message, self._room.services, self.begin):
            raise ReelRefused(ReelProblem.NOT_A_VIDEO)

    async def begin(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Add a video to the one reel that takes it, or ask to which of several, or for the title of a new one."""
        actor = await self._room.require_member(interaction)
        guild_id = guild_id_of(interaction)
        await self._reels.require_video(guild_id, job_id, actor, age_restricted_place=is_age_restricted(interaction))
        reels = await self._reels.open_for(guild_id, actor)
        if not reels:
            await self._ask_title(interaction, job_id)
        elif await acknowledge(interaction):
            if len(reels) == 1:
                await self.add(interaction, reels[0].id, job_id, actor)
            else:
                await show(interaction, choose_card(reels, job_id))

    async def chosen(self, interaction: discord.Interaction[Any], job_id: str, choice: str) -> None:
        """Add a video to the reel that was chosen in the question."""
        if choice == NEW_REEL:
            await self._ask_title(interaction, job_id)
            return
        await interaction.response.defer()
        _, actor = await self._room.actor(interaction, int(choice))
        await self.add(interaction, int(choice), job_id, actor)

    async def make(self, interaction: discord.Interaction[Any], job_id: str, title: str) -> None:
        """Make a reel that begins with a video, and show its panel."""
        actor = await self._room.require_member(interaction)
        require_panel_permissions(interaction)
        if not self._room.is_first(interaction):
            return
        reel = await self._reels.create(
            guild_id_of(interaction),
            interaction.channel_id or 0,
            actor,
            title,
            key=interaction.id,
            job_id=job_id,
            age_restricted_place=is_age_restricted(interaction),
        )
        await self._room.post(interaction, reel)

    async def add(self, interaction: discord.Interaction[Any], reel_id: int, job_id: str, actor: Actor) -> None:
        """Add a video to a reel, and answer the acknowledged interaction with a way back."""
        restricted = is_age_restricted(interaction)
        guild_id = guild_id_of(interaction)
        added = await self._reels.add(guild_id, reel_id, job_id, actor, age_restricted_place=restricted)
        reel = added.reel
        panel = None
        if reel.panel_channel_id is not None and reel.panel_message_id is not None:
            panel = message_address(guild_id, reel.panel_channel_id, reel.panel_message_id)
        await show(interaction, added_card(added, panel))
        await self._room.panels.refresh(guild_id, reel_id, part_id=added.part_ids[0])

    async def undo(self, interaction: discord.Interaction[Any], press: ReelPress) -> None:
        """Take out what a member has just added."""
        await interaction.response.defer()
        await self._reels.take_back(guild_id_of(interaction), press.reel_id, int(press.argument), interaction.user.id)
        await show(interaction, note_card(say("Taken out again.")))
        await self._room.panels.refresh(guild_id_of(interaction), press.reel_id)

    async def add_named(self, interaction: discord.Interaction[Any], reel_id: int, video: str) -> None:
        """Add the video that a member picked from the list, or whose id or message's link was typed."""
        _, actor = await self._room.actor(interaction, reel_id)
        job_id = await self._job_of_link(interaction, video)
        if job_id is None:
            try:
                job_id = read_job_id(video)
            except NotPossible:
                raise ReelRefused(ReelProblem.NOT_A_VIDEO) from None
            await self._require_sight(interaction, job_id)
        await self.add(interaction, reel_id, job_id, actor)

    async def choices(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Return the videos that a member sees anyway: their own, and those of this channel."""
        found = await self._reels.videos(guild_id_of(interaction), interaction.channel_id or 0, interaction.user.id)
        wanted = [job for job in found if typed.casefold() in f"{job.own_words} {job.model_name} {job.id}".casefold()]
        return [
            app_commands.Choice(
                name=cut(f"{job.own_words or job.model_name} · {job.model_name}", CHOICE_MAX), value=job.id
            )
            for job in wanted[:CHOICES_MAX]
        ]

    async def _ask_title(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        await interaction.response.send_modal(title_dialog(ReelPress(ReelAction.NEW, 0, 0, job_id), ""))

    async def _job_of_link(self, interaction: discord.Interaction[Any], typed: str) -> str | None:
        """Return the job of the message to which a link leads; None where it is no link. Raises ReelRefused."""
        link = _LINK.fullmatch(typed.strip())
        if link is None:
            return None
        channel_id = int(link["channel"])
        if int(link["guild"]) != interaction.guild_id or not _sees(interaction, channel_id):
            raise ReelRefused(ReelProblem.NOT_A_VIDEO)
        channel = self._bot.get_partial_messageable(channel_id, guild_id=interaction.guild_id)
        try:
            message = await channel.fetch_message(int(link["message"]))
        except CALL_ERRORS:
            raise ReelRefused(ReelProblem.NOT_A_VIDEO) from None
        job_id = job_in(message.components) if message.author.id == interaction.application_id else None
        if job_id is None:
            raise ReelRefused(ReelProblem.NOT_A_VIDEO)
        return job_id

    async def _require_sight(self, interaction: discord.Interaction[Any], job_id: str) -> None:
        """Require that a member sees the video of a job: a typed id must not show what a channel hides."""
        view = await self._room.services.jobs.get(job_id)
        if view is None:
            raise ReelRefused(ReelProblem.NOT_A_VIDEO)
        if view.job.member_id == interaction.user.id or may_manage_guild(interaction):
            return
        channel_id = view.posting.channel_id if view.posting is not None else None
        if channel_id is None or not _sees(interaction, channel_id):
            raise ReelRefused(ReelProblem.NOT_A_VIDEO)


def _sees(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Tell whether the member may read a channel or thread of the interaction's guild, as far as is known."""
    if channel_id == interaction.channel_id:
        return True
    if interaction.guild is None or not isinstance(interaction.user, discord.Member):
        return False
    channel = interaction.guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.is_private()):
        return False
    allowed = channel.permissions_for(interaction.user)
    return allowed.view_channel and allowed.read_message_history
