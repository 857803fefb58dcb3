"""This machine's time against that of others."""

from bot.doctor.finding import Finding, fail, ok, warn

SECONDS_FINE = 5.0
"""A `Date` has whole seconds, and an answer takes a moment."""
SECONDS_MAX = 60.0
"""Seconds by which times that members read are visibly wrong."""


def clock_finding(whose: str, told: float | None, now: float) -> Finding:
    """Return what the difference means. `told` is the time of `whose` clock, in seconds since the epoch like `now`."""
    if told is None:
        return warn("clock", f"{whose} tells no time, so this machine's could not be compared.", "Look at it yourself.")
    seconds = now - told
    if abs(seconds) <= SECONDS_FINE:
        return ok("clock", f"This machine's time is {whose}'s.")
    text = f"This machine's clock is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} {whose}'s."
    cure = "Let the machine set its clock by the network: timedatectl set-ntp true."
    return (warn if abs(seconds) <= SECONDS_MAX else fail)("clock", text, cure)
