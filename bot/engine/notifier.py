"""What the engine needs of Discord, as a protocol: cards that change, and one closing message for each job."""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

from bot.domain.attachments import Attachment, CardFile
from bot.domain.forecast import Forecast
from bot.domain.jobs import Job, JobState
from bot.domain.lineage import Relative
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
    moved_to: tuple[int, int] | None = None
    """Channel and message id of the closing message, where it was posted in another channel than the card."""
    style: str | None = None
    """The name of the style whose words go around the prompt."""
    parent: Relative | None = None
    """The job whose clip this one continues."""
    pictures: tuple[str, ...] = ()
    """The names of the pictures among the card's own files that the video is made from."""
    files: tuple[CardFile, ...] = ()
    """The files that are posted with the card. A card that stands has them already."""


def status_card(
    job: Job, forecast: Forecast, parent: Relative | None = None, files: tuple[CardFile, ...] = ()
) -> StatusCard:
    """Return what the card of a job says now. `files` are needed where it is posted."""
    values = GenerationRequest.from_json(job.request).values.values()
    stands_with = [value.filename for value in values if isinstance(value, Attachment) and value.on_card]
    return StatusCard(
        job_id=job.id,
        guild_id=job.guild_id,
        channel_id=job.channel_id,
        member_id=job.member_id,
        model_name=job.model_name,
        prompt=job.own_words,
        state=job.state,
        message_id=job.status_message_id,
        credits=job.held if job.charged is None else job.charged,
        price_certain=job.price_certain or job.charged is not None,
        forecast=forecast,
        reason=job.reason,
        style=job.style_name,
        parent=parent,
        pictures=tuple(dict.fromkeys(stands_with)) if job.status_message_id is not None or files else (),
        files=files,
    )


class Unattached(StrEnum):
    """Why a result is not attached to the closing message."""

    TOO_LARGE = "too large"
    """Larger than may be fetched, or than Discord takes."""
    UNREACHABLE = "unreachable"
    """Its host could not be reached, or not in time. Its address may still be good."""
    REFUSED = "refused"
    """Its host does not hand it out: its address has expired, or the host serves browsers only."""
    NOT_A_VIDEO = "not a video"
    """Its address answers with something else, for example a web page."""
    GONE = "gone"
    """Nothing is at its address, or what the provider names is none, and it names no other."""

    AGE_RESTRICTED = "age restricted"
    """Its model is for age-restricted channels, and the message is not in one."""

    @property
    def may_pass(self) -> bool:
        """Whether another attempt may have the file."""
        return self not in (Unattached.TOO_LARGE, Unattached.AGE_RESTRICTED)


@dataclass(frozen=True, slots=True)
class Result:
    """One file that the provider made."""

    url: str | None
    """The provider's address, safe to show. None where what the provider named is no address."""
    path: Path | None = None
    """The fetched file. None where there is none."""
    problem: Unattached | None = None
    made_smaller: bool = False
    """Whether the file was encoded anew to fit into Discord; the original is at `url`."""
    size_bytes: int | None = None
    """How large a file is that is too large to attach. None where that is not known."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The one message that ends a job. `reason` says in plain words why there is no video, or less than asked."""

    job_id: str
    guild_id: int
    channel_id: int
    member_id: int
    model_name: str
    request: GenerationRequest
    state: JobState
    held: int
    price_certain: bool
    """Whether the provider states what was held as the price of exactly this request."""
    charged: int
    reason: str | None
    results: tuple[Result, ...]
    status_message_id: int | None
    owed_at: float
    """Since when the message may have been posted, in seconds since the epoch."""
    results_channel_id: int | None = None
    """The guild's results channel, where the message is to be posted; None: where the job was asked for."""
    copy: int = 1
    """1 for the closing message itself; more where a member had it posted again."""
    upload_limit: int | None = None
    """Bytes of the largest file that the channel takes. None where that is not known."""
    cancelled_by: int | None = None
    """The person who cancelled or denied the request; None where nobody did."""
    parent: Relative | None = None
    """The job whose clip this one continues."""
    shown_in: frozenset[int] | None = None
    """The only channels in which the results may be shown, because the model is age-restricted; None: anywhere."""

    def shown(self, channel_id: int | None) -> "Closing":
        """Return what may be posted in a channel; None is a direct message."""
        if self.shown_in is None or channel_id in self.shown_in:
            return self
        hidden = tuple(Result(None, problem=Unattached.AGE_RESTRICTED) for _ in self.results)
        return replace(self, results=hidden)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a closing message stands, and how it got there."""

    channel_id: int
    message_id: int
    how: Literal["card", "results", "channel", "dm"]
    """`card` says that the job's card itself was turned into the closing message, `results` names the guild's results
    channel."""
    results_channel_lost: bool = False
    """Whether Discord does not let the bot post in the results channel, so that the message is not there."""


class DeliveryLater(Exception):
    """Discord or the provider cannot be reached now. `retry_after` is in seconds, None where nobody said when."""

    def __init__(self, problem: str, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class UploadTooLarge(Exception):
    """The channel does not take files as large as `size_bytes`."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"a file of {size_bytes} bytes was refused")
        self.size_bytes = size_bytes


class DeliveryImpossible(Exception):
    """There is no place left where the member could be told; the message says why."""


class Notifier(Protocol):
    """Implemented over Discord. Every call goes by channel and message id, never by an interaction's token."""

    async def show_status(self, card: StatusCard) -> int | None:
        """Post the card, or edit `card.message_id`, and return the message's id.

        Returns None where the card cannot be shown. Raises DeliveryLater.
        """

    async def find_card(self, card: StatusCard, since: float) -> int | None:
        """Return the id of the job's card if the channel has one that was posted after `since`; else None.

        `since` is in seconds since the epoch. Raises DeliveryLater.
        """

    async def remove_card(self, card: StatusCard) -> int | None:
        """Delete the card of a job whose closing message stands, or shrink it to one line. Raises DeliveryLater.

        Where the closing message stands in another channel, a line with the link to it stays. Returns the id of the
        message that stays; None where none does.
        """

    async def turn_card(self, closing: Closing) -> Delivered | None:
        """Turn the job's card into its closing message, which then mentions nobody.

        Returns None where the card is gone. Raises DeliveryLater.
        """

    async def post_closing(self, closing: Closing, upload_limit: int) -> Delivered:
        """Post the closing message with those of its files that have at most `upload_limit` bytes; link the others.

        Raises DeliveryLater, DeliveryImpossible, and UploadTooLarge where the channel takes less than was thought.
        """

    async def is_age_restricted(self, channel_id: int) -> bool:
        """Tell whether a channel, or the one that it is a thread of, is age-restricted; False where nobody can tell.

        Raises DeliveryLater.
        """

    async def find_posted(self, channel_id: int, job_id: str, since: float) -> tuple[int, int] | None:
        """Return channel and id of this job's closing message, if an earlier attempt got through there; else None.

        In a forum the channel is the post's thread.

        `since` is when the first attempt may have been made, in seconds since the epoch.
        """
