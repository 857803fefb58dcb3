"""The public cards of comparisons: one for all jobs of each. The rules are those of `bot.storage.job_cards`.

What makes a job's own card out of date makes the comparison's: `card_due_at` of the job, which is taken back here.
"""

from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, and_, bindparam, case, or_, select, update

from bot.domain.comparisons import Comparison, as_named
from bot.domain.jobs import Job, JobState
from bot.domain.postings import DIRECT
from bot.domain.switches import WHOLE_BOT
from bot.storage import comparisons
from bot.storage.comparisons import COMPARISON_COLUMNS
from bot.storage.tables.comparisons import comparisons_table
from bot.storage.tables.jobs import jobs_table, outbox_table

_NOW: BindParameter[float] = bindparam("now")
_CHANGED = select(jobs_table.c.comparison_id).where(
    jobs_table.c.comparison_id.is_not(None), jobs_table.c.card_due_at <= _NOW
)
_URGENT = _CHANGED.where(jobs_table.c.shown_at.is_(None))
"""Somebody waits for the card of a job that could be cancelled: see `bot.storage.jobs.transition`."""
_STALE = (
    select(
        *COMPARISON_COLUMNS,
        comparisons_table.c.card_reserved_until,
        outbox_table.c.done_at,
        outbox_table.c.outcome,
        outbox_table.c.message_channel_id,
        outbox_table.c.message_id,
    )
    .outerjoin(outbox_table, outbox_table.c.job_id == comparisons_table.c.lead_job_id)
    .where(
        or_(comparisons_table.c.card_due_at <= _NOW, comparisons_table.c.id.in_(_CHANGED)),
        or_(
            comparisons_table.c.shown_at.is_(None),
            comparisons_table.c.shown_at <= bindparam("shown_before"),
            comparisons_table.c.id.in_(_URGENT),
        ),
        or_(
            comparisons_table.c.status_message_id.is_not(None),
            comparisons_table.c.card_reserved_until.is_(None),
            comparisons_table.c.card_reserved_until <= _NOW,
        ),
        or_(
            comparisons_table.c.created_at <= bindparam("created_before"),
            comparisons_table.c.status_message_id.is_(None),
        ),
    )
    .order_by(comparisons_table.c.created_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True, of=comparisons_table)
)
_TAKE_CHANGES = (
    update(jobs_table)
    .where(and_(jobs_table.c.comparison_id == bindparam("key"), jobs_table.c.card_due_at <= _NOW))
    .values(card_due_at=None, shown_at=_NOW)
)
_ONE = update(comparisons_table).where(comparisons_table.c.id == bindparam("key"))
_SHOWN = _ONE.values(shown_at=_NOW, card_due_at=bindparam("next_due"), card_reserved_until=bindparam("reserved_until"))
_SET_DUE = _ONE.values(card_due_at=bindparam("since"))
_SOONER = _SET_DUE.where(
    or_(comparisons_table.c.card_due_at.is_(None), comparisons_table.c.card_due_at > bindparam("since"))
)
_SET_MESSAGE = _ONE.values(
    status_message_id=bindparam("message_id"),
    card_reserved_until=None,
    # A message that was posted meanwhile has lost its last chance to have the card removed.
    card_due_at=case(
        (comparisons_table.c.closed_at.is_(None), comparisons_table.c.card_due_at), else_=comparisons_table.c.closed_at
    ),
)
_ANSWERED = _SET_MESSAGE.where(comparisons_table.c.status_message_id.is_(None)).values(card_due_at=bindparam("since"))
_IS_CARD = select(comparisons_table.c.id).where(
    comparisons_table.c.id == bindparam("key"), comparisons_table.c.status_message_id == bindparam("message_id")
)
_RELEASE = _ONE.values(card_reserved_until=None, card_due_at=bindparam("since"))
_FORGET = _ONE.values(status_message_id=None, card_reserved_until=None, card_due_at=None)
_FORGET_SEEN = _FORGET.where(comparisons_table.c.status_message_id.is_not_distinct_from(bindparam("seen")))
_CLOSED = _ONE.where(comparisons_table.c.status_message_id.is_not(None)).values(
    card_due_at=bindparam("since"), shown_at=None, card_reserved_until=None
)
_REFRESH_GUILD = (
    update(comparisons_table)
    .where(
        comparisons_table.c.card_due_at > bindparam("since"),
        or_(comparisons_table.c.guild_id == bindparam("guild"), bindparam("guild") == WHOLE_BOT),
    )
    .values(card_due_at=bindparam("since"))
)


