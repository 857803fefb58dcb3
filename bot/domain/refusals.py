"""What a person asked for and cannot have, as data. The words are `bot.discord_ui.views.refusal_words`'."""

from enum import StrEnum


class Impossible(StrEnum):
    """Why something cannot be done. Each member names the keys of its data, if it has any."""

    NOT_AN_AMOUNT = "not_an_amount"
    """The text is neither a whole number from 0 to `maximum` nor a word for "unlimited"."""
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    """The number does not lie between `minimum` and `maximum`."""
    PRICE_OUT_OF_RANGE = "price_out_of_range"
    """No request can cost `price` credits; `maximum` is the most that one can."""
    GRANT_ENDS_IN_THE_PAST = "grant_ends_in_the_past"
    NO_SUCH_TIME_ZONE = "no_such_time_zone"
    NOT_A_PERIOD = "not_a_period"
    """The text names no day, week or month."""
    NOT_A_JOB_ID = "not_a_job_id"
    """The text cannot be the id of any job."""
    NO_SUCH_JOB = "no_such_job"
    """No hold was ever written for this job, or none in this guild."""
    REFUND_BEFORE_THE_END = "refund_before_the_end"
    """The job whose credits are to be refunded is still running."""
    NOTHING_TO_REFUND = "nothing_to_refund"
    REFUND_OUT_OF_RANGE = "refund_out_of_range"
    """Between 1 and `maximum` credits can be refunded."""
    CORRECTION_BEFORE_THE_END = "correction_before_the_end"
    """The job whose charge is to be corrected is still running."""
    CHARGE_UNCHANGED = "charge_unchanged"
    """The ledger already says that `charged` credits were charged."""
    NO_SUCH_LIMIT = "no_such_limit"
    NOT_A_LIMIT = "not_a_limit"
    """The text is none of the limits that were offered to choose from."""
    NO_APPROVAL_CHANNEL = "no_approval_channel"
    """A price for approvals is set, but no channel in which moderators are asked."""
    CANNOT_POST = "cannot_post"
    """The bot lacks the permission to send messages in `channel_id`."""
    NOT_A_MODERATOR = "not_a_moderator"
    CHANGED_MEANWHILE = "changed_meanwhile"
    """The setting is not what the moderator saw when they chose another value."""
    NO_SUCH_QUESTION = "no_such_question"
    """Moderators were not asked about this job, or not in this guild."""
    DECIDED_BEFORE = "decided_before"
    """Moderators were asked and the question is closed: `decision`."""
    SERVER_BLOCKED = "server_blocked"
    """The bot's owner stopped the server, so no request of it can be approved."""
    QUEUE_DRAINING = "queue_draining"
    """No requests are accepted at the moment, in this server or anywhere, so none can be approved."""
    NOT_UNRESOLVED = "not_unresolved"
    """The job `job_id` does not wait for an owner's decision."""
    NOT_THE_PROVIDERS_ID = "not_the_providers_id"
    """The provider's job id is missing, or another job has it."""
    WAS_ACCEPTED = "was_accepted"
    """The provider accepted the job, so sending it again would pay for it twice."""
    NO_SUCH_INCIDENT = "no_such_incident"
    """Nothing of the kind is known in this guild."""
    INCIDENT_ENDED = "incident_ended"
    """Another moderator has decided already."""
    NO_SUCH_RESULT = "no_such_result"
    """There is no finished video with this job id."""
    TOO_MANY_REPORTS = "too_many_reports"
    """The member reported very many results within an hour."""
    NO_SUCH_SERVER = "no_such_server"
    """No server has this name or id, or several have the name."""


class NotPossible(ValueError):
    """Something that a person asked for cannot be done. `why` and `data` say why; nothing was changed."""

    def __init__(self, why: Impossible, **data: int | str) -> None:
        super().__init__(f"{why} {data}" if data else str(why))
        self.why = why
        self.data = data
