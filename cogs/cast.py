"""`/cast`: pictures that members, and moderators for everybody, save to make videos from."""

from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ReelBot
from bot.discord_ui.interactions.answers import answer, show
from bot.discord_ui.interactions.errors import Declined
from bot.discord_ui.interactions.input_files import FileGone, first_bytes
from bot.discord_ui.interactions.permissions import may_manage_guild
from bot.discord_ui.interactions.private import guild_id_of, privately
from bot.discord_ui.interactions.standing import require_standing
from bot.discord_ui.interactions.suggesting import suggest_pictures
from bot.discord_ui.language.speaking import mark, mark_on, say
from bot.discord_ui.views.cast_words import added_words, cast_view, picture_files, picture_view, removed_words
from bot.domain.attachments import CardFile
from bot.domain.cast import IN_REQUEST_MAX, NAME_MAX, CastPicture, find_named, usable
from bot.domain.refusals import Impossible, NotPossible

FETCH_SECONDS = 20.0
"""Seconds for which an attached picture is fetched."""
SHOWN_BYTES_MAX = 8_000_000
"""Bytes of the pictures that are seen in a list. The others are seen one by one."""
UNREADABLE = mark("I could not fetch that file from Discord. Please try again in a moment. Nothing was changed.")
Name = app_commands.Range[str, 1, NAME_MAX]


@app_commands.guild_only()
class CastCommands(
    commands.GroupCog,
    group_name="cast",
    group_description=mark_on("command", "Pictures that you save once and use in any command"),
):
    """Saves, shows and removes pictures. They are used by the option `cast` of the commands that make videos."""

    def __init__(self, bot: ReelBot) -> None:
        self._services = bot.services
        self._cast = bot.services.cast

    @app_commands.command(description=mark_on("command", "Save a picture under a name"))
    @app_commands.describe(
        name=mark_on("command", "What you will call it in the option cast"),
        image=mark_on("command", "A PNG, JPEG or WebP picture"),
        shared=mark_on("command", "For everybody in this server; needs Manage Server"),
    )
    @privately
    async def add(
        self, interaction: discord.Interaction[Any], name: Name, image: discord.Attachment, shared: bool = False
    ) -> None:
        """Save a picture. Nothing is fetched that is too large, or that the member may not save."""
        _require_right(interaction, shared=shared)
        await require_standing(interaction, self._services)
        largest = self._cast.limits.picture_bytes_max
        if image.size > largest:
            raise NotPossible(Impossible.PICTURE_TOO_LARGE, megabytes=largest // 1_000_000)
        content = await _content(image, largest)
        size = (image.width, image.height) if image.width and image.height else None
        await self._cast.add(guild_id_of(interaction), interaction.user.id, name, content, size, shared=shared)
        await answer(interaction, added_words(name, shared=shared))

    @app_commands.command(name="list", description=mark_on("command", "The pictures that you can use here"))
    @privately
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        """List the member's own pictures and the server's, and show as many of them as a message takes."""
        pictures = await self._visible(interaction)
        shown: list[tuple[CastPicture, CardFile]] = []
        room = SHOWN_BYTES_MAX
        for picture in pictures:
            if len(shown) == IN_REQUEST_MAX or picture.size_bytes > room:
                continue
            content = await self._cast.content(picture)
            if content is not None:
                room -= picture.size_bytes
                shown.append((picture, CardFile(picture.attachment.filename, content)))
        days = self._services.privacy.policy.retention_days
        view = cast_view(pictures, shown, self._cast.limits.member_pictures_max, days)
        await show(interaction, view, picture_files(shown))

    @app_commands.command(description=mark_on("command", "Look at one picture"))
    @app_commands.describe(name=mark_on("command", "One of your pictures, or of this server's"))
    @privately
    async def show(self, interaction: discord.Interaction[Any], name: str) -> None:
        """Show one picture."""
        picture = _named(await self._visible(interaction), name)
        content = await self._cast.content(picture)
        if content is None:
            raise NotPossible(Impossible.NO_SUCH_PICTURE)
        file = CardFile(picture.attachment.filename, content)
        await show(interaction, picture_view(picture, file), picture_files([(picture, file)]))

    @app_commands.command(description=mark_on("command", "Remove a picture"))
    @app_commands.describe(
        name=mark_on("command", "One of your pictures, or of this server's"),
        shared=mark_on("command", "One of this server's; needs Manage Server"),
    )
    @privately
    async def remove(self, interaction: discord.Interaction[Any], name: str, shared: bool = False) -> None:
        """Remove a picture at once."""
        _require_right(interaction, shared=shared)
        pictures = await self._cast.for_member(guild_id_of(interaction), interaction.user.id)
        picture = _named([one for one in pictures if one.shared is shared], name)
        await self._cast.remove(picture)
        await answer(interaction, removed_words(picture.name))

    @show.autocomplete("name")
    @remove.autocomplete("name")
    async def names(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """List the pictures that the member can use."""
        return await suggest_pictures(interaction, typed)

    async def _visible(self, interaction: discord.Interaction[Any]) -> tuple[CastPicture, ...]:
        return usable(await self._cast.for_member(guild_id_of(interaction), interaction.user.id))


def _named(pictures: tuple[CastPicture, ...] | list[CastPicture], name: str) -> CastPicture:
    """Return the picture of this name. Raises NotPossible."""
    picture = find_named(pictures, name)
    if picture is None:
        raise NotPossible(Impossible.NO_SUCH_PICTURE)
    return picture


def _require_right(interaction: discord.Interaction[Any], *, shared: bool) -> None:
    """Require that a member may change the pictures of everybody, if that is what they do. Raises NotPossible."""
    if shared and not may_manage_guild(interaction):
        raise NotPossible(Impossible.NOT_A_MODERATOR)


async def _content(image: discord.Attachment, largest: int) -> bytes:
    """Return an attached file; one byte more than `largest` of one that is larger. Raises Declined."""
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers={"Accept-Encoding": "identity"}) as session:
        try:
            return await first_bytes(session, image.url, largest + 1)
        except (FileGone, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Declined(say(UNREADABLE)) from error


async def setup(bot: ReelBot) -> None:
    """Add the cog. discord.py calls this."""
    await bot.add_cog(CastCommands(bot))
