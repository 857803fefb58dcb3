"""A limit to how often a member presses buttons and sends dialogs."""

from collections import deque

from discord import app_commands

PRESSES_MAX = 10
"""Presses that a member may make within COOLDOWN_SECONDS."""
EDITING_PRESSES_MAX = 40
"""Presses that a member may make within COOLDOWN_SECONDS while editing: a clip is moved by many of them."""
COOLDOWN_SECONDS = 20.0


class Cooldown:
    """Counts each member's presses in memory. A member's presses all reach one process, so memory is enough."""

    def __init__(self, presses_max: int = PRESSES_MAX) -> None:
        self._presses_max = presses_max
        self._presses: dict[int, deque[float]] = {}

    def press(self, member_id: int, now: float) -> None:
        """Count a press at `now`, in seconds of any clock. Raises CommandOnCooldown for one too many."""
        ended = now - COOLDOWN_SECONDS
        # Members who pressed nothing lately are forgotten, so that memory does not grow with every member ever seen.
        self._presses = {member: presses for member, presses in self._presses.items() if presses[-1] > ended}
        presses = self._presses.setdefault(member_id, deque(maxlen=self._presses_max))
        if len(presses) == self._presses_max and presses[0] > ended:
            cooldown = app_commands.Cooldown(self._presses_max, COOLDOWN_SECONDS)
            raise app_commands.CommandOnCooldown(cooldown, presses[0] - ended)
        presses.append(now)
