"""How jobs are erased: their words, links and messages go. What they cost stays in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.domain.gallery import GalleryKind
from bot.domain.jobs import ENDED
from bot.domain.privacy import Erasure
from bot.storage import gallery, posted_messages, reel_erasing
from bot.storage.incident_erasing import IS_OPEN, OPEN_SECONDS_MAX
from bot.storage.tables.comparisons import comparisons_table
from bot.storage.tables.jobs import (
    job_events_table,
    jobs_table,
    outbox_table,
    owner_cases_table,
    posted_messages_table,
    renders_table,
)
from bot.storage.tables.moderation import incidents_table
from bot.storage.tables.money import approvals_table, ledger_entries_table
from bot.storage.tables.provider import owner_notices_table

CARD_SECONDS = 3600.0
"""Seconds after a job's end for which its cards are waited for. What cannot be shown on Discord by then never is."""

_OF_MEMBER = and_(
    jobs_table.c.guild_id == bindparam("guild"),
    jobs_table.c.member_id == bindparam("member"),
    jobs_table.c.created_at <= bindparam("until"),
)
_QUESTION_OPEN = and_(approvals_table.c.job_id.is_not(None), approvals_table.c.card_closed_at.is_(None))
_IS_OVER: ColumnElement[bool] = and_(
    jobs_table.c.state.in_(ENDED),
    outbox_table.c.done_at.is_not(None),
    or_(
        and_(jobs_table.c.card_due_at.is_(None), ~_QUESTION_OPEN),
        jobs_table.c.ended_at <= bindparam("cards_given_up"),
    ),
    ~select(incidents_table.c.id).where(incidents_table.c.job_id == jobs_table.c.id, IS_OPEN).exists(),
    ~select(posted_messages_table.c.job_id)
    .where(posted_messages_table.c.job_id == jobs_table.c.id, posted_messages_table.c.delete_due_at.is_not(None))
    .exists(),
)
"""Nobody works on the job any more: it has ended, its member was told, its cards are what they will be, no report
of it waits for moderators, and no message about it waits to be deleted."""
_JOBS_AND_MESSAGES = (
    select(
        jobs_table.c.id,
        approvals_table.c.channel_id.label("question_channel_id"),
        approvals_table.c.message_id.label("question_id"),
    )
    .join(outbox_table, outbox_table.c.job_id == jobs_table.c.id)
    .outerjoin(approvals_table, approvals_table.c.job_id == jobs_table.c.id)
    .where(_IS_OVER)
)
_OVER = _JOBS_AND_MESSAGES.where(_OF_MEMBER).order_by(jobs_table.c.created_at).limit(bindparam("count"))
_OVER_BEFORE = (
    select(jobs_table.c.id)
    .join(outbox_table, outbox_table.c.job_id == jobs_table.c.id)
    .outerjoin(approvals_table, approvals_table.c.job_id == jobs_table.c.id)
    .where(jobs_table.c.erased_at.is_(None), jobs_table.c.ended_at <= bindparam("before"), _IS_OVER)
    .order_by(jobs_table.c.ended_at)
    .limit(bindparam("count"))
)
_OVER_BEFORE_IN_GUILD = _OVER_BEFORE.where(jobs_table.c.guild_id == bindparam("retention_guild"))
_LEFT = select(func.count()).where(_OF_MEMBER)
_THESE: BindParameter[str] = bindparam("job_ids", expanding=True)
_CLEAR_JOBS = (
    update(jobs_table)
    .where(jobs_table.c.id.in_(_THESE))
    .values(
        request={"model_slug": "", "values": {}},
        payload={},
        reason=None,
        status_message_id=None,
        card_due_at=None,
        card_reserved_until=None,
        parent_id=None,
        parent_position=None,
        erased_at=bindparam("now"),
    )
)
_MAKE_PSEUDONYM = update(jobs_table).where(jobs_table.c.id.in_(_THESE)).values(member_id=bindparam("pseudonym"))
_CLEAR_RENDERS = (
    update(renders_table)
    .where(renders_table.c.job_id.in_(_THESE))
    .values(result_urls=[], error_message=None, last_frame_url=None)
)
_CLEAR_MESSAGES = (
    update(outbox_table)
    .where(outbox_table.c.job_id.in_(_THESE))
    .values(message_channel_id=None, message_id=None, problem=None, deleted_by=None)
)
_COMPARISONS = select(jobs_table.c.comparison_id).where(jobs_table.c.id.in_(_THESE))
_CLEAR_COMPARISONS = (
    update(comparisons_table)
    .where(comparisons_table.c.id.in_(_COMPARISONS))
    .values(status_message_id=None, card_due_at=None, card_reserved_until=None)
)
_MAKE_COMPARISONS_PSEUDONYMOUS = (
    update(comparisons_table)
    .where(
        comparisons_table.c.id.in_(_COMPARISONS),
        ~select(jobs_table.c.id)
        .where(
            jobs_table.c.comparison_id == comparisons_table.c.id,
            jobs_table.c.member_id == comparisons_table.c.member_id,
        )
        .exists(),
    )
    .values(member_id=bindparam("pseudonym"))
)
"""Puts the pseudonym in the member's place once no job of the comparison is the member's any more."""
_FORGET = tuple(
    delete(table).where(table.c.job_id.in_(_THESE))
    for table in (job_events_table, owner_cases_table, approvals_table, posted_messages_table)
)
_CLEAR_REASONS = (
    update(ledger_entries_table)
    .where(
        ledger_entries_table.c.job_id.in_(_THESE),
        ledger_entries_table.c.actor_id.is_(None),
        ledger_entries_table.c.reason.is_not(None),
    )
    .values(reason=None)
)
"""The provider's reasons for a failure may repeat the prompt. What moderators wrote is theirs."""
_FORGET_NOTICES = delete(owner_notices_table).where(
    owner_notices_table.c.told_at.is_not(None),
    cast(owner_notices_table.c.data["job_id"].as_string(), String).in_(_THESE),
)


