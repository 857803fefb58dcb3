"""Jobs: found, inserted, and moved from state to state. Every move is guarded in SQL and leaves an event."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, insert, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.jobs import ACTIVE, CANCELLABLE, TRANSITIONS, Job, JobEvent, JobState
from bot.storage.tables.jobs import job_events_table, jobs_table, renders_table

COLUMNS = [jobs_table.c[name] for name in Job.__dataclass_fields__]
"""The columns that `job_of` reads."""
_ANY = select(*COLUMNS)
_SELECT_ONE = _ANY.where(jobs_table.c.id == bindparam("job_id"))
_BY_INTERACTION = _ANY.where(jobs_table.c.interaction_id == bindparam("interaction_id"))
_IN_STATE = _ANY.where(jobs_table.c.state == bindparam("state")).order_by(jobs_table.c.created_at)
_LOCK = select(jobs_table.c.id).where(jobs_table.c.id == bindparam("job_id")).with_for_update(key_share=True)
_ADD = insert(jobs_table)
_ADD_EVENT = insert(job_events_table)
_EVENTS = (
    select(job_events_table.c.at, job_events_table.c.state, job_events_table.c.detail, job_events_table.c.actor_id)
    .where(job_events_table.c.job_id == bindparam("job_id"))
    .order_by(job_events_table.c.id)
)
_GUARDED = update(jobs_table).where(jobs_table.c.id == bindparam("key"), jobs_table.c.state == bindparam("expected"))
_SET_DUE = _GUARDED.values(due_at=bindparam("at"))
_SET_UNSENT_PAYLOAD = _GUARDED.where(jobs_table.c.attempt_at.is_(None)).values(payload=bindparam("body"))
_DUE = (
    select(jobs_table.c.id)
    .where(jobs_table.c.state == bindparam("expected"), jobs_table.c.due_at <= bindparam("now"))
    .order_by(jobs_table.c.due_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True)
)
_HAS_RENDERS = exists().where(renders_table.c.job_id == jobs_table.c.id)


def _claiming(due: Select[Any]) -> ReturningUpdate[Any]:
    chosen = jobs_table.c.id.in_(due.scalar_subquery())
    return update(jobs_table).where(chosen).values(due_at=bindparam("until")).returning(*COLUMNS)


_CLAIM_DUE = _claiming(_DUE)
_CLAIM_CASES = {True: _claiming(_DUE.where(_HAS_RENDERS)), False: _claiming(_DUE.where(~_HAS_RENDERS))}
_IN_STATES = _ANY.where(
    jobs_table.c.account_id == bindparam("account_id"),
    jobs_table.c.state.in_(bindparam("states", expanding=True)),
).order_by(jobs_table.c.created_at)
_MOVES_INTO = (
    select(job_events_table.c.job_id, func.count(), func.max(job_events_table.c.at))
    .where(
        job_events_table.c.job_id.in_(bindparam("job_ids", expanding=True)),
        job_events_table.c.state == bindparam("state"),
    )
    .group_by(job_events_table.c.job_id)
)
_REFUSALS = (
    select(job_events_table.c.job_id, func.count(), func.min(job_events_table.c.at), func.max(job_events_table.c.at))
    .join(jobs_table, jobs_table.c.id == job_events_table.c.job_id)
    .where(
        jobs_table.c.account_id == bindparam("account_id"),
        jobs_table.c.state.in_(ACTIVE),
        job_events_table.c.state == JobState.QUEUED,
        job_events_table.c.detail == bindparam("detail"),
    )
    .group_by(job_events_table.c.job_id)
)
_REFUSALS_OF_JOB = select(func.count(), func.min(job_events_table.c.at), func.max(job_events_table.c.at)).where(
    job_events_table.c.job_id == bindparam("job_id"),
    job_events_table.c.state == JobState.QUEUED,
    job_events_table.c.detail.in_(bindparam("details", expanding=True)),
)
_LAST_ACCEPTED_AT = select(func.max(jobs_table.c.running_at)).where(jobs_table.c.account_id == bindparam("account_id"))
_ENDED_BY = (
    select(job_events_table.c.actor_id)
    .where(job_events_table.c.job_id == bindparam("job_id"))
    .order_by(job_events_table.c.id.desc())
    .limit(1)
)
_RUNNING_BESIDE = (
    _ANY.where(
        jobs_table.c.account_id == bindparam("account_id"),
        jobs_table.c.state == JobState.RUNNING,
        jobs_table.c.id.not_in(bindparam("job_ids", expanding=True)),
    )
    .order_by(jobs_table.c.due_at)
    .limit(bindparam("count"))
)
_NEXT_DUE = select(func.min(jobs_table.c.due_at)).where(jobs_table.c.state == bindparam("state"))
_EXPIRED = (
    _ANY.where(jobs_table.c.state == bindparam("expected"), jobs_table.c.due_at <= bindparam("now"))
    .order_by(jobs_table.c.due_at)
    .limit(bindparam("count"))
    .with_for_update(key_share=True, skip_locked=True)
)
_RELEASE_LEASES = (
    update(jobs_table)
    .where(
        jobs_table.c.state.in_((JobState.SUBMITTING, JobState.RUNNING, JobState.UNKNOWN)),
        jobs_table.c.due_at > bindparam("now"),
    )
    .values(due_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Moves:
    """How often a job came into a state, and when it did last."""

    count: int
    last_at: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often a job was refused, and when first and last."""

    count: int
    first_at: float
    last_at: float


