"""The provider's renders that belong to our jobs, as last reported."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.domain.renders import RenderReport, RenderState
from bot.storage.tables.jobs import jobs_table, renders_table

_BY_JOB = (
    select(renders_table)
    .where(renders_table.c.job_id.in_(bindparam("job_ids", expanding=True)))
    .order_by(renders_table.c.job_id, renders_table.c.position)
)


def add(conn: Connection, job_id: str, remote_ids: Sequence[str]) -> None:
    """Note the ids under which the provider works on a job. An id that another job owns is an integrity error."""
    rows = [
        {
            "remote_id": remote_id,
            "job_id": job_id,
            "position": position,
            "state": RenderState.PENDING.value,
            "result_urls": [],
        }
        for position, remote_id in enumerate(remote_ids)
    ]
    conn.execute(renders_table.insert(), rows)


def of_jobs(conn: Connection, job_ids: Iterable[str]) -> dict[str, list[RenderReport]]:
    """Return the renders of each job as last reported, in the provider's order."""
    found: dict[str, list[RenderReport]] = {}
    for row in conn.execute(_BY_JOB, {"job_ids": list(job_ids)}):
        found.setdefault(row.job_id, []).append(
            RenderReport(
                remote_id=row.remote_id,
                state=RenderState(row.state),
                result_urls=tuple(row.result_urls),
                credits_charged=row.credits_charged,
                credits_refunded=None if row.credits_refunded is None else bool(row.credits_refunded),
                error_message=row.error_message,
            )
        )
    return found


def owned(conn: Connection, remote_ids: Iterable[str]) -> set[str]:
    """Those of the ids that belong to a job of ours."""
    query = select(renders_table.c.remote_id).where(renders_table.c.remote_id.in_(list(remote_ids)))
    return set(conn.execute(query).scalars())


def newest(conn: Connection, account_id: int) -> Row[Any, Any] | None:
    """The render that the account's provider accepted last: a row with `remote_id` and `running_at`."""
    query = (
        select(renders_table.c.remote_id, jobs_table.c.running_at)
        .join(jobs_table, jobs_table.c.id == renders_table.c.job_id)
        .where(jobs_table.c.account_id == account_id, jobs_table.c.running_at.is_not(None))
        .order_by(jobs_table.c.running_at.desc())
        .limit(1)
    )
    return conn.execute(query).one_or_none()


def record(conn: Connection, report: RenderReport) -> None:
    """Keep what the provider reports. A render that has ended stays as it ended, whatever a late answer says."""
    if report.state is RenderState.UNREADABLE:
        return
    not_ended = (RenderState.PENDING.value, RenderState.PROCESSING.value)
    changed = update(renders_table).where(
        renders_table.c.remote_id == report.remote_id, renders_table.c.state.in_(not_ended)
    )
    conn.execute(
        changed.values(
            state=report.state.value,
            result_urls=list(report.result_urls),
            credits_charged=report.credits_charged,
            credits_refunded=None if report.credits_refunded is None else int(report.credits_refunded),
            error_message=report.error_message,
        )
    )
