"""Jobs as people see them: one, a page of them, the story of one, and whether a result may be posted again."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.forecast import Forecast
from bot.domain.jobs import Job, JobEvent
from bot.domain.lineage import Lineage, Relative
from bot.domain.postings import DIRECT, Posting
from bot.domain.renders import RenderReport
from bot.domain.request import GenerationRequest

RESEND_SECONDS = 600.0
"""Seconds between two postings of one result: each downloads, perhaps encodes, and uploads the video."""


class Resend(StrEnum):
    """What came of the wish to have a result posted again."""

    OWED = "owed"
    """It will be posted."""
    ON_ITS_WAY = "on_its_way"
    """It is owed already, or the job has not ended."""
    STANDS = "stands"
    """Its message is still where it was posted."""
    REMOVED = "removed"
    """Somebody other than its member deleted it: that is final."""
    NOT_YOURS = "not_yours"
    """Its member deleted it, and nobody else may undo that."""
    TOO_SOON = "too_soon"
    """It was posted less than RESEND_SECONDS ago."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as people see it: the job, what was asked, what to expect, and where its result stands."""

    job: Job
    request: GenerationRequest
    forecast: Forecast
    posting: Posting | None
    """What became of the closing message; None while the job has not ended."""
    resend: Resend
    """What would come of the wish to have the result posted again."""
    parent: Relative | None = None
    """The job whose clip it continues."""
    kept: int = 0
    """Credits that the provider kept for a failed job and that no moderator has given back."""


@dataclass(frozen=True, slots=True)
class JobsWanted:
    """What a list of jobs shows: of a member, or of everybody where `member_id` is None. `page` counts from 0."""

    member_id: int | None
    active_only: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class JobsPage:
    """A page of a list of jobs, newest first."""

    wanted: JobsWanted
    views: tuple[JobView, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class JobStory:
    """Everything that is known of a job's life: its moves and the provider's renders, each in order."""

    view: JobView
    events: tuple[JobEvent, ...]
    renders: tuple[RenderReport, ...]
    lineage: Lineage = field(default_factory=Lineage)
    """The jobs whose clips led to this one, and those that continue its clips."""


def resend_of(job: Job, posting: Posting | None, now: float) -> Resend:
    """Judge the wish of a job's member to have its result posted again."""
    if posting is None or posting.done_at is None:
        return Resend.ON_ITS_WAY
    if posting.removed_by_others(job.member_id):
        return Resend.REMOVED
    if posting.stands and posting.outcome != DIRECT:
        return Resend.STANDS
    return Resend.TOO_SOON if posting.done_at > now - RESEND_SECONDS else Resend.OWED