class StaleState(Exception):
    """The job is not in the state that the move starts from: somebody was quicker. Nothing was changed."""


def find(conn: Connection, job_id: str) -> Job | None:
    """Return the job with this id, or None."""
    return _first(conn, _SELECT_ONE, {"job_id": job_id})


def find_by_interaction(conn: Connection, interaction_id: int) -> Job | None:
    """Return the job that was made for this interaction; None if the interaction was not delivered before."""
    return _first(conn, _BY_INTERACTION, {"interaction_id": interaction_id})


def lock(conn: Connection, job_id: str) -> None:
    """Lock the job's row until the transaction ends."""
    conn.execute(_LOCK, {"job_id": job_id})


def add(conn: Connection, job: Job, card_reserved_until: float | None = None) -> None:
    """Write a new job and its first event. Its card is due at once.

    Until `card_reserved_until` it is left to whoever answers the interaction (`bot.storage.job_cards`).
    """
    values = {column.name: getattr(job, column.name) for column in COLUMNS}
    conn.execute(_ADD, values | {"card_due_at": job.created_at, "card_reserved_until": card_reserved_until})
    add_event(conn, job.id, job.state, "accepted", job.created_at, actor_id=job.member_id)


def add_event(
    conn: Connection, job_id: str, state: JobState, detail: str, now: float, *, actor_id: int | None = None
) -> None:
    """Note why the job is in `state`. `actor_id` is the person who moved it; None is the engine."""
    event = {"job_id": job_id, "at": now, "state": state, "detail": detail, "actor_id": actor_id}
    conn.execute(_ADD_EVENT, event)


def transition(
    conn: Connection,
    job_id: str,
    expected: JobState,
    target: JobState,
    detail: str,
    now: float,
    *,
    actor_id: int | None = None,
    attempts: int | None = None,
    **changes: Any,
) -> None:
    """Move a job from `expected` to `target`, set the columns in `changes`, and note an event with `detail`.

    Its lease ends, and it is due never again unless `changes` says when.
    With `attempts`, only if the job was not sent since: a late answer must not touch a later attempt. Raises StaleState
    if the job is not so any more, and ValueError for a move that no job may make.
    """
    if target not in TRANSITIONS[expected]:
        raise ValueError(f"no job moves from {expected} to {target}")
    # Somebody waits for the card of a job that could be cancelled: its Cancel must go, or a moderator has decided.
    card = {"card_due_at": now, "shown_at": None} if expected in CANCELLABLE else {"card_due_at": now}
    moved = _GUARDED.values({"state": target, "lease_owner": None, "due_at": None} | card | changes)
    if attempts is not None:
        moved = moved.where(jobs_table.c.attempts == attempts)
    if conn.execute(moved, {"key": job_id, "expected": expected}).rowcount != 1:
        raise StaleState(f"job {job_id} is not {expected} any more")
    add_event(conn, job_id, target, detail, now, actor_id=actor_id)


def set_unsent_payload(conn: Connection, job_id: str, payload: Mapping[str, Any]) -> None:
    """Change what is sent for a job that was claimed. Raises StaleState if it was sent, or is not claimed any more."""
    changed = conn.execute(_SET_UNSENT_PAYLOAD, {"key": job_id, "expected": JobState.SUBMITTING, "body": payload})
    if changed.rowcount != 1:
        raise StaleState(f"job {job_id} is not about to be sent")


def events(conn: Connection, job_id: str) -> list[JobEvent]:
    """Return every move of a job, oldest first."""
    return [JobEvent(*row) for row in conn.execute(_EVENTS, {"job_id": job_id})]


