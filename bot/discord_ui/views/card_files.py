"""The files that travel on a job's card, as files of a message."""

import io

import discord

from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.message_limits import ALTERNATIVE_TEXT_MAX, cut
from bot.engine.notifier import StatusCard


def card_files(card: StatusCard) -> list[discord.File]:
    """Return the files that are posted with a card, each with words for people who do not see it."""
    return [
        discord.File(io.BytesIO(file.content), file.filename, description=picture_words(card)) for file in card.files
    ]


def picture_words(card: StatusCard) -> str:
    """Return what the picture on a card is."""
    if card.parent is not None:
        words = say("The last picture of another video, with which this one begins")
    else:
        words = say("A picture that this video is made from")
    return cut(words, ALTERNATIVE_TEXT_MAX)
