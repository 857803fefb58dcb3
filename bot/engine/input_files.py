"""What the engine needs of whoever keeps the files that members attach."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class FilesLater(Exception):
    """Fresh addresses cannot be had now; the same question may be answered later."""


class InputFiles(Protocol):
    """Keeps members' files under signed addresses, which end after about a day."""

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """Return a fresh address for each of these. Those that cannot be had any more are left out.

        Raises FilesLater.
        """
