"""Dialogs that ask for a prompt.

What a dialog is about is part of its custom id, and the answer is read from the interaction rather than from a dialog
kept in memory. A restart while a member types therefore loses nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import say_on
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.message_limits import (
    CHOICES_MAX,
    MODAL_TITLE_MAX,
    SELECT_DESCRIPTION_MAX,
    TEXT_INPUT_MAX,
    cut,
)
from bot.domain.attachments import MediaKind
from bot.domain.capabilities import Capability
from bot.domain.jobs import JOB_ID_LENGTH

PROMPT = "prompt"
MODEL = "model"
SELECTS_MAX = 4
"""Lists of models in a dialog. It holds five fields, and one is the prompt, so 100 models can be offered."""
DIALOG_SECONDS = 900
"""Seconds that discord.py keeps a dialog in memory. It is answered later, too."""

_EDIT = re.compile(rf"{PREFIX}:prompt:(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})")
_FROM_MESSAGE = re.compile(rf"{PREFIX}:from:(?P<kind>image|video):(?P<message>[0-9]{{1,20}})")


def edit_dialog(job_id: str, prompt: str, prompt_max: int | None) -> discord.ui.Modal:
    """Return the dialog that repeats a job's request with another prompt."""
    dialog = discord.ui.Modal(
        title=say_on("title", "Edit prompt"), custom_id=f"{PREFIX}:prompt:{job_id}", timeout=DIALOG_SECONDS
    )
    dialog.add_item(_prompt_field(prompt, prompt_max, required=True))
    return dialog


def from_message_dialog(
    kind: MediaKind, message_id: int, title: str, models: Sequence[Capability], chosen: str | None, required: bool
) -> discord.ui.Modal:
    """Return the dialog for a file in a message: a model and a prompt. `chosen` is the preselected model's slug."""
    dialog = discord.ui.Modal(
        title=cut(title, MODAL_TITLE_MAX), custom_id=f"{PREFIX}:from:{kind}:{message_id}", timeout=DIALOG_SECONDS
    )
    pages = [models[start : start + CHOICES_MAX] for start in range(0, len(models), CHOICES_MAX)][:SELECTS_MAX]
    for number, page in enumerate(pages):
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"{MODEL}{number}",
            placeholder=say_on("placeholder", "Choose one model"),
            required=len(pages) == 1,
            min_values=1 if len(pages) == 1 else 0,
            options=[
                discord.SelectOption(
                    label=cut(model.name, 100),
                    value=model.slug,
                    description=cut(model.description, SELECT_DESCRIPTION_MAX) or None,
                    default=model.slug == chosen,
                )
                for model in page
            ],
        )
        if len(pages) == 1:
            label = say_on("label", "Model")
        else:
            label = say_on("label", "Model: {first} to {last}", first=page[0].name, last=page[-1].name)
        dialog.add_item(discord.ui.Label(text=cut(label, 45), component=select))
    dialog.add_item(_prompt_field("", None, required=required))
    return dialog


def edited_job(custom_id: str) -> str | None:
    """Return the id of the job whose prompt a submitted dialog edits, or None for other dialogs."""
    match = _EDIT.fullmatch(custom_id)
    return match["job"] if match else None


def source_message(custom_id: str) -> tuple[MediaKind, int] | None:
    """Return the kind of file and the message id of a submitted dialog, or None for other dialogs."""
    match = _FROM_MESSAGE.fullmatch(custom_id)
    return (MediaKind(match["kind"]), int(match["message"])) if match else None


def fields_of(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what was entered, by the fields' custom ids, from a submitted dialog's `data`."""
    found: dict[str, list[str]] = {}
    for component in _inputs(data.get("components") or []):
        values = component["values"] if component.get("values") is not None else [component.get("value")]
        found[component["custom_id"]] = [str(value) for value in values if value]
    return found


def _inputs(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        if "custom_id" in component:
            yield component
        inner = component.get("component")
        yield from _inputs([*(component.get("components") or []), *([inner] if inner else [])])


def _prompt_field(prompt: str, prompt_max: int | None, *, required: bool) -> discord.ui.Label[Any]:
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=PROMPT,
        style=discord.TextStyle.paragraph,
        default=prompt or None,
        required=required,
        max_length=min(prompt_max or TEXT_INPUT_MAX, TEXT_INPUT_MAX),
    )
    return discord.ui.Label(
        text=say_on("label", "Prompt"), description=say_on("command", "What the video shows"), component=field
    )
