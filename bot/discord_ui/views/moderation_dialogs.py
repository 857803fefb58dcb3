"""The dialogs that ask for the reason of a report, and for the reason and the time of a block."""

import re
from typing import Any

import discord

from bot.discord_ui.language.speaking import mark, say, say_on
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.prompt_dialog import DIALOG_SECONDS
from bot.domain.jobs import JOB_ID_LENGTH
from bot.domain.moderation import REASON_MAX

REASON = "reason"
TIME = "time"
MEMBER = "member"

_HOUR, _DAY = 3_600, 86_400
TIMES: dict[str, tuple[str, float | None]] = {
    "hour": (mark("1 hour"), _HOUR),
    "day": (mark("1 day"), _DAY),
    "week": (mark("1 week"), 7 * _DAY),
    "month": (mark("30 days"), 30 * _DAY),
    "ever": (mark("Until somebody lifts it"), None),
}
"""How long a block can last: value → words, and seconds; None has no end."""
_REPORT = re.compile(rf"{PREFIX}:report-why:(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})")
_BLOCK = re.compile(rf"{PREFIX}:block-why:(?P<incident>[0-9]{{1,18}})")


def report_dialog(job_id: str) -> discord.ui.Modal:
    """Return the dialog that asks a member why they report a result."""
    dialog = discord.ui.Modal(
        title=say_on("title", "Report this video"), custom_id=f"{PREFIX}:report-why:{job_id}", timeout=DIALOG_SECONDS
    )
    dialog.add_item(
        reason_field(
            say_on("label", "What is wrong with it?"),
            say_on("command", "Moderators read it. They do not read that it was you who wrote it."),
        )
    )
    return dialog


def block_dialog(incident_id: int) -> discord.ui.Modal:
    """Return the dialog that asks a moderator how long and why the member of an incident is blocked."""
    dialog = discord.ui.Modal(
        title=say_on("title", "Block this member"),
        custom_id=f"{PREFIX}:block-why:{incident_id}",
        timeout=DIALOG_SECONDS,
    )
    add_block_fields(dialog)
    return dialog


def add_block_fields(dialog: discord.ui.Modal) -> None:
    """Add the fields for the time and the reason of a block."""
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=TIME,
        options=[
            discord.SelectOption(label=say(words), value=value, default=value == "day")
            for value, (words, _) in TIMES.items()
        ],
    )
    dialog.add_item(discord.ui.Label(text=say_on("label", "For how long"), component=select))
    dialog.add_item(
        reason_field(
            say_on("label", "Why"), say_on("command", "The member reads it, and it stands in the log of changes.")
        )
    )


def reason_field(label: str, description: str) -> discord.ui.Label[Any]:
    """Return the field for a reason."""
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=REASON, style=discord.TextStyle.paragraph, max_length=REASON_MAX
    )
    return discord.ui.Label(text=label, description=description, component=field)


def reported_job(custom_id: str) -> str | None:
    """Return the job whose result a submitted dialog reports, or None for other dialogs."""
    match = _REPORT.fullmatch(custom_id)
    return match["job"] if match else None


def blocking_incident(custom_id: str) -> int | None:
    """Return the incident whose member a submitted dialog blocks, or None for other dialogs."""
    match = _BLOCK.fullmatch(custom_id)
    return int(match["incident"]) if match else None