@dataclass(frozen=True, slots=True)
class StaleComparisonCard:
    """A card that is out of date."""

    comparison: Comparison
    jobs: tuple[Job, ...]
    """In the order in which their models were named."""
    may_stand: bool
    """Whether a card that we do not know of may stand in the channel: an answer that got through unnoticed."""
    is_over: bool
    """Whether the comparison's message stands and no job is under way any more, so that the card has had its day."""
    moved_to: tuple[int, int] | None
    """Channel and message id of the message, where it was posted in another channel than the card."""


def claim_stale(
    conn: Connection,
    now: float,
    *,
    pause_seconds: float,
    settle_seconds: float,
    refresh_seconds: float,
    young_since: float,
    limit: int,
) -> list[StaleComparisonCard]:
    """Take cards that are out of date, by the rules of `job_cards.claim_stale`."""
    moments = {"now": now, "shown_before": now - pause_seconds, "created_before": now - settle_seconds}
    stale = []
    for row in conn.execute(_STALE, moments | {"count": limit}).all():
        *values, reserved_until, posted_at, outcome, channel_id, message_id = row
        comparison = Comparison(*values)
        jobs = as_named(comparisons.jobs_of(conn, comparison.id))
        is_over = posted_at is not None and all(job.ended_at is not None for job in jobs)
        may_stand = comparison.status_message_id is None and reserved_until is not None
        wanted = posted_at is None or comparison.status_message_id is not None or may_stand
        waits = comparison.created_at > young_since and any(job.state is JobState.QUEUED for job in jobs)
        again = wanted and (waits or comparison.closed_at is not None)
        begun_at = now if wanted and comparison.status_message_id is None else None
        next_due = now + refresh_seconds if again else None
        conn.execute(_TAKE_CHANGES, {"key": comparison.id, "now": now})
        conn.execute(_SHOWN, {"key": comparison.id, "now": now, "next_due": next_due, "reserved_until": begun_at})
        if wanted:
            moved = channel_id not in (None, comparison.channel_id) and outcome != DIRECT
            moved_to = (channel_id, message_id) if moved else None
            stale.append(StaleComparisonCard(comparison, jobs, may_stand, is_over, moved_to))
    return stale


def set_message(conn: Connection, comparison_id: str, message_id: int) -> None:
    """Note which message the card is."""
    conn.execute(_SET_MESSAGE, {"key": comparison_id, "message_id": message_id})


def answered(conn: Connection, comparison_id: str, message_id: int, now: float) -> bool:
    """Note that the answer to the interaction is the card. Returns False where there is another card already."""
    card = {"key": comparison_id, "message_id": message_id}
    if conn.execute(_ANSWERED, card | {"since": now}).rowcount == 1:
        return True
    return conn.execute(_IS_CARD, card).first() is not None


def release(conn: Connection, comparison_id: str, now: float) -> None:
    """Leave the card to a worker: no answer to the interaction became it."""
    conn.execute(_RELEASE, {"key": comparison_id, "since": now})


def forget(conn: Connection, comparison_id: str) -> None:
    """Note that the comparison has no card any more and needs none."""
    conn.execute(_FORGET, {"key": comparison_id})


def forget_seen(conn: Connection, comparison_id: str, message_id: int | None) -> None:
    """Note the same, unless another card than this message was noted meanwhile: that one is still to be removed."""
    conn.execute(_FORGET_SEEN, {"key": comparison_id, "seen": message_id})


def close(conn: Connection, comparison_id: str, now: float) -> None:
    """Have the card brought up to date at once: the message stands."""
    conn.execute(_CLOSED, {"key": comparison_id, "since": now})


def set_due(conn: Connection, comparison_id: str, due_at: float) -> None:
    """Have the card shown at `due_at`, or later by the usual pause."""
    conn.execute(_SET_DUE, {"key": comparison_id, "since": due_at})


def sooner(conn: Connection, comparison_id: str, at: float) -> None:
    """Have the card shown again at `at`, when what it says is over; sooner where it is due sooner."""
    conn.execute(_SOONER, {"key": comparison_id, "since": at})


def refresh_guild(conn: Connection, guild_id: int, now: float) -> None:
    """Have the cards of a guild, or of all for WHOLE_BOT, shown anew: what holds their jobs up has changed."""
    conn.execute(_REFRESH_GUILD, {"guild": guild_id, "since": now})
