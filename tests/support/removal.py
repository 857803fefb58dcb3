"""Stands where Discord would be when messages are deleted."""

from dataclasses import dataclass, field


@dataclass
class RecordingRemover:
    """Keeps what was deleted, as pairs of channel and message id. `trouble` makes the next deletions fail."""

    removed: list[tuple[int, int]] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)

    async def remove(self, channel_id: int, message_id: int) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.removed.append((channel_id, message_id))
