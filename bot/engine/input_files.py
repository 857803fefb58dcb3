"""What the engine needs of whoever keeps the files of requests: those that members attach, and those on cards."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol


class FilesLater(Exception):
    """Fresh addresses cannot be had now; the same question may be answered later."""


class InputFiles(Protocol):
    """Keeps files under signed addresses, which end after about a day."""

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """Return a fresh address for each of these. Those that cannot be had any more are left out.

        Raises FilesLater.
        """

    async def on_card(self, channel_id: int, message_id: int, filenames: Collection[str]) -> Mapping[str, str]:
        """Return a fresh address for each of these files of a job's card, by name. What is not there is left out.

        Raises FilesLater.
        """
