"""The provider's renders that belong to our jobs, as last reported."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.domain.renders import RenderReport, RenderState
from bot.storage.tables.jobs import jobs_table, renders_table

_ADD = insert(renders_table)
_BY_JOB = (
    select(renders_table)
    .where(renders_table.c.job_id.in_(bindparam("job_ids", expanding=True)))
    .order_by(renders_table.c.job_id, renders_table.c.position)
)
_OWNED = select(renders_table.c.remote_id).where(renders_table.c.remote_id.in_(bindparam("remote_ids", expanding=True)))
_NEWEST = (
    select(renders_table.c.remote_id, jobs_table.c.running_at)
    .join(jobs_table, jobs_table.c.id == renders_table.c.job_id)
    .where(jobs_table.c.account_id == bindparam("account_id"), jobs_table.c.running_at.is_not(None))
    .order_by(jobs_table.c.running_at.desc())
    .limit(1)
)
_RECORD = (
    update(renders_table)
    .where(
        renders_table.c.remote_id == bindparam("key"),
        renders_table.c.state.in_((RenderState.PENDING, RenderState.PROCESSING)),
    )
    .values(
        state=bindparam("reported"),
        result_urls=bindparam("urls"),
        credits_charged=bindparam("charged"),
        credits_refunded=bindparam("refunded"),
        error_message=bindparam("error"),
    )
)


def add(conn: Connection, job_id: str, remote_ids: Sequence[str]) -> None:
    """Note the ids under which the provider works on a job. Raises IntegrityError for an id that another job owns."""
    common = {"job_id": job_id, "state": RenderState.PENDING, "result_urls": []}
    rows = [common | {"remote_id": remote_id, "position": position} for position, remote_id in enumerate(remote_ids)]
    conn.execute(_ADD, rows)


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
            )
        )
    return found


def owned(conn: Connection, remote_ids: Iterable[str]) -> set[str]:
    """Return those of the ids that belong to a job of ours."""
    return set(conn.execute(_OWNED, {"remote_ids": list(remote_ids)}).scalars())


def newest(conn: Connection, account_id: int) -> Row[Any, Any] | None:
    """Return the render that the account's provider accepted last: a row with `remote_id` and `running_at`."""
    return conn.execute(_NEWEST, {"account_id": account_id}).one_or_none()


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
    }
    conn.execute(_RECORD, values)


def replace_urls(conn: Connection, remote_id: str, urls: Sequence[str]) -> None:
    """Keep the addresses that the provider names now, in place of those that have expired."""
    conn.execute(update(renders_table).where(renders_table.c.remote_id == remote_id).values(result_urls=list(urls)))
