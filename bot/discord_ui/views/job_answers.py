"""What a person reads after they pressed a button on a job."""

from bot.discord_ui.views.job_states import STATE_WORDS
from bot.domain.jobs import ENDED, Job
from bot.services.jobs import Resend

GONE = "I do not know this job any more."
NOT_YOURS = "Only the member who asked for this video, or a moderator, can do that."
MODERATORS_ONLY = "Only moderators can do that here. You can ask for a video by a command."
CLICKED_ALREADY = "I have your first click already."
FILES_EXPIRED = "Discord no longer has the attached files. Please use the command with them again."
DELETED_BY_MEMBER = "Deleted. `/jobs` can post it again."
DELETED_BY_MODERATOR = "Deleted. It cannot be posted again."
CANCELLED = "Cancelled. Nothing was charged."

RESEND_WORDS = {
    Resend.OWED: "I will post it again in its channel.",
    Resend.ON_ITS_WAY: "It is on its way.",
    Resend.STANDS: "It is still where I posted it: `/jobs` has the link.",
    Resend.REMOVED: "A moderator deleted this video. It cannot be posted again.",
    Resend.NOT_YOURS: "Its member deleted this video, and only they can have it posted again.",
    Resend.TOO_SOON: "I posted it a moment ago. Please try again in ten minutes.",
}


def too_late_words(job: Job) -> str:
    """Say why a job cannot be cancelled any more. `job` is as it is now."""
    if job.state in ENDED:
        return f"It has ended already: {STATE_WORDS[job.state]}."
    return f"It is too late to cancel: it is {STATE_WORDS[job.state]}."
