"""The provider's renders that belong to our jobs, as last reported."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.domain.evidence import Sent
from bot.domain.renders import RenderReport, RenderState
from bot.storage.tables.jobs import jobs_table, renders_table

_ADD = insert(renders_table)
_BY_JOB = (
    select(renders_table)
    .where(renders_table.c.job_id.in_(bindparam("job_ids", expanding=True)))
    .order_by(renders_table.c.job_id, renders_table.c.position)
)
_OWNERS = select(renders_table.c.remote_id, renders_table.c.job_id).where(
    renders_table.c.remote_id.in_(bindparam("remote_ids", expanding=True))
)
_SENT = (
    select(renders_table.c.remote_id, jobs_table.c.payload, jobs_table.c.attempt_at, jobs_table.c.created_at)
    .join(jobs_table, jobs_table.c.id == renders_table.c.job_id)
    .where(renders_table.c.remote_id.in_(bindparam("remote_ids", expanding=True)))
)
_NEWEST = (
    select(renders_table.c.remote_id)
    .join(jobs_table, jobs_table.c.id == renders_table.c.job_id)
    .where(
        jobs_table.c.account_id == bindparam("account_id"),
        jobs_table.c.running_at.is_not(None),
        renders_table.c.state != RenderState.CLAIMED,
    )
    .order_by(jobs_table.c.running_at.desc())
    .limit(1)
)
_RECORD = (
    update(renders_table)
    .where(
        renders_table.c.remote_id == bindparam("key"),
        renders_table.c.state.in_((RenderState.CLAIMED, RenderState.PENDING, RenderState.PROCESSING)),
    )
    .values(
        state=bindparam("reported"),
        result_urls=bindparam("urls"),
        credits_charged=bindparam("charged"),
        credits_refunded=bindparam("refunded"),
        error_message=bindparam("error"),
        last_frame_url=bindparam("last_frame"),
    )
)
_PARAMETERS_MAX = 1000
"""Ids that one statement is given: databases take a limited number of parameters."""
REMOTE_ID_CHARACTERS_MAX = 100
"""Characters of a provider's job id that can be kept."""


def storable(remote_id: str) -> bool:
    """Return whether every database can keep the id."""
    return 0 < len(remote_id) <= REMOTE_ID_CHARACTERS_MAX and "\x00" not in remote_id


def add(conn: Connection, job_id: str, remote_ids: Sequence[str], state: RenderState = RenderState.PENDING) -> None:
    """Note the ids under which the provider works on a job. Raises IntegrityError for an id that another job owns."""
    common = {"job_id": job_id, "state": state, "result_urls": []}
    rows = [common | {"remote_id": remote_id, "position": position} for position, remote_id in enumerate(remote_ids)]
    conn.execute(_ADD, rows)


def remove_claimed(conn: Connection, job_id: str) -> None:
    """Drop the renders of a job that an owner named and that the provider never told of."""
    conn.execute(
        delete(renders_table).where(renders_table.c.job_id == job_id, renders_table.c.state == RenderState.CLAIMED)
    )


def of_jobs(conn: Connection, job_ids: Iterable[str]) -> dict[str, list[RenderReport]]:
    """Return the renders of each job as last reported, in the provider's order."""
    found: dict[str, list[RenderReport]] = {}
    for row in conn.execute(_BY_JOB, {"job_ids": list(job_ids)}):
        found.setdefault(row.job_id, []).append(
            RenderReport(
                remote_id=row.remote_id,
                state=row.state,
                result_urls=tuple(row.result_urls),
                credits_charged=row.credits_charged,
                credits_refunded=row.credits_refunded,
                error_message=row.error_message,
                last_frame_url=row.last_frame_url,
            )
        )
    return found


def owners(conn: Connection, remote_ids: Sequence[str]) -> dict[str, str]:
    """Return which job owns each of the ids: remote id → job id. Ids that nobody owns are left out."""
    found: dict[str, str] = {}
    for part in _parts(remote_ids):
        found |= {row.remote_id: row.job_id for row in conn.execute(_OWNERS, {"remote_ids": part})}
    return found


def sent_for(conn: Connection, remote_ids: Sequence[str]) -> dict[str, Sent]:
    """Return the POST behind each of the ids that a job of ours owns."""
    found: dict[str, Sent] = {}
    for part in _parts(remote_ids):
        for row in conn.execute(_SENT, {"remote_ids": part}):
            found[row.remote_id] = Sent(row.payload, row.attempt_at or row.created_at)
    return found


def _parts(remote_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split ids into lists that a statement can take."""
    for first in range(0, len(remote_ids), _PARAMETERS_MAX):
        yield remote_ids[first : first + _PARAMETERS_MAX]


def newest(conn: Connection, account_id: int) -> str | None:
    """Return the id of the render that the account's provider accepted last. What only an owner named is left out."""
    return conn.execute(_NEWEST, {"account_id": account_id}).scalar()


def record(conn: Connection, report: RenderReport) -> None:
    """Keep what the provider reports. A render that has ended stays as it ended, whatever a late answer says."""
    if report.state is RenderState.UNREADABLE:
        return
    values = {
        "key": report.remote_id,
        "reported": report.state,
        "urls": list(report.result_urls),
        "charged": report.credits_charged,
        "refunded": report.credits_refunded,
        "error": report.error_message,
        "last_frame": report.last_frame_url,
    }
    conn.execute(_RECORD, values)


def replace_urls(conn: Connection, remote_id: str, urls: Sequence[str]) -> None:
    """Keep the addresses that the provider names now, in place of those that have expired."""
    conn.execute(update(renders_table).where(renders_table.c.remote_id == remote_id).values(result_urls=list(urls)))
