"""What the engine needs of Discord, as a protocol: cards that change, and one closing message for each job."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bot.domain.forecast import Forecast
from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class StatusCard:
    """What the public card of a job says. `credits` are held while the job is open and charged once it has ended."""

    job_id: str
    guild_id: int
    channel_id: int
    member_id: int
    model_name: str
    prompt: str
    state: JobState
    message_id: int | None
    credits: int
    price_certain: bool
    forecast: Forecast
    reason: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """The one message that ends a job.

    `links` are the provider's result addresses. `reason` says in plain words why there is no video, or less than asked.
    """

    job_id: str
    guild_id: int
    channel_id: int
    member_id: int
    model_name: str
    request: GenerationRequest
    state: JobState
    held: int
    charged: int
    reason: str | None
    links: tuple[str, ...]
    status_message_id: int | None
    copy: int
    """1 for the closing message itself; more where a member had it posted again."""
    made_smaller: bool = False
    """Whether a file was encoded anew to fit into Discord. `links` has the originals."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a closing message stands, and how it got there."""

    channel_id: int
    message_id: int
    how: Literal["reply", "channel", "dm"]


class DeliveryLater(Exception):
    """Discord or the provider cannot be reached now. `retry_after` is in seconds, None where nobody said when."""

    def __init__(self, problem: str, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class DeliveryImpossible(Exception):
    """There is no place left where the member could be told; the message says why."""


class Notifier(Protocol):
    """Implemented over Discord. Every call goes by channel and message id, never by an interaction's token."""

    async def show_status(self, card: StatusCard) -> int | None:
        """Post the card, or edit `card.message_id`, and return the message's id.

        Returns None where the card cannot be shown. Raises DeliveryLater.
        """

    async def upload_limit(self, guild_id: int) -> int:
        """Return the bytes of the largest file that the guild's channels take."""

    async def post_closing(self, closing: Closing, files: Sequence[Path], upload_limit: int) -> Delivered:
        """Post the closing message with those of the files that have at most `upload_limit` bytes; link the others.

        Raises DeliveryLater or DeliveryImpossible.
        """

    async def find_posted(self, channel_id: int, job_id: str) -> int | None:
        """Return the id of this job's closing message in the channel, if an earlier try got through; else None."""