def ended_by(conn: Connection, job_id: str) -> int | None:
    """Return the person who made the job's latest move; None where it was the engine."""
    return conn.execute(_ENDED_BY, {"job_id": job_id}).scalar()


def in_state(conn: Connection, state: JobState, limit: int) -> list[Job]:
    """Return the oldest jobs in one state, over all guilds."""
    return [job_of(row) for row in conn.execute(_IN_STATE.limit(limit), {"state": state})]


def in_states(conn: Connection, account_id: int, states: Collection[JobState]) -> list[Job]:
    """Return all jobs of an account in some states, oldest first. For states that few jobs are in at a time."""
    return [job_of(row) for row in conn.execute(_IN_STATES, {"account_id": account_id, "states": list(states)})]


def moves_into(conn: Connection, job_ids: Sequence[str], state: JobState) -> dict[str, Moves]:
    """Return how often, and when last, each job came into a state."""
    rows = conn.execute(_MOVES_INTO, {"job_ids": list(job_ids), "state": state})
    return {job_id: Moves(count, last_at) for job_id, count, last_at in rows}


def refusals(conn: Connection, account_id: int, detail: str) -> dict[str, Refusal]:
    """Return when each job of an account that has not ended was put back with this detail, by job id."""
    rows = conn.execute(_REFUSALS, {"account_id": account_id, "detail": detail})
    return {job_id: Refusal(count, first_at, last_at) for job_id, count, first_at, last_at in rows}


def refusals_of(conn: Connection, job_id: str, details: Collection[str]) -> Refusal | None:
    """Return how often a job was put back with one of these details; None if it never was."""
    count, first_at, last_at = conn.execute(_REFUSALS_OF_JOB, {"job_id": job_id, "details": list(details)}).one()
    return Refusal(count, first_at, last_at) if count else None


def last_accepted_at(conn: Connection, account_id: int) -> float | None:
    """Return when the provider last accepted a job of an account."""
    return conn.execute(_LAST_ACCEPTED_AT, {"account_id": account_id}).scalar()


def claim_due(conn: Connection, state: JobState, now: float, hold_seconds: float, limit: int) -> list[Job]:
    """Take the jobs of one state that are due, and make them due again only after `hold_seconds`.

    The later due time is the lease: if the worker that took them dies, another takes them. What is written about them
    afterwards is guarded by their state, so a worker that was only slow changes nothing twice.
    """
    values = {"expected": state, "now": now, "count": limit, "until": now + hold_seconds}
    return [job_of(row) for row in conn.execute(_CLAIM_DUE, values)]


def claim_cases(conn: Connection, now: float, hold_seconds: float, limit: int, *, with_renders: bool) -> list[Job]:
    """Take the owner's cases that are due, as `claim_due` does: those with known renders, or those without any."""
    values = {"expected": JobState.UNRESOLVED, "now": now, "count": limit, "until": now + hold_seconds}
    return [job_of(row) for row in conn.execute(_CLAIM_CASES[with_renders], values)]


def running_beside(conn: Connection, account_id: int, job_ids: Sequence[str], limit: int) -> list[Job]:
    """Return running jobs of an account other than `job_ids`, those first that are due first."""
    values = {"account_id": account_id, "job_ids": list(job_ids), "count": limit}
    return [job_of(row) for row in conn.execute(_RUNNING_BESIDE, values)]


def expired(conn: Connection, state: JobState, now: float, limit: int) -> list[Job]:
    """Lock and return the jobs of one state whose due time has come, passing over those that somebody else holds."""
    return [job_of(row) for row in conn.execute(_EXPIRED, {"expected": state, "now": now, "count": limit})]


def release_leases(conn: Connection, now: float) -> None:
    """Make due at once what a worker was sending or asking about."""
    conn.execute(_RELEASE_LEASES, {"now": now})


def set_due(conn: Connection, state: JobState, due: Mapping[str, float]) -> None:
    """Set when jobs in `state` are looked at next, by job id. Jobs that have left the state are passed over."""
    if due:
        conn.execute(_SET_DUE, [{"key": job_id, "expected": state, "at": at} for job_id, at in due.items()])


def next_due(conn: Connection, state: JobState) -> float | None:
    """Return when the next job of this state is due; None if there is none."""
    return conn.execute(_NEXT_DUE, {"state": state}).scalar()


def _first(conn: Connection, query: Any, values: Mapping[str, Any]) -> Job | None:
    row = conn.execute(query, values).one_or_none()
    return job_of(row) if row else None


def job_of(row: Row[Any]) -> Job:
    """Return the job of a row of COLUMNS."""
    return Job(**row._mapping)
