"""How many rows one transaction takes, so that nobody waits for long for a transaction of a background task."""

from dataclasses import dataclass

ROWS_MAX = 100
"""Rows of the largest batch."""
ROWS_MIN = 5
"""Rows of the smallest batch: a transaction costs something, whatever it takes."""
SECONDS_WANTED = 0.1
"""Seconds that a transaction may take."""


@dataclass
class BatchSize:
    """Learns from each transaction how many rows the next one takes."""

    rows: int = ROWS_MAX // 4

    def learn(self, count: int, seconds: float) -> None:
        """Note that a transaction took `count` rows in so many seconds."""
        if seconds > SECONDS_WANTED:
            self.rows = max(ROWS_MIN, min(self.rows, int(count * SECONDS_WANTED / seconds)))
        elif count >= self.rows and seconds < SECONDS_WANTED / 2:
            self.rows = min(ROWS_MAX, 2 * self.rows)
