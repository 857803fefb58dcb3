"""Comparisons: written with their jobs, closed once, voted on, and counted once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, delete, func, insert, select, type_coerce, update

from bot.domain.comparisons import Clip, Comparison, Standing
from bot.domain.jobs import Job
from bot.storage import postings
from bot.storage.jobs import COLUMNS, job_of
from bot.storage.tables.comparisons import comparison_clips_table, comparison_votes_table, comparisons_table
from bot.storage.tables.jobs import jobs_table, outbox_table
from bot.storage.upsert import upsert

_CLIP, _VOTE = comparison_clips_table.c, comparison_votes_table.c
COMPARISON_COLUMNS = [comparisons_table.c[name] for name in Comparison.__dataclass_fields__]
"""The columns of a `Comparison`, in the order of its fields."""
_ANY = select(*COMPARISON_COLUMNS)
_FIND = _ANY.where(comparisons_table.c.id == bindparam("key"))
_FIND_LOCKED = _FIND.with_for_update(key_share=True)
_BY_INTERACTION = _ANY.where(comparisons_table.c.interaction_id == bindparam("interaction"))
_ADD = insert(comparisons_table)
_ADD_CLIP = insert(comparison_clips_table)
_CLIPS = (
    select(*(_CLIP[name] for name in Clip.__dataclass_fields__))
    .where(_CLIP.comparison_id == bindparam("key"))
    .order_by(_CLIP.position)
)
_JOBS = (
    select(*COLUMNS)
    .join(comparison_clips_table, _CLIP.job_id == jobs_table.c.id)
    .where(_CLIP.comparison_id == bindparam("key"))
    .order_by(_CLIP.position)
)
_WAITING = (
    select(comparisons_table.c.id)
    .where(
        comparisons_table.c.closed_at.is_(None),
        comparisons_table.c.ended_at.is_(None),
        select(jobs_table.c.id)
        .where(jobs_table.c.comparison_id == comparisons_table.c.id, jobs_table.c.ended_at.is_not(None))
        .exists(),
    )
    .order_by(comparisons_table.c.created_at)
    .limit(bindparam("count"))
)
_ONE = update(comparisons_table).where(comparisons_table.c.id == bindparam("key"))
_CLOSE = _ONE.values(closed_at=bindparam("now"), lead_job_id=bindparam("lead"))
_PLACE_CLIP = (
    update(comparison_clips_table)
    .where(_CLIP.comparison_id == bindparam("key"), _CLIP.position == bindparam("place"))
    .values(label=bindparam("shown_as"), in_message=bindparam("told"))
)
_BESIDE = outbox_table.alias()
_IN_THE_MESSAGE_OF = (
    select(outbox_table.c.job_id, outbox_table.c.comparison_id)
    .join(
        _BESIDE,
        (_BESIDE.c.comparison_id == outbox_table.c.comparison_id) & (_BESIDE.c.message_id == outbox_table.c.message_id),
    )
    .where(_BESIDE.c.job_id == bindparam("job"), outbox_table.c.job_id != bindparam("job"))
)
_CLOSED = select(comparisons_table.c.id).where(comparisons_table.c.closed_at.is_not(None))
_TOLD = select(_CLIP.job_id).where(_CLIP.in_message == 1, _CLIP.job_id.is_not(None))
_RELEASE_LATE = (
    update(outbox_table)
    .where(
        outbox_table.c.comparison_id.in_(_CLOSED),
        outbox_table.c.done_at.is_(None),
        outbox_table.c.job_id.not_in(_TOLD),
    )
    .values(comparison_id=None)
)
_OPEN_VOTING = _ONE.where(comparisons_table.c.ended_at.is_(None)).values(voting_ends_at=bindparam("ends"))
_END = _ONE.where(comparisons_table.c.ended_at.is_(None)).values(ended_at=bindparam("now"))
_END_WITHOUT_VOTE = _END.values(voting_ends_at=None)
_DUE = (
    select(comparisons_table.c.id)
    .join(outbox_table, outbox_table.c.job_id == comparisons_table.c.lead_job_id)
    .where(
        comparisons_table.c.ended_at.is_(None),
        comparisons_table.c.voting_ends_at <= bindparam("now"),
        outbox_table.c.done_at.is_not(None),
    )
    .order_by(comparisons_table.c.voting_ends_at)
    .limit(bindparam("count"))
)
_COUNT = (
    update(comparison_clips_table)
    .where(_CLIP.comparison_id == bindparam("key"), _CLIP.position == bindparam("place"))
    .values(votes=bindparam("number"), won=bindparam("first"))
)
_REVEAL = _ONE.values(reveal_due_at=bindparam("at"))
_REVEAL_LATER = _REVEAL.values(reveal_attempts=comparisons_table.c.reveal_attempts + 1)
_TO_REVEAL = (
    select(comparisons_table.c.id, comparisons_table.c.reveal_attempts)
    .where(comparisons_table.c.reveal_due_at <= bindparam("now"))
    .order_by(comparisons_table.c.reveal_due_at)
    .limit(bindparam("count"))
)
_SET_VOTE = upsert(comparison_votes_table, (_VOTE.job_id, _VOTE.voted_at))
_VOTES = select(_VOTE.job_id).where(_VOTE.comparison_id == bindparam("key"))
_VOTE_OF = _VOTES.where(_VOTE.member_id == bindparam("member"))
_FORGET_VOTES = delete(comparison_votes_table).where(_VOTE.comparison_id == bindparam("key"))
_STANDINGS = (
    select(
        _CLIP.model_slug,
        func.sum(type_coerce(_CLIP.won, Integer)),
        func.count(),
        func.sum(_CLIP.votes),
    )
    .join(comparisons_table, comparisons_table.c.id == _CLIP.comparison_id)
    .where(
        comparisons_table.c.guild_id == bindparam("guild"),
        comparisons_table.c.ended_at.is_not(None),
        _CLIP.won.is_not(None),
    )
    .group_by(_CLIP.model_slug)
)


@dataclass(frozen=True, slots=True)
class ToReveal:
    """A comparison whose message does not show names and votes yet, and how often showing them failed."""

    comparison_id: str
    attempts: int


def add(
    conn: Connection, comparison: Comparison, clips: Sequence[Clip], card_reserved_until: float | None = None
) -> None:
    """Write a new comparison, whose jobs are written already. Its card is due at once, as that of a job is.

    Until `card_reserved_until` the card is left to whoever answers the interaction.
    """
    values = {column.name: getattr(comparison, column.name) for column in COMPARISON_COLUMNS}
    conn.execute(_ADD, values | {"card_due_at": comparison.created_at, "card_reserved_until": card_reserved_until})
    conn.execute(_ADD_CLIP, [{name: getattr(clip, name) for name in Clip.__dataclass_fields__} for clip in clips])


def find(conn: Connection, comparison_id: str) -> Comparison | None:
    """Return the comparison with this id, or None."""
    return _first(conn, _FIND, {"key": comparison_id})


def locked(conn: Connection, comparison_id: str) -> Comparison | None:
    """Return the comparison with this id, and lock its row until the transaction ends."""
    return _first(conn, _FIND_LOCKED, {"key": comparison_id})


def find_by_interaction(conn: Connection, interaction_id: int) -> Comparison | None:
    """Return the comparison that was made for this interaction; None if it was not delivered before."""
    return _first(conn, _BY_INTERACTION, {"interaction": interaction_id})


def clips_of(conn: Connection, comparison_id: str) -> tuple[Clip, ...]:
    """Return the clips of a comparison in the order drawn by lot."""
    return tuple(Clip(*row) for row in conn.execute(_CLIPS, {"key": comparison_id}))


def jobs_of(conn: Connection, comparison_id: str) -> tuple[Job, ...]:
    """Return the jobs of a comparison in the order drawn by lot, without those that are forgotten."""
    return tuple(job_of(row) for row in conn.execute(_JOBS, {"key": comparison_id}))


def waiting(conn: Connection, limit: int) -> list[str]:
    """Return the comparisons of which a job has ended, and for which it is not decided what their message shows."""
    return list(conn.execute(_WAITING, {"count": limit}).scalars())


def close(conn: Connection, comparison_id: str, clips: Sequence[Clip], lead_job_id: str, now: float) -> None:
    """Write what the message shows. The message is owed from now on, in the place of `lead_job_id`."""
    conn.execute(_CLOSE, {"key": comparison_id, "now": now, "lead": lead_job_id})
    for clip in clips:
        placed = {"key": comparison_id, "place": clip.position, "shown_as": clip.label, "told": clip.in_message}
        conn.execute(_PLACE_CLIP, placed)


def forget_message_of(conn: Connection, job_id: str, now: float) -> list[str]:
    """Note that the message in which a comparison tells of a job is deleted, because of this job.

    Returns the other jobs that it told of: nobody judged them. Nothing happens for a job with a message of its own.
    """
    others = conn.execute(_IN_THE_MESSAGE_OF, {"job": job_id}).all()
    for other_id, _ in others:
        postings.forget_message(conn, other_id)
    if others:
        end_without_vote(conn, others[0].comparison_id, now)
    return [other_id for other_id, _ in others]


def release_late(conn: Connection) -> int:
    """Give each job that ended after its comparison's message was closed a message of its own. Returns how many."""
    return conn.execute(_RELEASE_LATE).rowcount


