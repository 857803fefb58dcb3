"""What members read about saved pictures."""

import io
from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import say, say_many, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX, CHOICE_MAX, cut, fitting_lines
from bot.discord_ui.views.words import file_size, heading, relative
from bot.domain.attachments import CardFile
from bot.domain.cast import NAME_MAX, SHARED_MAX, CastPicture

TEXT_MAX = 1_900
"""Characters of the list."""


def cast_label(beginning: str, picture: CastPicture, option: str) -> str:
    """Return the line of a picture in the list: "Zoe", "Zoe · this server's", "Zoe as first_frame".

    `beginning` are the pictures that were named before it. `option` is the option that it is for, or empty.
    """
    name = f"{beginning}{picture.name}"
    if option:
        label = say_on("choice", "{name} as {option}", name=name, option=option)
    elif picture.shared:
        label = say_on("choice", "{name} · this server's", name=name)
    else:
        label = name
    return cut(label, CHOICE_MAX)


def cast_view(
    pictures: Sequence[CastPicture], shown: Sequence[tuple[CastPicture, CardFile]], own_max: int, retention_days: int
) -> discord.ui.LayoutView:
    """Return the list of what a member can use. `shown` are the pictures that are seen in it."""
    own = [one for one in pictures if not one.shared]
    shared = [one for one in pictures if one.shared]
    lines = [heading(say("Your pictures: {number} of {maximum}", number=len(own), maximum=own_max))]
    lines += [_line(one) for one in own] or [say("None yet: `/cast add` saves one.")]
    if shared:
        lines.append(
            heading(say("This server's pictures: {number} of {maximum}", number=len(shared), maximum=SHARED_MAX))
        )
        lines += [_line(one) for one in shared]
    hint = say_many(
        "-# Name them in the option `cast` of a command, with commas between them. What nobody has used for "
        "{count} day is removed.",
        "-# Name them in the option `cast` of a command, with commas between them. What nobody has used for "
        "{count} days is removed.",
        retention_days,
    )
    return _card([fitting_lines(lines, TEXT_MAX), hint], shown)


def picture_view(picture: CastPicture, file: CardFile) -> discord.ui.LayoutView:
    """Return one picture with what is known of it."""
    return _card([_line(picture)], [(picture, file)])


def picture_files(shown: Sequence[tuple[CastPicture, CardFile]]) -> list[discord.File]:
    """Return the files that a card with pictures is sent with."""
    return [
        discord.File(io.BytesIO(file.content), file.filename, description=cut(picture.name, ALTERNATIVE_TEXT_MAX))
        for picture, file in {file.filename: (picture, file) for picture, file in shown}.values()
    ]


def added_words(name: str, *, shared: bool) -> str:
    """Say that a picture is saved."""
    name = excerpt(name, NAME_MAX)
    if shared:
        return say("✅ **{name}** is saved for everybody in this server: use it with `cast: {name}`.", name=name)
    return say("✅ **{name}** is saved: use it with `cast: {name}`. Only you can.", name=name)


def removed_words(name: str) -> str:
    """Say that a picture is removed."""
    return say(
        "✅ **{name}** is removed. Requests that are on their way keep their copy until they have ended.",
        name=excerpt(name, NAME_MAX),
    )


def _line(picture: CastPicture) -> str:
    facts = [file_size(picture.size_bytes), say("used {moment}", moment=relative(picture.used_at))]
    if picture.width and picture.height:
        facts.insert(0, f"{picture.width}×{picture.height}")
    return f"- **{excerpt(picture.name, NAME_MAX)}** · {' · '.join(facts)}"


def _card(texts: Sequence[str], shown: Sequence[tuple[CastPicture, CardFile]]) -> discord.ui.LayoutView:
    container: discord.ui.Container[Any] = discord.ui.Container()
    for text in texts:
        container.add_item(discord.ui.TextDisplay(text))
    if shown:
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
        for picture, file in shown:
            gallery.add_item(media=f"attachment://{file.filename}", description=cut(picture.name, ALTERNATIVE_TEXT_MAX))
        container.add_item(gallery)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view
