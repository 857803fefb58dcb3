"""Named points at which a test lets the process die as if its power were cut. Unarmed, reaching one costs a comparison.

A point stands after every commit and around every network call of a request's way. `POINTS` lists them all, so that the
crash tests cannot miss one.
"""

import os
import signal

POINTS = (
    "admission.before_commit",
    "admission.after_commit",
    "submit.after_claim",
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
    "delivery.after_claim",
    "delivery.after_download",
    "delivery.after_post",
    "delivery.after_note",
)

_armed: str | None = None
_passes_left = 0


def arm(setting: str) -> None:
    """Die at the point named in `setting`: `name`, or `name:3` for the third time that it is reached.

    Raises ValueError for a name that is no point.
    """
    global _armed, _passes_left
    name, _, count = setting.partition(":")
    if name not in POINTS:
        raise ValueError(f"no crash point is called '{name}'")
    _armed, _passes_left = name, int(count or 1)


def hit(name: str) -> None:
    """Die here if this point is armed."""
    global _passes_left  # noqa: PLW0603
    if _armed is None or name != _armed:
        return
    _passes_left -= 1
    if _passes_left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
