"""What was before: a full hour of POSTs, and a history older than the run. So limits bind from the first second.

The provider allows 24 POSTs an hour, and a run of hundreds of requests would take a day. So both sides are given a
higher limit, and the provider has seen a busy hour: from then on a POST may leave only as an old one expires, and one
POST too many within any 60 minutes would be refused by the provider and show in its records.
"""

import uuid
from collections.abc import Sequence

from sandbox.studio import StudioSandbox
from sandbox.studio.jobs import Job
from sandbox.studio.records import HOUR_SECONDS, PostRecord
from sandbox.studio.validation import check

OLD_JOBS = 12
OLD_JOBS_AGE_SECONDS = 3 * HOUR_SECONDS


def full_hour(hourly_posts: int, now: float) -> list[float]:
    """Spread the moments of POSTs that use up the whole limit evenly over the past hour."""
    return [now - HOUR_SECONDS + number * HOUR_SECONDS / hourly_posts for number in range(hourly_posts)]


def give_history(studio: StudioSandbox) -> None:
    """Add renders from hours ago, so that the history reaches back further than any attempt of the run."""
    order = check({"model_slug": "veo31_fast", "prompt": "made by hand, long ago"}, studio.catalogue)
    for number in range(OLD_JOBS):
        began = studio.clock.now() - OLD_JOBS_AGE_SECONDS + number
        studio.jobs.append(
            Job(
                job_id=str(uuid.uuid4()),
                account=studio.account,
                order=order,
                seconds=8,
                credits=100,
                created_at=began,
                run_seconds=30.0,
                status="completed",
                completed_at=began + 30.0,
            )
        )


def give_posts(studio: StudioSandbox, moments: Sequence[float]) -> None:
    """Add POSTs to the provider's records."""
    for at in moments:
        studio.rate_limit.take(studio.account.name, at)
        studio.records.posts.append(PostRecord(at, "/before-the-run", None, studio.account.name, 200))