def open_voting(conn: Connection, comparison_id: str, ends_at: float) -> None:
    """Let members vote until a moment. Written before the message is posted: it may be seen before that is noted."""
    conn.execute(_OPEN_VOTING, {"key": comparison_id, "ends": ends_at})


def end_without_vote(conn: Connection, comparison_id: str, now: float) -> None:
    """Note that there is nothing to vote on, or not any more, and forget the votes that were cast."""
    if conn.execute(_END_WITHOUT_VOTE, {"key": comparison_id, "now": now}).rowcount:
        conn.execute(_FORGET_VOTES, {"key": comparison_id})


def to_count(conn: Connection, now: float, limit: int) -> list[str]:
    """Return the comparisons whose message stands and whose time for voting is over."""
    return list(conn.execute(_DUE, {"now": now, "count": limit}).scalars())


def count(conn: Connection, comparison_id: str, clips: Sequence[Clip], now: float) -> None:
    """End the vote with these numbers. Who chose what is forgotten, and the message is to be edited."""
    if not conn.execute(_END, {"key": comparison_id, "now": now}).rowcount:
        return
    for clip in clips:
        result = {"key": comparison_id, "place": clip.position, "number": clip.votes, "first": clip.won}
        conn.execute(_COUNT, result)
    conn.execute(_FORGET_VOTES, {"key": comparison_id})
    conn.execute(_REVEAL, {"key": comparison_id, "at": now})


