"""What the engine needs of Discord for comparisons, as a protocol: one card and one message for all jobs of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.comparisons import Clip, Comparison
from bot.domain.forecast import Forecast
from bot.domain.jobs import Job, JobState
from bot.domain.request import GenerationRequest
from bot.engine.notifier import Delivered, Result, StatusCard, Unattached, status_card


@dataclass(frozen=True, slots=True)
class ComparisonCard:
    """What the public card of a comparison says."""

    comparison_id: str
    guild_id: int
    channel_id: int
    member_id: int
    prompt: str
    message_id: int | None
    jobs: tuple[StatusCard, ...]
    """What a card of each job would say, in the order in which the models were named."""
    moved_to: tuple[int, int] | None = None
    """Channel and message id of the comparison's message, where it was posted in another channel than the card."""


@dataclass(frozen=True, slots=True)
class ComparedClip:
    """One model's part in a comparison's message."""

    job_id: str
    model_name: str
    letter: str
    """What it is called in the message; empty where there is no video."""
    request: GenerationRequest
    state: JobState
    held: int
    charged: int
    reason: str | None
    cancelled_by: int | None = None
    """The person who cancelled the request; None where nobody did."""
    results: tuple[Result, ...] = ()
    shown_in: frozenset[int] | None = None
    """The only channels in which it may be shown, because its model is age-restricted; None: anywhere."""
    votes: int | None = None
    """Votes for it; None where they were not counted."""
    won: bool = False

    def with_results(self, results: tuple[Result, ...]) -> "ComparedClip":
        """Return the same with these results, where it has a video."""
        return replace(self, results=results) if self.letter else self


@dataclass(frozen=True, slots=True)
class ComparisonClosing:
    """The one message of a comparison."""

    comparison_id: str
    guild_id: int
    channel_id: int
    member_id: int
    clips: tuple[ComparedClip, ...]
    """Those with a video first, by their letters."""
    late: int
    """Jobs that had not ended when the message was closed; each has a message of its own."""
    status_message_id: int | None
    owed_at: float
    """Since when the message may have been posted, in seconds since the epoch."""
    results_channel_id: int | None = None
    """The guild's results channel, where the message is to be posted; None: where the comparison was asked for."""
    upload_limit: int | None = None
    """Bytes of the largest file that the channel takes. None where that is not known."""
    voting_ends_at: float | None = None
    """When votes are counted; None where there is nothing to vote on."""
    names_shown: bool = False
    """Whether everybody reads which model made which clip."""

    @property
    def prompt(self) -> str:
        """Return what the member asked for."""
        return self.clips[0].request.prompt

    @property
    def shown_clips(self) -> tuple[ComparedClip, ...]:
        """Return those that have a video."""
        return tuple(clip for clip in self.clips if clip.letter)

    def shown(self, channel_id: int | None) -> "ComparisonClosing":
        """Return what may be posted in a channel; None is a direct message, where nobody else could vote."""
        clips = tuple(_shown(clip, channel_id) for clip in self.clips)
        if channel_id is None:
            return replace(self, clips=clips, voting_ends_at=None, names_shown=True)
        return replace(self, clips=clips)


class ComparisonNotifier(Protocol):
    """Implemented over Discord. Every call goes by channel and message id, never by an interaction's token."""

    async def show_card(self, card: ComparisonCard) -> int | None:
        """Post the card, or edit `card.message_id`, and return the message's id.

        Returns None where the card cannot be shown. Raises DeliveryLater.
        """

    async def find_card(self, card: ComparisonCard, since: float) -> int | None:
        """Return the id of the card if the channel has one that was posted after `since`. Raises DeliveryLater."""

    async def remove_card(self, card: ComparisonCard) -> int | None:
        """Delete the card of a comparison that is over, or shrink it to one line. Raises DeliveryLater.

        Returns the id of the message that stays; None where none does.
        """

    async def turn_card(self, closing: ComparisonClosing) -> Delivered | None:
        """Turn the card into the message of a comparison without a video, which then mentions nobody.

        Returns None where the card is gone. Raises DeliveryLater.
        """

    async def post(self, closing: ComparisonClosing, upload_limit: int) -> Delivered:
        """Post the message with those of its files that have at most `upload_limit` bytes; link the others.

        Raises DeliveryLater, DeliveryImpossible, and UploadTooLarge where the channel takes less than was thought.
        """

    async def find_posted(self, channel_id: int, comparison_id: str, since: float) -> tuple[int, int] | None:
        """Return channel and id of the message, if an earlier attempt got through there; else None.

        Raises DeliveryLater.
        """

    async def reveal(self, closing: ComparisonClosing, channel_id: int, message_id: int) -> None:
        """Edit the message so that it shows names and votes. Nothing happens where it is gone. Raises DeliveryLater."""

    async def is_age_restricted(self, channel_id: int) -> bool:
        """Tell whether a channel, or the one that it is a thread of, is age-restricted. Raises DeliveryLater."""


def comparison_card(comparison: Comparison, jobs: Sequence[Job], forecasts: Sequence[Forecast]) -> ComparisonCard:
    """Return what the card of a comparison says now."""
    return ComparisonCard(
        comparison_id=comparison.id,
        guild_id=comparison.guild_id,
        channel_id=comparison.channel_id,
        member_id=comparison.member_id,
        prompt=jobs[0].own_words if jobs else "",
        message_id=comparison.status_message_id,
        jobs=tuple(status_card(job, forecast) for job, forecast in zip(jobs, forecasts, strict=True)),
    )


def compared_clip(clip: Clip, job: Job) -> ComparedClip:
    """Return a model's part in the message, without its files."""
    return ComparedClip(
        job_id=job.id,
        model_name=job.model_name,
        letter=clip.letter,
        request=GenerationRequest.from_json(job.request),
        state=job.state,
        held=job.held,
        charged=job.charged or 0,
        reason=job.reason,
        votes=clip.votes,
        won=bool(clip.won),
    )


def _shown(clip: ComparedClip, channel_id: int | None) -> ComparedClip:
    if clip.shown_in is None or channel_id in clip.shown_in:
        return clip
    return replace(clip, results=tuple(Result(None, problem=Unattached.AGE_RESTRICTED) for _ in clip.results))
