"""Jobs: found, inserted, and moved from state to state. Every move is guarded in SQL and leaves an event."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from bot.domain.jobs import ACTIVE, TRANSITIONS, Job, JobEvent, JobState
from bot.storage.tables.jobs import job_events_table, jobs_table

_COLUMNS = [jobs_table.c[name] for name in Job.__dataclass_fields__]
_ACTIVE = tuple(state.value for state in ACTIVE)

_SELECT_ONE = select(*_COLUMNS).where(jobs_table.c.id == bindparam("job_id"))
_BY_INTERACTION = select(*_COLUMNS).where(jobs_table.c.interaction_id == bindparam("interaction_id"))
_LOCK = select(jobs_table.c.id).where(jobs_table.c.id == bindparam("job_id")).with_for_update()
_ADD_EVENT = job_events_table.insert()
_EVENTS = (
    select(job_events_table).where(job_events_table.c.job_id == bindparam("job_id")).order_by(job_events_table.c.id)
)
_ADD = jobs_table.insert()


class StaleState(Exception):
    """The job is not in the state that the move starts from: somebody was quicker. Nothing was changed."""


def job_of(row: Row[Any]) -> Job:
    """The job in a row of `_COLUMNS`."""
    values = dict(row._mapping)
    values["state"] = JobState(values["state"])
    values["price_certain"] = bool(values["price_certain"])
    return Job(**values)


def find(conn: Connection, job_id: str) -> Job | None:
    """The job with this id."""
    row = conn.execute(_SELECT_ONE, {"job_id": job_id}).one_or_none()
    return job_of(row) if row else None


def lock(conn: Connection, job_id: str) -> None:
    """Lock the job's row until the transaction ends."""
    conn.execute(_LOCK, {"job_id": job_id})


def find_by_interaction(conn: Connection, interaction_id: int) -> Job | None:
    """The job that this interaction was answered with, if it was delivered before."""
    row = conn.execute(_BY_INTERACTION, {"interaction_id": interaction_id}).one_or_none()
    return job_of(row) if row else None


def insert(conn: Connection, job: Job) -> None:
    """Write a new job and its first event."""
    values = {column.name: getattr(job, column.name) for column in _COLUMNS}
    values["price_certain"] = int(job.price_certain)
    conn.execute(_ADD, values | {"card_due_at": job.created_at})
    note(conn, job.id, job.state, "accepted", job.created_at, actor_id=job.member_id)


def note(
    conn: Connection, job_id: str, state: JobState, detail: str, now: float, *, actor_id: int | None = None
) -> None:
    """Leave an event: why the job is in `state`. `actor_id` is a person; without one it was the engine."""
    event = {"job_id": job_id, "at": now, "state": state.value, "detail": detail, "actor_id": actor_id}
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
    **changes: Any,
) -> None:
    """Move a job from `expected` to `target` and set the columns in `changes`.

    Raises StaleState where it is not in `expected` any more, and ValueError for a move that no job may make.
    """
    if target not in TRANSITIONS[expected]:
        raise ValueError(f"no job moves from {expected} to {target}")
    guarded = (
        update(jobs_table)
        .where(jobs_table.c.id == job_id, jobs_table.c.state == expected.value)
        .values({"state": target.value, "lease_owner": None, "card_due_at": now} | changes)
    )
    if conn.execute(guarded).rowcount != 1:
        raise StaleState(f"job {job_id} is not {expected} any more")
    note(conn, job_id, target, detail, now, actor_id=actor_id)


def events(conn: Connection, job_id: str) -> list[JobEvent]:
    """Return every move of a job, oldest first."""
    rows = conn.execute(_EVENTS, {"job_id": job_id})
    return [JobEvent(row.at, JobState(row.state), row.detail, row.actor_id) for row in rows]


def recent(
    conn: Connection, guild_id: int, *, member_id: int | None = None, active_only: bool = False, limit: int = 20
) -> list[Job]:
    """The newest jobs of a guild or of one of its members."""
    query: Select[Any] = select(*_COLUMNS).where(jobs_table.c.guild_id == guild_id)
    if member_id is not None:
        query = query.where(jobs_table.c.member_id == member_id)
    if active_only:
        query = query.where(jobs_table.c.state.in_(_ACTIVE))
    return [job_of(row) for row in conn.execute(query.order_by(jobs_table.c.created_at.desc()).limit(limit))]


def in_state(conn: Connection, state: JobState, limit: int) -> list[Job]:
    """The oldest jobs in one state, over all guilds."""
    query = select(*_COLUMNS).where(jobs_table.c.state == state.value).order_by(jobs_table.c.created_at).limit(limit)
    return [job_of(row) for row in conn.execute(query)]


def count_by_state(conn: Connection, guild_id: int | None = None) -> dict[JobState, int]:
    """How many jobs stand where, in one guild or in all."""
    query = select(jobs_table.c.state, func.count()).group_by(jobs_table.c.state)
    if guild_id is not None:
        query = query.where(jobs_table.c.guild_id == guild_id)
    return {JobState(state): count for state, count in conn.execute(query)}


def claim_due(conn: Connection, state: JobState, now: float, hold_seconds: float, limit: int) -> list[Job]:
    """Take the jobs of one state that are due, and make them due again only after `hold_seconds`.

    The later due time is the lease: whoever took them and dies leaves them due for another. What is written about them
    afterwards is guarded by their state, so a taker that was only slow changes nothing twice.
    """
    due = (
        select(jobs_table.c.id)
        .where(jobs_table.c.state == state.value, jobs_table.c.due_at <= now)
        .order_by(jobs_table.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = update(jobs_table).where(jobs_table.c.id.in_(due.scalar_subquery())).values(due_at=now + hold_seconds)
    return [job_of(row) for row in conn.execute(claim.returning(*_COLUMNS))]


def expired(conn: Connection, state: JobState, now: float, limit: int) -> list[Job]:
    """Lock and return the jobs of one state whose due time has come, passing over those that somebody else holds."""
    query = (
        select(*_COLUMNS)
        .where(jobs_table.c.state == state.value, jobs_table.c.due_at <= now)
        .order_by(jobs_table.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [job_of(row) for row in conn.execute(query)]


def release_leases(conn: Connection, now: float) -> None:
    """Make due at once what a worker was sending or asking about."""
    held = (JobState.SUBMITTING.value, JobState.RUNNING.value, JobState.UNKNOWN.value)
    leased = update(jobs_table).where(jobs_table.c.state.in_(held), jobs_table.c.due_at > now)
    conn.execute(leased.values(due_at=now))


def set_due(conn: Connection, state: JobState, due: dict[str, float]) -> None:
    """Say when jobs in `state` are to be looked at next; those that have left it are passed over."""
    if due:
        guarded = update(jobs_table).where(jobs_table.c.id == bindparam("job"), jobs_table.c.state == state.value)
        conn.execute(guarded.values(due_at=bindparam("at")), [{"job": job_id, "at": at} for job_id, at in due.items()])


def next_due(conn: Connection, state: JobState) -> float | None:
    """When the next job of this state is due; None where there is none."""
    return conn.execute(select(func.min(jobs_table.c.due_at)).where(jobs_table.c.state == state.value)).scalar()
