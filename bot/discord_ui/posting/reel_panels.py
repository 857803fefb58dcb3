"""The panels of reels on Discord: drawn with their pictures, and brought up to date where they stand."""

import asyncio
import io
import logging
from collections.abc import Sequence
from weakref import WeakValueDictionary

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.choice import SettingsOf
from bot.discord_ui.posting.age import is_age_restricted
from bot.discord_ui.posting.errors import CALL_ERRORS
from bot.discord_ui.posting.guild_languages import GuildLanguages
from bot.discord_ui.views.reel_panel.panel import alternative_text, page_of, panel_view, shown_parts
from bot.domain.reel_refusals import ReelRefused
from bot.domain.reels import ClipCondition, ReelClip, ReelPart
from bot.services.reel_views import ReelView
from bot.services.reels import Reels

log = logging.getLogger(__name__)

_QUIET = discord.AllowedMentions.none()


class ReelPanels:
    """Draws panels. Keeping one up to date is best effort: whoever presses on an old one is shown the new one."""

    def __init__(
        self,
        client: discord.Client,
        mentions: CommandMentions,
        reels: Reels,
        settings_of: SettingsOf,
    ) -> None:
        self._client = client
        self._mentions = mentions
        self._reels = reels
        self._languages = GuildLanguages(client, settings_of)
        self._gates: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._wanted: dict[int, int | None] = {}
        """The reels whose panels wait to be drawn, each with the part that is to be seen."""

    async def draw(
        self, view: ReelView, page: int, channel_id: int
    ) -> tuple[discord.ui.LayoutView, list[discord.File]]:
        """Return a page of a panel for a channel, in the language in force, and the pictures on it."""
        files = await self.pictures(shown_parts(view, page), channel_id)
        layout = panel_view(view, page, {part_id: file.filename for part_id, file in files.items()})
        return self._mentions.in_view(layout, view.reel.guild_id), list(files.values())

    async def pictures(self, shown: Sequence[tuple[int, ReelPart]], channel_id: int) -> dict[int, discord.File]:
        """Return the pictures of clips that may be shown in a channel, by the clip's id. `shown` has places, from 0."""
        clips = {
            part.id: (place, part)
            for place, part in shown
            if isinstance(part, ReelClip) and part.condition is not ClipCondition.GONE
        }
        if any(clip.age_restricted for _, clip in clips.values()) and not await self._is_age_restricted(channel_id):
            clips = {part_id: (place, clip) for part_id, (place, clip) in clips.items() if not clip.age_restricted}
        found = await self._reels.thumbnails(list(clips))
        return {
            part_id: discord.File(io.BytesIO(picture), f"clip-{part_id}.jpg", description=alternative_text(clip, place))
            for part_id, (place, clip) in clips.items()
            if (picture := found.get(part_id)) is not None
        }

    async def refresh(self, guild_id: int, reel_id: int, *, part_id: int | None = None) -> None:
        """Draw a reel's latest panel anew where it stands, with the page on which a part is. Raises nothing.

        Somebody may press faster than Discord takes edits: of those that wait, only the last one is drawn.
        """
        waits = reel_id in self._wanted
        self._wanted[reel_id] = part_id
        if waits:
            return
        gate = self._gates.get(reel_id)
        if gate is None:
            gate = self._gates[reel_id] = asyncio.Lock()
        # One after the other: an older state must not be drawn over a newer one.
        async with gate:
            part_id = self._wanted.pop(reel_id)
            try:
                view = await self._reels.view(guild_id, reel_id)
            except ReelRefused:
                return
            await self._redraw(view, page_of(view, part_id))

    async def _redraw(self, view: ReelView, page: int) -> None:
        reel = view.reel
        if reel.panel_channel_id is None or reel.panel_message_id is None:
            return
        try:
            with await self._languages.speaking_to(reel.guild_id):
                layout, files = await self.draw(view, page, reel.panel_channel_id)
            message = self._message(reel.guild_id, reel.panel_channel_id, reel.panel_message_id)
            await message.edit(view=layout, attachments=files, allowed_mentions=_QUIET)
        except discord.NotFound:
            await self._reels.set_panel(reel.id, None, None)
        except CALL_ERRORS as error:
            log.info("a reel's panel is out of reach: %s", error, extra={"action": "reel_panel", "reel": reel.id})

    async def remove(self, guild_id: int, channel_id: int | None, message_id: int | None) -> None:
        """Delete a panel that another takes the place of, or whose reel is gone. Raises nothing."""
        if channel_id is None or message_id is None:
            return
        try:
            await self._message(guild_id, channel_id, message_id).delete()
        except CALL_ERRORS as error:
            log.info("a reel's old panel stays: %s", error, extra={"action": "reel_panel"})

    def _message(self, guild_id: int, channel_id: int, message_id: int) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        return channel.get_partial_message(message_id)

    async def _is_age_restricted(self, channel_id: int) -> bool:
        try:
            return await is_age_restricted(self._client, channel_id)
        except CALL_ERRORS as error:
            log.info("channel %d cannot be looked at: %s", channel_id, error, extra={"action": "reel_panel"})
            return False
