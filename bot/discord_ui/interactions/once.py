"""A button that is clicked twice in a moment acts once."""

from collections.abc import Hashable

DOUBLE_CLICK_SECONDS = 5.0
"""Seconds within which the same press counts as a repetition."""


class Once:
    """Remembers for a moment what was pressed. A member's presses all reach one process, so memory is enough."""

    def __init__(self) -> None:
        self._pressed: dict[Hashable, float] = {}

    def first(self, press: Hashable, now: float) -> bool:
        """Tell whether a press is not just a repetition of the same press."""
        self._pressed = {known: at for known, at in self._pressed.items() if now - at < DOUBLE_CLICK_SECONDS}
        if press in self._pressed:
            return False
        self._pressed[press] = now
        return True
