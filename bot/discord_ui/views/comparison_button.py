"""Buttons on a comparison that work for ever: their custom id holds the action and the comparison's id.

Who may press is checked by the handler: everybody in a channel sees the button.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Self

import discord

from bot.discord_ui.interactions.comparison_action import ComparisonAction
from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import mark_on, say_on
from bot.discord_ui.views.custom_ids import custom_ids_in
from bot.discord_ui.views.job_button import PREFIX
from bot.domain.comparisons import LABELS
from bot.domain.jobs import JOB_ID_LENGTH

CARD_ACTIONS = frozenset({ComparisonAction.CANCEL, ComparisonAction.DETAILS})
"""Buttons that the card of an open comparison carries: they are its mark in a channel."""
CLOSING_ACTIONS = frozenset({ComparisonAction.DELETE})
"""Buttons that only the message of a comparison carries: they are its mark in a channel."""

_LOOKS = {
    ComparisonAction.CANCEL: mark_on("button", "Cancel"),
    ComparisonAction.DETAILS: mark_on("button", "Details"),
    ComparisonAction.USE: mark_on("button", "Use a clip"),
    ComparisonAction.REPORT: mark_on("button", "Report"),
    ComparisonAction.DELETE: mark_on("button", "Delete"),
}
_ID = rf"(?P<comparison>[0-9a-z]{{{JOB_ID_LENGTH}}})"
_TEMPLATE = re.compile(rf"{PREFIX}:compare:(?P<action>{'|'.join(_LOOKS)}):{_ID}")


class ComparisonButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """One action on one comparison."""

    def __init__(self, action: ComparisonAction, comparison_id: str) -> None:
        super().__init__(
            discord.ui.Button(
                label=say_on("button", _LOOKS[action]),
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:compare:{action}:{comparison_id}",
            )
        )
        self.action = action
        self.comparison_id = comparison_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(ComparisonAction(match["action"]), match["comparison"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).comparison_button, interaction, self.action, self.comparison_id)


class VoteButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(rf"{PREFIX}:compare:vote:(?P<label>[0-9]):{_ID}"),
):
    """A vote for one clip, by its place in the message."""

    def __init__(self, label: int, comparison_id: str) -> None:
        super().__init__(
            discord.ui.Button(
                label=LABELS[label],
                style=discord.ButtonStyle.primary,
                custom_id=f"{PREFIX}:compare:vote:{label}:{comparison_id}",
            )
        )
        self.place = label
        self.comparison_id = comparison_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(int(match["label"]), match["comparison"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).vote_cast, interaction, self.comparison_id, self.place)


def comparison_in(components: Iterable[object], actions: Collection[ComparisonAction] | None = None) -> str | None:
    """Return the comparison that a message of the bot is about, by its buttons for one of `actions`, or for any.

    None for other messages.
    """
    marks = _marks_in(components)
    return next((comparison_id for action, comparison_id in marks if actions is None or action in actions), None)


def _marks_in(components: Iterable[object]) -> Iterator[tuple[ComparisonAction, str]]:
    for custom_id in custom_ids_in(components):
        if (match := _TEMPLATE.fullmatch(custom_id)) is not None:
            yield ComparisonAction(match["action"]), match["comparison"]
