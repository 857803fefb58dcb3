"""Stands where Discord keeps members' files: no request of a benchmark has any."""

from collections.abc import Mapping, Sequence


class NoFiles:
    """Knows no file."""

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """See `InputFiles.refresh`."""
        return {}
