"""Stands where Discord keeps members' files: no request of a benchmark has any."""

from collections.abc import Collection, Mapping, Sequence


class NoFiles:
    """Knows no file."""

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """See `InputFiles.refresh`."""
        return {}

    async def on_card(self, channel_id: int, message_id: int, filenames: Collection[str]) -> Mapping[str, str]:
        """See `InputFiles.on_card`."""
        return {}
