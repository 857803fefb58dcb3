"""What deals with files of videos, in processes that hear commands as in those that work."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import discord

from bot.discord_ui.posting.clips import DiscordClipAddresses
from bot.engine.context import EngineContext
from bot.media.clips import Clips
from bot.media.download import Downloads
from bot.media.frames import Frames
from bot.media.last_frames import LastFrames
from bot.media.temp_folder import temp_folder
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Media:
    """The process's downloads, in a folder of its own, and what is built on them."""

    downloads: Downloads
    clips: Clips
    last_frames: LastFrames
    folder: Path


async def build_media(
    stack: AsyncExitStack, settings: Settings, context: EngineContext, poster: discord.Client
) -> Media:
    """Return what deals with files. What it holds open is closed, and its folder removed, with `stack`."""
    folder = stack.enter_context(temp_folder())
    downloads = await stack.enter_async_context(Downloads(folder, settings.studio_base_url))
    clips = Clips(context, downloads, DiscordClipAddresses(poster))
    return Media(downloads, clips, LastFrames(context.clock, clips, Frames()), folder)
