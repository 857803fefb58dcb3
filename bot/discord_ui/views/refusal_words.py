"""Why something cannot be done, in words for the person who asked for it."""

from bot.discord_ui.views.quota_words import amount_words
from bot.domain.refusals import Impossible, NotPossible

_WORDS = {
    Impossible.NOT_AN_AMOUNT: "Give a whole number from 0 to {maximum:,}, or `unlimited`.",
    Impossible.AMOUNT_OUT_OF_RANGE: "Give a whole number from {minimum:,} to {maximum:,}.",
    Impossible.PRICE_OUT_OF_RANGE: "This would cost {price_credits}; a request can cost at most {maximum:,}.",
    Impossible.GRANT_ENDS_IN_THE_PAST: "The end of a grant lies in the future.",
    Impossible.NO_SUCH_TIME_ZONE: (
        "There is no such time zone. Pick one from the list, for example `Europe/Berlin` or `UTC`."
    ),
    Impossible.NOT_A_PERIOD: "Write a day as `2026-11-03`, a week as `2026-W45` or a month as `2026-11`.",
    Impossible.NOT_A_JOB_ID: "A job's id has 12 letters and digits. `/quota ledger` shows them.",
    Impossible.NO_SUCH_JOB: "There is no job with this id here. `/quota ledger` shows the ids.",
    Impossible.REFUND_BEFORE_THE_END: "This job is still running; its credits come back by themselves if it fails.",
    Impossible.NOTHING_TO_REFUND: "Nothing is left to refund on this job.",
    Impossible.REFUND_OUT_OF_RANGE: "At most {maximum_credits} can be refunded on this job.",
    Impossible.CORRECTION_BEFORE_THE_END: "This job is still running; its charge is noted when it ends.",
    Impossible.CHARGE_UNCHANGED: "That is what the ledger says already: {charged_credits}.",
    Impossible.NO_SUCH_LIMIT: "There is no such limit. `/quota show` lists those that are set.",
    Impossible.NOT_A_LIMIT: "Pick a limit from the list that appears while you type.",
    Impossible.NO_APPROVAL_CHANNEL: "Name the channel in which moderators are asked.",
    Impossible.CANNOT_POST: "I may not post in <#{channel_id}>. Give me **Send Messages** there first.",
    Impossible.NOT_A_MODERATOR: "You need the permission **Manage Server** to do that.",
    Impossible.CHANGED_MEANWHILE: (
        "Somebody changed this setting after your panel was shown, so nothing was changed now. Open `/settings` again "
        "to see what is in force."
    ),
    Impossible.NO_SUCH_QUESTION: "Nothing is known of this request any more.",
    Impossible.DECIDED_BEFORE: "This request was {decision} already.",
    Impossible.SERVER_BLOCKED: (
        "The bot's owner has stopped this server, so this request cannot be approved. You can deny it, which gives its "
        "credits back, or wait until the owner lifts the block."
    ),
    Impossible.QUEUE_DRAINING: (
        "No new videos are taken at the moment, so this request cannot be approved. You can deny it, or approve it "
        "when the queue takes requests again."
    ),
    Impossible.NOT_UNRESOLVED: "Job `{job_id}` is not waiting for a decision.",
    Impossible.NOT_THE_PROVIDERS_ID: "Give the provider's job id of this very job; no other job may have it.",
    Impossible.WAS_ACCEPTED: "The provider accepted this job: it cannot be sent again without paying twice.",
    Impossible.NO_SUCH_MODEL: "I know no model, or several, by this name. Pick one from the list.",
    Impossible.NO_SUCH_INCIDENT: "Nothing is known of this here any more.",
    Impossible.INCIDENT_ENDED: "Another moderator has decided about this already.",
    Impossible.NO_SUCH_RESULT: "There is no finished video here that I could report.",
    Impossible.TOO_MANY_REPORTS: "You reported very many videos within an hour. Please tell a moderator yourself.",
    Impossible.NO_SUCH_SERVER: "I know no server, or several, by this name. Pick one from the list or give its id.",
}


def words_of(error: NotPossible) -> str:
    """Return one or two sentences for the person who asked."""
    credits = {f"{name}_credits": amount_words(value) for name, value in error.data.items() if isinstance(value, int)}
    return _WORDS[error.why].format(**error.data, **credits)
