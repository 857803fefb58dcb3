"""Why something cannot be done, in words for the person who asked for it."""

from bot.discord_ui.language.speaking import mark, say
from bot.discord_ui.views.quota_words import amount_words
from bot.domain.approvals import Decision
from bot.domain.refusals import Impossible, NotPossible

_WORDS = {
    Impossible.NOT_AN_AMOUNT: mark("Give a whole number from 0 to {maximum}, or `unlimited`."),
    Impossible.AMOUNT_OUT_OF_RANGE: mark("Give a whole number from {minimum} to {maximum}."),
    Impossible.PRICE_OUT_OF_RANGE: mark("This would cost {price_credits}; a request can cost at most {maximum}."),
    Impossible.GRANT_ENDS_IN_THE_PAST: mark("The end of a grant lies in the future."),
    Impossible.NO_SUCH_TIME_ZONE: mark(
        "There is no such time zone. Pick one from the list, for example `Europe/Berlin` or `UTC`."
    ),
    Impossible.NOT_A_PERIOD: mark("Write a day as `2026-11-03`, a week as `2026-W45` or a month as `2026-11`."),
    Impossible.NOT_A_JOB_ID: mark("A job's id has 12 letters and digits. `/quota ledger` shows them."),
    Impossible.NO_SUCH_JOB: mark("There is no job with this id here. `/quota ledger` shows the ids."),
    Impossible.REFUND_BEFORE_THE_END: mark(
        "This job is still running; its credits come back by themselves if it fails."
    ),
    Impossible.NOTHING_TO_REFUND: mark("Nothing is left to refund on this job."),
    Impossible.REFUND_OUT_OF_RANGE: mark("At most {maximum_credits} can be refunded on this job."),
    Impossible.CORRECTION_BEFORE_THE_END: mark("This job is still running; its charge is noted when it ends."),
    Impossible.CHARGE_UNCHANGED: mark("That is what the ledger says already: {charged_credits}."),
    Impossible.NO_SUCH_LIMIT: mark("There is no such limit. `/quota show` lists those that are set."),
    Impossible.NOT_A_LIMIT: mark("Pick a limit from the list that appears while you type."),
    Impossible.NO_APPROVAL_CHANNEL: mark("Name the channel in which moderators are asked."),
    Impossible.CANNOT_POST: mark(
        "I may not post in <#{channel_id}>. Give me **View Channel** and **Send Messages** there first."
    ),
    Impossible.NOT_A_MODERATOR: mark("You need the permission **Manage Server** to do that."),
    Impossible.CHANGED_MEANWHILE: mark(
        "Somebody changed this setting after your panel was shown, so nothing was changed now. Open `/settings` again "
        "to see what is in force."
    ),
    Impossible.NO_SUCH_QUESTION: mark("Nothing is known of this request any more."),
    Impossible.SERVER_BLOCKED: mark(
        "The bot's owner has stopped this server, so this request cannot be approved. You can deny it, which gives its "
        "credits back, or wait until the owner lifts the block."
    ),
    Impossible.QUEUE_DRAINING: mark(
        "No new videos are taken at the moment, so this request cannot be approved. You can deny it, or approve it "
        "when the queue takes requests again."
    ),
    Impossible.NOT_UNRESOLVED: mark("Job `{job_id}` is not waiting for a decision."),
    Impossible.NOT_THE_PROVIDERS_ID: mark("Give the provider's job id of this very job; no other job may have it."),
    Impossible.WAS_ACCEPTED: mark("The provider accepted this job: it cannot be sent again without paying twice."),
    Impossible.NO_SUCH_MODEL: mark("I know no model, or several, by this name. Pick one from the list."),
    Impossible.NO_SUCH_INCIDENT: mark("Nothing is known of this here any more."),
    Impossible.INCIDENT_ENDED: mark("Another moderator has decided about this already."),
    Impossible.NO_SUCH_RESULT: mark("There is no finished video here that I could report."),
    Impossible.TOO_MANY_REPORTS: mark(
        "You reported very many videos within an hour. Please tell a moderator yourself."
    ),
    Impossible.NOT_A_STYLE_NAME: mark("Give the style a name of at most {maximum} characters. Nothing was changed."),
    Impossible.NOT_A_TEMPLATE: mark(
        "A template has the word `prompt` in curly braces exactly once, where the member's own words go; yours has it "
        "{count} times. Nothing was changed."
    ),
    Impossible.TEMPLATE_TOO_LONG: mark("A template has at most {maximum} characters. Nothing was changed."),
    Impossible.NOT_A_RATIO: mark("Write an aspect ratio as `16:9`. Nothing was changed."),
    Impossible.NOT_A_LENGTH: mark("Write a length in whole seconds, at most {maximum}. Nothing was changed."),
    Impossible.NOT_A_QUALITY: mark("No model has that quality. Nothing was changed."),
    Impossible.NO_MODEL_HAS: mark("No model has {value} for `{option}`. Nothing was changed."),
    Impossible.STYLE_EXISTS: mark("Another style here has this name. Nothing was changed."),
    Impossible.TOO_MANY_STYLES: mark("A server has at most {maximum} styles: remove one first. Nothing was changed."),
    Impossible.NO_SUCH_STYLE: mark("This style was removed meanwhile. Nothing was changed."),
    Impossible.WORDS_ARE_STOPPED: mark("The word list stops something in this text. Nothing was changed."),
    Impossible.NOT_A_CAST_NAME: mark(
        "Give the picture a name of at most {maximum} characters, without commas and equals signs. Nothing was changed."
    ),
    Impossible.CAST_NAME_TAKEN: mark(
        "Another picture has this name. Take another name, or remove that one first. Nothing was changed."
    ),
    Impossible.NOT_A_PICTURE: mark("I can save only PNG, JPEG and WebP pictures. Nothing was changed."),
    Impossible.PICTURE_TOO_LARGE: mark(
        "A picture can have at most {megabytes} MB here: please make it smaller first. Nothing was changed."
    ),
    Impossible.TOO_MANY_PICTURES: mark(
        "There are {maximum} pictures already, and no more can be saved: remove one first. Nothing was changed."
    ),
    Impossible.NO_ROOM_FOR_PICTURES: mark(
        "This bot has no room for more pictures at the moment: its owner sets how much there is. Nothing was changed."
    ),
    Impossible.NO_SUCH_PICTURE: mark(
        "There is no saved picture of this name. `/cast list` shows those that there are."
    ),
    Impossible.NO_SUCH_SERVER: mark(
        "I know no server, or several, by this name. Pick one from the list or give its id."
    ),
}
_DECIDED = {
    Decision.APPROVED: mark("This request was approved already."),
    Decision.DENIED: mark("This request was denied already."),
    Decision.EXPIRED: mark("This request has expired already."),
    Decision.WITHDRAWN: mark("This request was withdrawn already."),
}


def words_of(error: NotPossible) -> str:
    """Return one or two sentences for the person who asked."""
    if error.why is Impossible.DECIDED_BEFORE:
        decided = _DECIDED[Decision(str(error.data["decision"]))]
        return say(decided)
    credits = {f"{name}_credits": amount_words(value) for name, value in error.data.items() if isinstance(value, int)}
    return say(_WORDS[error.why], **error.data, **credits)