@dataclass(frozen=True, slots=True)
class OverJob:
    """A job that is over, and the messages about it, as pairs of channel and message id."""

    job_id: str
    messages: tuple[tuple[int, int], ...]


def over_of(conn: Connection, erasure: Erasure, now: float, count: int) -> list[OverJob]:
    """Return the oldest jobs of an erasure that are over, with the messages that may stand on Discord."""
    rows = conn.execute(_OVER, _key(erasure) | _moments(now) | {"count": count}).all()
    posted = posted_messages.of_jobs(conn, [row.id for row in rows])
    found = []
    for row in rows:
        messages = [(message.channel_id, message.message_id) for message in posted[row.id]]
        if row.question_channel_id and row.question_id:
            messages.append((row.question_channel_id, row.question_id))
        found.append(OverJob(row.id, tuple(messages)))
    return found


def over_before(conn: Connection, before: float, now: float, count: int, guild_id: int | None = None) -> list[str]:
    """Return the oldest jobs that are over, that ended before a moment, and that still have their words.

    They are those of one guild, or of all.
    """
    key = _moments(now) | {"before": before, "count": count}
    if guild_id is None:
        return list(conn.execute(_OVER_BEFORE, key).scalars())
    return list(conn.execute(_OVER_BEFORE_IN_GUILD, key | {"retention_guild": guild_id}).scalars())


def left_of(conn: Connection, erasure: Erasure) -> int:
    """Return how many jobs of an erasure are left, because somebody still works on them."""
    return int(conn.execute(_LEFT, _key(erasure)).scalar_one())


def erase(conn: Connection, job_ids: Sequence[str], now: float, *, pseudonym: int | None = None) -> None:
    """Take the words, links and messages out of jobs that are over, and put a pseudonym in the member's place.

    What the provider made keeps its id: its history must not show it as somebody else's. Videos leave the gallery; the
    showcase, too, if their member is erased.
    """
    key = {"job_ids": list(job_ids)}
    conn.execute(_CLEAR_JOBS, key | {"now": now})
    if pseudonym is not None:
        conn.execute(_MAKE_PSEUDONYM, key | {"pseudonym": pseudonym})
        conn.execute(_MAKE_COMPARISONS_PSEUDONYMOUS, key | {"pseudonym": pseudonym})
    conn.execute(_CLEAR_RENDERS, key)
    conn.execute(_CLEAR_MESSAGES, key)
    for statement in (_CLEAR_COMPARISONS, *_FORGET, _FORGET_NOTICES, _CLEAR_REASONS):
        conn.execute(statement, key)
    reel_erasing.erase_jobs(conn, job_ids, now)
    if pseudonym is None:
        gallery.forget(conn, GalleryKind.VIDEO, job_ids)
    else:
        gallery.remove(conn, GalleryKind.VIDEO, job_ids)


def _moments(now: float) -> dict[str, float]:
    return {"cards_given_up": now - CARD_SECONDS, "incidents_given_up": now - OPEN_SECONDS_MAX}


def _key(erasure: Erasure) -> dict[str, object]:
    return {"guild": erasure.guild_id, "member": erasure.member_id, "until": erasure.requested_at}
