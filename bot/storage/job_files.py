"""Files that the bot itself gives to a request, such as the frame that a continuation begins with.

They are written with the job, so that no crash loses them. They travel on the job's card, where the provider can fetch
them, and go when the job ends.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from bot.domain.attachments import CardFile
from bot.domain.jobs import JobState
from bot.storage.tables.jobs import job_files_table, jobs_table

_ADD = insert(job_files_table)
_OF_JOB = (
    select(job_files_table.c.filename, job_files_table.c.content)
    .where(job_files_table.c.job_id == bindparam("job"))
    .order_by(job_files_table.c.filename)
)
_FORGET = delete(job_files_table).where(job_files_table.c.job_id == bindparam("job"))
_LET_SEND = (
    update(jobs_table)
    .where(
        jobs_table.c.id == bindparam("job"),
        jobs_table.c.state == JobState.QUEUED,
        jobs_table.c.attempts == 0,  # one that was refused waits for another reason
        exists().where(job_files_table.c.job_id == jobs_table.c.id),
    )
    .values(due_at=None)
)
_POST_AGAIN = (
    update(jobs_table)
    .where(jobs_table.c.id == bindparam("job"))
    .values(status_message_id=None, card_reserved_until=None, card_due_at=bindparam("now"), shown_at=None)
)


def add(conn: Connection, job_id: str, files: Iterable[CardFile]) -> None:
    """Keep the files of a new job."""
    for file in files:
        conn.execute(_ADD, {"job_id": job_id, "filename": file.filename, "content": file.content})


def of_job(conn: Connection, job_id: str) -> tuple[CardFile, ...]:
    """Return the files of a job that has not ended."""
    return tuple(CardFile(*row) for row in conn.execute(_OF_JOB, {"job": job_id}))


def let_send(conn: Connection, job_id: str) -> None:
    """Let a new job with files be sent at once: the provider can fetch them now, because its card stands."""
    conn.execute(_LET_SEND, {"job": job_id})


def post_again(conn: Connection, job_id: str, now: float) -> None:
    """Have the card of a job posted anew: it is gone, or has lost its files."""
    conn.execute(_POST_AGAIN, {"job": job_id, "now": now})


def forget(conn: Connection, job_id: str) -> None:
    """Drop the files of a job that has ended."""
    conn.execute(_FORGET, {"job": job_id})
