"""A prompt as a text file: whole, as it was typed, and without the invisible characters that keep a text harmless."""

import io

import discord

from bot.discord_ui.language.speaking import say
from bot.discord_ui.views.escaping import is_shown_exactly
from bot.discord_ui.views.message_limits import TEXT_INPUT_MAX, length


def prompt_file(job_id: str, prompt: str) -> discord.File:
    """Return the prompt as a file to attach."""
    return discord.File(io.BytesIO(prompt.encode()), f"prompt-{job_id}.txt")


def prompt_file_beside(job_id: str, prompt: str, shown: int) -> discord.File | None:
    """Return the file that goes with an excerpt of `shown` characters; None where the excerpt is the whole prompt."""
    return None if is_shown_exactly(prompt, shown) else prompt_file(job_id, prompt)


def too_long_words(prompt: str, command: str) -> str:
    """Say how a prompt is edited that no dialog holds. `command` names the command of its model."""
    return say(
        "This prompt has {length} characters, and a dialog holds {maximum}. "
        "Here it is as a file: change the text, and send it with `{command}`.",
        length=length(prompt),
        maximum=TEXT_INPUT_MAX,
        command=command,
    )
