"""The public cards of jobs: which are out of date, and which message in the channel each one is.

A card is posted as the answer to the member's interaction. Until `card_reserved_until` nobody else posts it. Where
the answer failed or came too late, a worker posts it; it first searches the channel if the answer may have got through.
The jobs of a comparison have one card together (`bot.storage.comparison_cards`).
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, case, or_, select, update

from bot.domain.jobs import Job, JobState
from bot.domain.postings import DIRECT
from bot.domain.switches import WHOLE_BOT
from bot.storage import job_files, jobs
from bot.storage.tables.jobs import jobs_table, outbox_table

_STALE = (
    select(
        jobs_table.c.id,
        jobs_table.c.card_reserved_until,
        outbox_table.c.done_at,
        outbox_table.c.outcome,
        outbox_table.c.message_channel_id,
        outbox_table.c.message_id,
        outbox_table.c.deleted_at,
    )
    .outerjoin(outbox_table, outbox_table.c.job_id == jobs_table.c.id)
    .where(
        jobs_table.c.card_due_at <= bindparam("now"),
        jobs_table.c.comparison_id.is_(None),
        or_(jobs_table.c.shown_at.is_(None), jobs_table.c.shown_at <= bindparam("shown_before")),
        or_(
            jobs_table.c.status_message_id.is_not(None),
            jobs_table.c.card_reserved_until.is_(None),
            jobs_table.c.card_reserved_until <= bindparam("now"),
        ),
        or_(
            jobs_table.c.state.not_in((JobState.QUEUED, JobState.SUBMITTING)),
            jobs_table.c.created_at <= bindparam("created_before"),
            jobs_table.c.status_message_id.is_(None),
        ),
    )
    .order_by(jobs_table.c.card_due_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True, of=jobs_table)
)
_ONE = update(jobs_table).where(jobs_table.c.id == bindparam("key"))
_SHOWN = _ONE.values(
    shown_at=bindparam("now"), card_due_at=bindparam("next_due"), card_reserved_until=bindparam("reserved_until")
)
_SET_DUE = _ONE.values(card_due_at=bindparam("since"))
_CORRECT = _SET_DUE.where(
    jobs_table.c.state == bindparam("expected"),
    or_(jobs_table.c.card_due_at.is_(None), jobs_table.c.card_due_at > bindparam("since")),
)
_REFRESH_GUILD = (
    update(jobs_table)
    .where(
        jobs_table.c.state == JobState.QUEUED,
        jobs_table.c.card_due_at > bindparam("since"),
        or_(jobs_table.c.guild_id == bindparam("guild"), bindparam("guild") == WHOLE_BOT),
    )
    .values(card_due_at=bindparam("since"))
)
_SET_MESSAGE = _ONE.values(
    status_message_id=bindparam("message_id"),
    card_reserved_until=None,
    # A job that ended while its card was posted has lost its last chance to have it removed.
    card_due_at=case((jobs_table.c.ended_at.is_(None), jobs_table.c.card_due_at), else_=jobs_table.c.ended_at),
)
_FORGET = _ONE.values(status_message_id=None, card_reserved_until=None, card_due_at=None)
_FORGET_SEEN = _FORGET.where(jobs_table.c.status_message_id.is_not_distinct_from(bindparam("seen")))
_ANSWERED = _SET_MESSAGE.where(jobs_table.c.status_message_id.is_(None)).values(card_due_at=bindparam("since"))
_IS_CARD = select(jobs_table.c.id).where(
    jobs_table.c.id == bindparam("key"), jobs_table.c.status_message_id == bindparam("message_id")
)
_RELEASE = _ONE.values(card_reserved_until=None, card_due_at=bindparam("since"))
_CLOSED = _ONE.where(jobs_table.c.status_message_id.is_not(None)).values(
    card_due_at=bindparam("since"), shown_at=None, card_reserved_until=None
)


@dataclass(frozen=True, slots=True)
class StaleCard:
    """A card that is out of date."""

    job: Job
    may_stand: bool
    """Whether a card that we do not know of may stand in the channel: an answer that got through unnoticed."""
    closed: bool
    """Whether the job's closing message stands, so that the card has had its day."""
    moved_to: tuple[int, int] | None
    """Channel and message id of the closing message, where it was posted in another channel than the card."""


