"""Stands where Discord keeps members' files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.engine.input_files import FilesLater


@dataclass
class ScriptedFiles:
    """Gives the fresh addresses that a test dictates. `away` has it not answer."""

    fresh: dict[str, str] = field(default_factory=dict)
    away: bool = False
    asked: list[str] = field(default_factory=list)
    cards: dict[int, dict[str, str]] = field(default_factory=dict)
    """The files of cards by message id: their addresses by name."""

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """See `InputFiles.refresh`."""
        self.asked += addresses
        if self.away:
            raise FilesLater("503")
        return {one: self.fresh[one] for one in addresses if one in self.fresh}

    async def on_card(self, channel_id: int, message_id: int, filenames: Collection[str]) -> Mapping[str, str]:
        """See `InputFiles.on_card`."""
        if self.away:
            raise FilesLater("503")
        return {name: url for name, url in self.cards.get(message_id, {}).items() if name in filenames}
