"""What the engine needs of Discord, as a protocol: cards that change, and one closing message a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bot.domain.forecast import Forecast
from bot.domain.jobs import JobState
from bot.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class StatusCard:
    """What the public card of a job says. `credits` are held, or charged once it ended; times as everywhere."""

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
    """The one message that ends a job. `links` are the provider's result addresses, `reason` is in plain words."""

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
    """1 for the closing message itself, more where a member had it posted again."""
    made_smaller: bool = False
    """A file was encoded anew to fit into Discord; `links` has the originals."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a closing message stands. `attached`: the files went with it; otherwise it links to them."""

    channel_id: int
    message_id: int
    how: Literal["reply", "channel", "dm"]
    attached: bool


class DeliveryLater(Exception):
    """Discord cannot take it now; try again, after `retry_after` seconds where Discord said so."""

    def __init__(self, problem: str, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class DeliveryImpossible(Exception):
    """There is no place left where the member could be told; the message says why."""


class Notifier(Protocol):
    """Implemented over Discord; every call goes by channel and message id, never by an interaction's token."""

    async def show_status(self, card: StatusCard) -> int | None:
        """Post the card, or edit `card.message_id`, and return the message's id; None: it cannot be shown there."""

    async def upload_limit(self, guild_id: int) -> int:
        """The largest file in bytes that the guild's channels take."""

    async def close(self, closing: Closing, files: Sequence[Path]) -> Delivered:
        """Post the closing message. Raises DeliveryLater or DeliveryImpossible."""

    async def find_posted(self, channel_id: int, job_id: str) -> int | None:
        """The closing message of this job among the channel's recent ones, if an earlier try got through."""
