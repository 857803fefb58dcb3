"""Answers to a member, whatever state the interaction is in. Commands that they name are clickable."""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.message_limits import CONTENT_MAX, cut_lines

log = logging.getLogger(__name__)

ALREADY_ACKNOWLEDGED = 40060
UNKNOWN_INTERACTION = 10062
QUIET = discord.AllowedMentions.none()
"""Lets a message mention nobody."""
_ANNOUNCED = (
    None,
    discord.InteractionResponseType.deferred_channel_message,
    discord.InteractionResponseType.deferred_message_update,
)


async def acknowledge(interaction: discord.Interaction[Any]) -> bool:
    """Tell Discord within its three seconds that an answer will come.

    Returns False where it is too late and nobody would see an answer. A lost reply of Discord's makes discord.py repeat
    the call; "already acknowledged" then means that the first one got through.
    """
    try:
        await interaction.response.defer(ephemeral=True, thinking=True)
    except discord.InteractionResponded:
        return True
    except discord.HTTPException as error:
        if error.code == ALREADY_ACKNOWLEDGED:
            return True
        if error.code == UNKNOWN_INTERACTION:
            log.warning("interaction %s came too late to be acknowledged", interaction.id)
            return False
        raise
    return True


async def answer(interaction: discord.Interaction[Any], text: str, view: discord.ui.View | None = None) -> None:
    """Answer privately, in at most Discord's 2,000 characters.

    The answer takes the place of "thinking…", or of the private message whose button was pressed, where that was
    announced; otherwise it is a new message. An edit may be repeated safely, but a follow-up whose reply is lost would
    be posted twice.
    """
    text = _clickable(interaction, text)
    given: Any = {} if view is None else {"view": view}
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(text, ephemeral=True, allowed_mentions=QUIET, **given)
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
        else:
            return
    if interaction.response.type in _ANNOUNCED and not _must_stay(interaction):
        await interaction.edit_original_response(content=text, view=view, allowed_mentions=QUIET)
    else:
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=QUIET, **given)


async def tell_beside(interaction: discord.Interaction[Any], text: str) -> None:
    """Tell a member something privately, in a message of its own: the message whose button was pressed stays."""
    await interaction.followup.send(_clickable(interaction, text), ephemeral=True, allowed_mentions=QUIET)


async def show_beside(interaction: discord.Interaction[Any], view: discord.ui.LayoutView) -> None:
    """Show a card privately, in a message of its own: the message whose button was pressed stays."""
    view = _mentions(interaction).in_view(view, interaction.guild_id)
    await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=QUIET)


async def show(
    interaction: discord.Interaction[Any], view: discord.ui.LayoutView, files: Sequence[discord.File] = ()
) -> None:
    """Answer an acknowledged interaction with a card that mentions nobody, and the files that it shows."""
    view = _mentions(interaction).in_view(view, interaction.guild_id)
    await interaction.edit_original_response(view=view, attachments=files, allowed_mentions=QUIET)


async def redraw(interaction: discord.Interaction[Any], view: discord.ui.LayoutView) -> None:
    """Show a card anew in the message whose button was pressed, which keeps its files; it is acknowledged already."""
    view = _mentions(interaction).in_view(view, interaction.guild_id)
    await interaction.edit_original_response(view=view, allowed_mentions=QUIET)


async def give_files(interaction: discord.Interaction[Any], words: str, files: Sequence[discord.File]) -> None:
    """Give a member files privately, each in a message of its own, since Discord limits each message."""
    first, *others = files
    words = _clickable(interaction, words)
    if interaction.response.is_done():
        await interaction.edit_original_response(content=words, attachments=[first], allowed_mentions=QUIET)
    else:
        await interaction.response.send_message(words, file=first, ephemeral=True, allowed_mentions=QUIET)
    for file in others:
        await give_beside(interaction, file)


async def give_beside(interaction: discord.Interaction[Any], file: discord.File) -> None:
    """Give a member a file privately, in a message of its own: the message whose button was pressed stays."""
    await interaction.followup.send(file=file, ephemeral=True, allowed_mentions=QUIET)


async def respond(
    interaction: discord.Interaction[Any], view: discord.ui.LayoutView, files: Sequence[discord.File] = ()
) -> int:
    """Answer publicly with a card and the files that it shows, and return the id of its message."""
    view = _mentions(interaction).in_view(view, interaction.guild_id)
    try:
        sent = await interaction.response.send_message(view=view, files=files, allowed_mentions=QUIET)
    except discord.HTTPException as error:
        # discord.py repeats a call whose reply was lost: "already acknowledged" then means that it got through.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
    else:
        if sent.message_id is not None:
            return sent.message_id
    return (await interaction.original_response()).id


async def apologise(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Log what went wrong under a reference code, and give the member the code instead of the exception."""
    code = secrets.token_hex(3)
    log.error("error %s in %s", code, _what(interaction), exc_info=error)
    try:
        await answer(
            interaction,
            say(
                "Something went wrong on my side; nothing more was done. The owner can look up {code}.",
                code=f"`{code}`",
            ),
        )
    except Exception as problem:  # noqa: BLE001 - the member cannot be reached, and the log has the code
        log.warning("error %s could not be told to the member: %s", code, problem)


def _must_stay(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether the message whose button was pressed cannot become the answer.

    What everybody sees is never a place for a private answer, and a message of Components V2 takes no plain text.
    """
    edits_source = interaction.response.type is discord.InteractionResponseType.deferred_message_update
    flags = interaction.message.flags if interaction.message is not None else None
    return edits_source and flags is not None and (not flags.ephemeral or flags.components_v2)


def _clickable(interaction: discord.Interaction[Any], text: str) -> str:
    """Return a text of at most Discord's 2,000 characters in which commands can be clicked."""
    return _mentions(interaction).in_text(cut_lines(text, CONTENT_MAX), interaction.guild_id)


def _mentions(interaction: discord.Interaction[Any]) -> CommandMentions:
    mentions: CommandMentions = interaction.client.mentions
    return mentions


def _what(interaction: discord.Interaction[Any]) -> str:
    data: Any = interaction.data or {}
    return f"{interaction.type.name} '{data.get('name') or data.get('custom_id')}' of guild {interaction.guild_id}"
