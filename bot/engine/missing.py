"""What is noted where the message of a result was not found."""

from sqlalchemy import Connection

from bot.storage import jobs, posted_messages, postings


def note_missing(conn: Connection, job_id: str, message_id: int, now: float, *, channel_is_gone: bool) -> None:
    """Note that a result's message was not found where it was posted.

    Discord does not tell who deleted it. Without the bot's button only a moderator can, and that is final. Where the
    whole channel is gone, nobody judged the video. Nothing is noted where the video was posted again, or deleted by its
    button, meanwhile.
    """
    job, posting = jobs.find(conn, job_id), postings.posting_of(conn, job_id)
    if job is None or posting is None or not posting.stands or posting.message_id != message_id:
        return
    if channel_is_gone:
        posted_messages.delete_card(conn, job_id, now)
        postings.forget_message(conn, job_id)
        jobs.add_event(conn, job_id, job.state, "the channel of the result is gone", now)
    else:
        posted_messages.gone(conn, job_id, message_id)
        posted_messages.delete_all(conn, job_id, now)
        postings.note_deleted(conn, job_id, None, now)
        jobs.add_event(conn, job_id, job.state, "the result was deleted by a moderator", now)
