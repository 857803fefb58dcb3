"""What the engine needs of Discord to write the moderators' log, as a protocol."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.guild_log import LogEntry
from bot.domain.jobs import Job
from bot.domain.postings import Posting


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line, with the job that it is about, and what became of the job's closing message."""

    entry: LogEntry
    job: Job | None
    posting: Posting | None


class LogLater(Exception):
    """Discord cannot be reached now."""


class LogChannelLost(Exception):
    """The channel is gone, or the bot may not write there."""


class GuildLogWriter(Protocol):
    """Implemented over Discord."""

    async def write(self, channel_id: int, guild_id: int, key: str, lines: Sequence[LogLine]) -> None:
        """Post a message with these lines, which mentions nobody. The same key twice is one message.

        Raises LogLater and LogChannelLost.
        """
