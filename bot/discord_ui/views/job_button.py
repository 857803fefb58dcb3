"""Buttons on a job that work for ever: their custom id holds the action and the job's id, so they survive a restart.

Who may press is checked by the handler: everybody in a channel sees the button.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.language.speaking import mark_on, say_on
from bot.discord_ui.views.custom_ids import custom_ids_in
from bot.domain.jobs import JOB_ID_LENGTH

PREFIX = "reel"
"""The beginning of every custom id of this bot."""

CLOSING_ACTIONS = frozenset({JobAction.AGAIN, JobAction.EDIT, JobAction.DELETE})
"""Buttons that only a closing message carries: they are its mark in a channel."""
CARD_ACTIONS = frozenset({JobAction.CANCEL, JobAction.DETAILS})
"""Buttons that the card of an open job carries: they are its mark in a channel."""

_LOOKS = {
    JobAction.CANCEL: (mark_on("button", "Cancel"), discord.ButtonStyle.secondary),
    JobAction.AGAIN: (mark_on("button", "Again"), discord.ButtonStyle.primary),
    JobAction.EDIT: (mark_on("button", "Edit prompt"), discord.ButtonStyle.secondary),
    JobAction.CONTINUE: (mark_on("button", "Continue"), discord.ButtonStyle.secondary),
    JobAction.DELETE: (mark_on("button", "Delete"), discord.ButtonStyle.secondary),
    JobAction.REPORT: (mark_on("button", "Report"), discord.ButtonStyle.secondary),
    JobAction.ADD_TO_REEL: (mark_on("button", "Add to reel"), discord.ButtonStyle.secondary),
    JobAction.DETAILS: (mark_on("button", "Details"), discord.ButtonStyle.secondary),
}
_TEMPLATE = re.compile(rf"{PREFIX}:(?P<action>{'|'.join(_LOOKS)}):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})")


class JobButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """One action on one job."""

    def __init__(self, action: JobAction, job_id: str, *, label: str | None = None) -> None:
        usual, style = _LOOKS[action]
        super().__init__(
            discord.ui.Button(
                label=label or say_on("button", usual), style=style, custom_id=f"{PREFIX}:{action}:{job_id}"
            )
        )
        self.action = action
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(JobAction(match["action"]), match["job"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).job_button, interaction, self.action, self.job_id)


def job_in(components: Iterable[object]) -> str | None:
    """Return the job that a message of the bot is about, by any of its buttons; None for other messages."""
    return next((job_id for _, job_id in marks_in(components)), None)


def marks_in(components: Iterable[object]) -> Iterator[tuple[JobAction, str]]:
    """Yield the action and the job of each button of a message, also of those inside rows and containers."""
    for custom_id in custom_ids_in(components):
        if (mark := marked_job(custom_id)) is not None:
            yield mark


def marked_job(custom_id: str) -> tuple[JobAction, str] | None:
    """Return the action and the job of a button's custom id, or None for other buttons."""
    match = _TEMPLATE.fullmatch(custom_id)
    return (JobAction(match["action"]), match["job"]) if match else None
