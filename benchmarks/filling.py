"""A database full of jobs in flight: most at the provider, the rest waiting for their turn."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, insert

from bot.domain.jobs import JobState
from bot.storage.tables.jobs import jobs_table, renders_table
from bot.storage.tables.provider import OWNER_ACCOUNT

GUILDS, MEMBERS_EACH, CHANNELS_EACH = 500, 10, 4
QUEUED_OF_TEN = 3
DUE_OVER_SECONDS = 120.0
"""Seconds over which the due times of the running jobs are spread."""
REFRESH_OVER_SECONDS = 300.0
"""Seconds over which the next refreshes of the queued jobs' cards are spread."""
BATCH = 2_000


def fill(conn: Connection, count: int, now: float) -> None:
    """Write `count` jobs, each with a card and a prompt of usual length."""
    for first in range(0, count, BATCH):
        rows = list(rows_of_jobs(range(first, min(first + BATCH, count)), count, now))
        conn.execute(insert(jobs_table), rows)
        running = [row["id"] for row in rows if row["state"] == JobState.RUNNING.value]
        if running:
            conn.execute(insert(renders_table), [_render(job_id) for job_id in running])


def rows_of_jobs(numbers: range, count: int, now: float) -> Iterator[dict[str, Any]]:
    """Yield the rows of these jobs out of `count`."""
    for number in numbers:
        guild = number % GUILDS
        queued = number % 10 < QUEUED_OF_TEN
        state = JobState.QUEUED if queued else JobState.RUNNING
        prompt = f"number {number}: " + "a lighthouse at dusk, slow aerial shot, warm light, 35 mm film " * 3
        yield {
            "id": f"j{number:011d}",
            "interaction_id": 10_000_000 + number,
            "account_id": OWNER_ACCOUNT,
            "guild_id": 1000 + guild,
            "channel_id": 10 * (1000 + guild) + number % CHANNELS_EACH,
            "member_id": 100 * (1000 + guild) + number // GUILDS % MEMBERS_EACH,
            "model_slug": "veo31_fast",
            "model_name": "Veo 3.1 Fast",
            "request": {"model_slug": "veo31_fast", "values": {"prompt": prompt, "aspect_ratio": "16:9"}},
            "payload": {"model_slug": "veo31_fast", "prompt": prompt, "aspect_ratio": "16:9"},
            "state": state.value,
            "held": 100,
            "price_certain": 1,
            "created_at": now - 3600 + 3600 * number / count,
            "attempt_at": None if queued else now - 60,
            "running_at": None if queued else now - 60,
            "attempts": 0 if queued else 1,
            "due_at": None if queued else now + DUE_OVER_SECONDS * number / count,
            "status_message_id": 5_000_000 + number,
            "card_due_at": now + REFRESH_OVER_SECONDS * number / count if queued else None,
            "shown_at": now - 60,
        }


def _render(job_id: str) -> dict[str, Any]:
    state = "processing"
    return {"remote_id": f"r-{job_id}", "job_id": job_id, "position": 0, "state": state, "result_urls": []}