def to_reveal(conn: Connection, now: float, limit: int) -> list[ToReveal]:
    """Return the comparisons whose message is to be edited now."""
    return [ToReveal(*row) for row in conn.execute(_TO_REVEAL, {"now": now, "count": limit})]


def reveal_later(conn: Connection, comparison_id: str, at: float) -> None:
    """Have the message edited at a later moment, because it could not be now."""
    conn.execute(_REVEAL_LATER, {"key": comparison_id, "at": at})


def note_revealed(conn: Connection, comparison_id: str) -> None:
    """Note that the message shows names and votes, or that it is gone."""
    conn.execute(_REVEAL, {"key": comparison_id, "at": None})


def vote(conn: Connection, comparison_id: str, member_id: int, job_id: str, now: float) -> None:
    """Note a member's choice, in place of an earlier one."""
    choice = {"comparison_id": comparison_id, "member_id": member_id, "job_id": job_id, "voted_at": now}
    conn.execute(_SET_VOTE, choice)


def votes_of(conn: Connection, comparison_id: str) -> list[str]:
    """Return the job that each member chose."""
    return list(conn.execute(_VOTES, {"key": comparison_id}).scalars())


def vote_of(conn: Connection, comparison_id: str, member_id: int) -> str | None:
    """Return the job that a member chose; None if they have not voted."""
    return conn.execute(_VOTE_OF, {"key": comparison_id, "member": member_id}).scalar()


def standings(conn: Connection, guild_id: int) -> Mapping[str, Standing]:
    """Return how each model fared in the comparisons of a guild, by slug."""
    rows = conn.execute(_STANDINGS, {"guild": guild_id})
    return {slug: Standing(int(won), int(compared), int(votes)) for slug, won, compared, votes in rows}


def _first(conn: Connection, query: Select[Any], values: Mapping[str, object]) -> Comparison | None:
    row = conn.execute(query, values).first()
    return None if row is None else Comparison(*row)
