"""What a person reads after they pressed a button on a job."""

from bot.discord_ui.language.speaking import mark, say
from bot.discord_ui.views.job_states import STATE_WORDS
from bot.domain.jobs import ENDED, Job
from bot.services.job_views import Resend

GONE = mark("I do not know this job any more.")
NOT_YOURS = mark("Only the member who asked for this video, or a moderator, can do that.")
MODERATORS_ONLY = mark("Only moderators can do that here. You can ask for a video by a command.")
CLICKED_ALREADY = mark("I have your first click already.")
FILES_EXPIRED = mark("Discord no longer has the attached files. Please use the command with them again.")
FILES_LATER = mark("I cannot ask Discord for the attached files at the moment. Please try again in a minute.")
DELETED_BY_MEMBER = mark("Deleted. `/jobs` can post it again.")
DELETED_BY_MODERATOR = mark("Deleted. It cannot be posted again.")
CANCELLED = mark("Cancelled. Nothing was charged.")

RESEND_WORDS = {
    Resend.OWED: mark("I will post it again in its channel."),
    Resend.ON_ITS_WAY: mark("It is on its way."),
    Resend.STANDS: mark("It is still where I posted it: `/jobs` has the link."),
    Resend.REMOVED: mark("A moderator deleted this video. It cannot be posted again."),
    Resend.NOT_YOURS: mark("Its member deleted this video, and only they can have it posted again."),
    Resend.TOO_SOON: mark("I posted it a moment ago. Please try again in ten minutes."),
}


def too_late_words(job: Job) -> str:
    """Say why a job cannot be cancelled any more. `job` is as it is now."""
    if job.state in ENDED:
        return say("It has ended already: {state}.", state=say(STATE_WORDS[job.state]))
    return say("It is too late to cancel: {state}.", state=say(STATE_WORDS[job.state]))