def claim_stale(
    conn: Connection,
    now: float,
    *,
    pause_seconds: float,
    settle_seconds: float,
    refresh_seconds: float,
    young_since: float,
    limit: int,
) -> list[StaleCard]:
    """Take cards that are out of date, and note them as shown before they are: at worst one edit is missed.

    A card is shown at most once in `pause_seconds`. For `settle_seconds` after a request its card is left as it was
    posted until the provider has answered: most jobs start at once, and their cards are edited once. Two kinds are due
    again after `refresh_seconds`: that of a queued job created after `young_since`, because its place and estimate
    change without a move of its own, and that of an ended job, because it must be removed even if the worker that took
    it dies.
    """
    moments = {"now": now, "shown_before": now - pause_seconds, "created_before": now - settle_seconds}
    due = conn.execute(_STALE, moments | {"count": limit}).all()
    stale = []
    for job_id, reserved_until, closed_at, outcome, channel_id, message_id, deleted_at in due:
        job = jobs.find(conn, job_id)
        if job is None:
            continue
        may_stand = job.status_message_id is None and reserved_until is not None
        # An ended job that never had a card needs none any more: its closing message says it all.
        wanted = job.ended_at is None or job.status_message_id is not None or may_stand
        waits = job.state is JobState.QUEUED and job.created_at > young_since
        again = wanted and (waits or job.ended_at is not None)
        # From now on a card may stand that nobody noted: whoever posts it may be killed.
        begun_at = now if wanted and job.status_message_id is None else None
        next_due = now + refresh_seconds if again else None
        conn.execute(_SHOWN, {"key": job.id, "now": now, "next_due": next_due, "reserved_until": begun_at})
        if wanted:
            moved = channel_id not in (None, job.channel_id) and outcome != DIRECT and deleted_at is None
            moved_to = (channel_id, message_id) if moved else None
            stale.append(StaleCard(job, may_stand, closed_at is not None, moved_to))
    return stale


def set_message(conn: Connection, job_id: str, message_id: int) -> None:
    """Note which message the card is."""
    conn.execute(_SET_MESSAGE, {"key": job_id, "message_id": message_id})
    job_files.let_send(conn, job_id)


def forget(conn: Connection, job_id: str) -> None:
    """Note that the job has no card any more and needs none."""
    conn.execute(_FORGET, {"key": job_id})


def forget_seen(conn: Connection, job_id: str, message_id: int | None) -> None:
    """Note the same, unless another card than this message was noted meanwhile: that one is still to be removed."""
    conn.execute(_FORGET_SEEN, {"key": job_id, "seen": message_id})


def answered(conn: Connection, job_id: str, message_id: int, now: float) -> bool:
    """Note that the answer to the interaction is the card. Returns False where the job has another card already.

    A worker may have found the answer in the channel, and noted it. The card is due at once: the job may have moved
    on, or ended, while the answer was on its way.
    """
    card = {"key": job_id, "message_id": message_id}
    if conn.execute(_ANSWERED, card | {"since": now}).rowcount == 1:
        job_files.let_send(conn, job_id)
        return True
    return conn.execute(_IS_CARD, card).first() is not None


def release(conn: Connection, job_id: str, now: float) -> None:
    """Leave the card to a worker: no answer to the interaction became it."""
    conn.execute(_RELEASE, {"key": job_id, "since": now})


def close(conn: Connection, job_id: str, now: float) -> None:
    """Have the card removed at once: the closing message stands."""
    conn.execute(_CLOSED, {"key": job_id, "since": now})


def set_due(conn: Connection, job_id: str, due_at: float) -> None:
    """Have the card shown at `due_at`, or later by the usual pause."""
    conn.execute(_SET_DUE, {"key": job_id, "since": due_at})


def correct(conn: Connection, job: Job, at: float) -> None:
    """Have the card shown again at `at`, when what it says is over; sooner where it is due sooner, or has changed."""
    conn.execute(_CORRECT, {"key": job.id, "expected": job.state, "since": at})


def refresh_guild(conn: Connection, guild_id: int, now: float) -> None:
    """Have the cards of a guild's queued jobs, or of all for WHOLE_BOT, shown anew: what holds them up has changed."""
    conn.execute(_REFRESH_GUILD, {"guild": guild_id, "since": now})
