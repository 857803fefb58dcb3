"""Stands where Discord keeps members' files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.engine.input_files import FilesLater


@dataclass
class ScriptedFiles:
    """Gives the fresh addresses that a test dictates. `away` has it not answer."""

    fresh: dict[str, str] = field(default_factory=dict)
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """See `InputFiles.refresh`."""
        self.asked += addresses
        if self.away:
            raise FilesLater("503")
        return {one: self.fresh[one] for one in addresses if one in self.fresh}
