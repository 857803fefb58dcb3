"""Named points at which the process can be made to die as if its power were cut.

A point stands after each commit and around each network call on a request's way. `POINTS` lists all of them, so that
the crash tests miss none. `python -m sandbox.crash_at` arms one. Without an armed point `hit()` costs a comparison.
"""

import os
import signal

POINTS = (
    "admission.before_commit",
    "admission.after_commit",
    "answer.after_post",
    "submit.after_claim",
    "submit.after_files",
    "submit.after_fence",
    "submit.after_post",
    "submit.after_note",
    "reconcile.after_history",
    "reconcile.after_note",
    "poll.after_claim",
    "poll.after_answer",
    "settle.before_commit",
    "settle.after_commit",
    "card.after_post",
    "card.after_note",
    "card.after_removal",
    "delivery.after_claim",
    "delivery.after_download",
    "delivery.after_post",
    "delivery.after_note",
    "compare.after_close",
    "compare.after_count",
    "compare.after_reveal",
    "showcase.after_claim",
    "showcase.after_forward",
    "showcase.after_note",
    "showcase.after_withdrawal",
    "weekly.after_reel",
    "weekly.after_ask",
    "question.after_post",
    "incident.after_post",
    "incident.after_edit",
    "report.after_answer",
    "remove.after_claim",
    "remove.after_delete",
    "guild_log.after_claim",
    "guild_log.after_write",
    "film.after_claim",
    "film.after_fetch",
    "film.after_join",
    "film.after_post",
    "film.after_note",
    "erase.after_pseudonym",
    "erase.after_jobs",
    "erase.before_end",
)

_armed: str | None = None
_passes_left = 0


def arm(point: str) -> None:
    """Make the process die at a point: `name`, or `name:3` for the third time that the point is reached.

    Raises ValueError for a name that is not in POINTS, and for a count that is not a whole number above 0.
    """
    global _armed, _passes_left
    name, _, count = point.partition(":")
    if name not in POINTS:
        raise ValueError(f"no failpoint is called '{name}'")
    passes = int(count or 1)
    if passes < 1:
        raise ValueError(f"a failpoint is armed for its first or a later time, not for time {passes}")
    _armed, _passes_left = name, passes


def hit(name: str) -> None:
    """Kill the process if this point is armed and was reached often enough."""
    global _passes_left  # noqa: PLW0603 - one process dies once
    if _armed is None or name != _armed:
        return
    _passes_left -= 1
    if _passes_left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
