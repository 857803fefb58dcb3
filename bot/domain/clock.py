"""How time reaches the rules: passed in, as seconds since the epoch in UTC."""

from collections.abc import Callable

Clock = Callable[[], float]
"""Tells the time now. The process passes `time.time`; a test passes whatever moment it needs."""
