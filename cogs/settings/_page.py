"""What a page of the panel is. Each page is a file of its own beside this one, named in `cogs.settings._pages`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord_ui.interactions.panel_control import Control
from bot.discord_ui.views.settings_panel.frame import Origin
from bot.services.services import Services


@dataclass(frozen=True, slots=True)
class Panel:
    """A moderator's panel: what its pages work with."""

    services: Services
    interaction: discord.Interaction[Any]
    guild: discord.Guild
    control: Control | None = None
    """What was used last, by which a page knows what it showed; None where the page is turned to."""
    chosen: tuple[str, ...] = ()
    """What was chosen in it, where it is a select."""

    @property
    def actor_id(self) -> int:
        """The moderator whose panel it is."""
        return self.interaction.user.id

    @property
    def known_ids(self) -> frozenset[int]:
        """The ids of the guild's channels and roles."""
        return frozenset((*(one.id for one in self.guild.channels), *(one.id for one in self.guild.roles)))


class Page(ABC):
    """A page of the panel. It draws itself, and carries out what its controls are for.

    Whether the member may change settings was checked before a method is called. NotPossible is shown as a note.
    """

    key: str
    """Names the page in custom ids: up to 20 letters and underscores."""
    title: str
    """Marked for the catalogues; it is translated where it is shown."""

    @abstractmethod
    async def items(self, panel: Panel) -> list[discord.ui.Item[Any]]:
        """Return the texts and rows below the panel's title."""

    async def summary(self, panel: Panel) -> list[tuple[str, str, Origin | None]]:
        """Return what the overview says of the page's settings: name, value in words, and where it came from."""
        return []

    async def use(self, panel: Panel, control: Control, values: list[str], offered: list[str]) -> str | None:
        """Carry out what was chosen, out of what a select of texts offered. Returns a note for the moderator."""
        raise LookupError(f"page {self.key} has no control {control.action}")

    async def dialog(self, panel: Panel, control: Control) -> discord.ui.Modal:
        """Return the dialog that a button opens, within three seconds."""
        raise LookupError(f"page {self.key} has no dialog {control.action}")

    async def enter(self, panel: Panel, control: Control, fields: Mapping[str, list[str]]) -> str | None:
        """Carry out what was entered in a dialog, by the fields' custom ids. Returns a note for the moderator."""
        raise LookupError(f"page {self.key} has no dialog {control.action}")
