"""Buttons that work for ever: what they do and to which job stands in their custom id, so they survive a restart.

A press becomes the client event `job_button(interaction, action, job_id)`; a cog listens. Who may press is checked
there again, whoever can see the button.
"""

import re
from enum import StrEnum
from typing import Any, Self

import discord

from bot.domain.jobs import JOB_ID_LENGTH

PREFIX = "reel"


class Action(StrEnum):
    """What a button does to its job."""

    CANCEL = "cancel"
    AGAIN = "again"
    EDIT = "edit"
    DELETE = "delete"
    RESEND = "resend"


CLOSING_ACTIONS = frozenset({Action.AGAIN, Action.EDIT, Action.DELETE})
"""Buttons that only a closing message carries: they are the job's mark in a channel."""

_LOOKS = {
    Action.CANCEL: ("Cancel", discord.ButtonStyle.secondary),
    Action.AGAIN: ("Again", discord.ButtonStyle.primary),
    Action.EDIT: ("Edit prompt", discord.ButtonStyle.secondary),
    Action.DELETE: ("Delete", discord.ButtonStyle.secondary),
    Action.RESEND: ("Post again", discord.ButtonStyle.secondary),
}
_TEMPLATE = re.compile(rf"{PREFIX}:(?P<action>{'|'.join(Action)}):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})")


class JobButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """One action on one job."""

    def __init__(self, action: Action, job_id: str, *, label: str | None = None) -> None:
        usual, style = _LOOKS[action]
        super().__init__(discord.ui.Button(label=label or usual, style=style, custom_id=f"{PREFIX}:{action}:{job_id}"))
        self.action = action
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Action(match["action"]), match["job"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        interaction.client.dispatch("job_button", interaction, self.action, self.job_id)


def marked_job(custom_id: str) -> tuple[Action, str] | None:
    """The action and job in a button's custom id; None for other buttons."""
    match = _TEMPLATE.fullmatch(custom_id)
    return (Action(match["action"]), match["job"]) if match else None
