"""What admission is asked: a member's request with all that decides about it."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.attachments import CardFile
from bot.domain.capabilities import Capability
from bot.domain.lineage import ParentClip
from bot.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class AdmissionRequest:
    """A member's request, as it came from Discord and complete: every option that the model needs has a value."""

    interaction_id: int
    guild_id: int
    channel_id: int
    member_id: int
    role_ids: Collection[int]
    capability: Capability
    request: GenerationRequest
    confirmed_credits: int | None = None
    """The price that the member was asked about and agreed to; None if there was no question yet."""
    shown_credits: int | None = None
    """The price on the button that was pressed: a higher one is asked about; None where no price was shown."""
    age_restricted_channel: bool = False
    """Whether the channel, or the one that it is a thread of, is age-restricted."""
    answers_with_card: bool = False
    """Whether the answer to the interaction is to become the job's card."""
    by_button: bool = False
    """Whether a button of a message asks, for example *Again*."""
    around_ids: Collection[int] = ()
    """The channel of which the request's channel is a thread, and the category of either."""
    parent: ParentClip | None = None
    """The clip that the request continues."""
    files: tuple[CardFile, ...] = ()
    """The files of the request that travel on its card."""
    reel_id: int | None = None
    """The reel to which the video is added, at its end."""
    upload_bytes_max: int | None = None
    """Bytes of the largest file that the guild takes, as the interaction named it; None where it did not."""


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """A member's wish to see several models make the same video: one request for each, all of one interaction."""

    requests: tuple[AdmissionRequest, ...]
    confirmed_credits: int | None = None
    """The sum that the member was asked about and agreed to; None if there was no question yet."""

    @property
    def first(self) -> AdmissionRequest:
        """Return one of the requests, for what is the same in all: who asks, where, and from which interaction."""
        return self.requests[0]
