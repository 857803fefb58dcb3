"""24 generate POSTs per account in any 60 minutes, as the provider's pages say.

Which POSTs count is said nowhere. Here every authenticated POST counts, accepted or refused (400, 402, 404), except one
that is itself answered with 429: otherwise a caller that keeps asking would never get out. A caller that counts each
POST it sends is therefore always on the safe side.
"""

from collections import defaultdict, deque

POSTS_PER_HOUR = 24
WINDOW_SECONDS = 3600.0


class RateLimit:
    """An exact sliding log; times are simulated seconds."""

    def __init__(self, posts_per_hour: int | None = POSTS_PER_HOUR) -> None:
        self.posts_per_hour = posts_per_hour
        self._log: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, account: str, now: float) -> float | None:
        """Count one POST and return None, or count nothing and return the seconds until one is allowed."""
        if self.posts_per_hour is None:
            return None
        log = self._log[account]
        while log and log[0] <= now - WINDOW_SECONDS:
            log.popleft()
        if len(log) < self.posts_per_hour:
            log.append(now)
            return None
        if self.posts_per_hour <= 0:
            return WINDOW_SECONDS
        # A limit lowered meanwhile may leave more in the log than it allows: wait for the one that makes room.
        return log[len(log) - self.posts_per_hour] + WINDOW_SECONDS - now
