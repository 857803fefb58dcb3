"""How old the POSTs of a log truly are, whatever happens to the clock that their moments were taken from."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.dispatch import WINDOW_SECONDS, Post

EVEN_SECONDS = 1.0
"""Seconds by which the time of day may gain or lose between two looks and still count as running evenly."""


@dataclass(frozen=True, slots=True)
class LoggedPost:
    """A row of the log. Ids ascend in the order in which the POSTs were claimed."""

    id: int
    post: Post


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a process knows of a POST: the moment in its row, and the steady moment that this stood for."""

    at: float
    steady: float


class PostAges:
    """What one process remembers of one account's log.

    The time of day can be set while the process runs: two hours ahead, and a full hour of POSTs looks expired. So each
    POST's age is counted from the first look at it by `steady`, a clock that nobody sets and that goes on while the
    machine is suspended. POSTs from before the first look have the age that the time of day gives them.
    """

    def __init__(self, steady: Clock) -> None:
        self._steady = steady
        self._seen: dict[int, _Seen] = {}
        self._ahead: float | None = None
        """Seconds by which the time of day was ahead of `steady` at the latest look. None before the first."""

    @property
    def oldest_id(self) -> int | None:
        """The smallest id of a POST that still counts; None if none does. The next look needs all from it on."""
        return min(self._seen, default=None)

    def true_log(self, rows: Sequence[LoggedPost], now: float) -> list[Post]:
        """Return the POSTs that count at `now`, ascending, each at the moment that its true age gives it.

        `rows` have all POSTs from `oldest_id` on and all within the window before `now`.
        """
        steady = self._steady()
        first_look = self._ahead is None
        even = first_look or abs(now - steady - (self._ahead or 0.0)) <= EVEN_SECONDS
        self._ahead = now - steady
        seen: dict[int, _Seen] = {}
        posts: list[Post] = []
        latest = steady - WINDOW_SECONDS
        for row in sorted(rows, key=lambda row: row.id):
            moment = self._moment_of(row, now, steady, even=even)
            if first_look:
                # No POST is older than the one before it, even if a clock that was set back says so.
                latest = moment = max(moment, latest)
            if steady - moment < WINDOW_SECONDS:
                seen[row.id] = _Seen(row.post.at, moment)
                posts.append(Post(now - (steady - moment), row.post.guild_id, row.post.member_id))
        self._seen = seen
        return sorted(posts, key=lambda post: post.at)

    def _moment_of(self, row: LoggedPost, now: float, steady: float, *, even: bool) -> float:
        """Return the steady moment of a POST. If the clock was set since the latest look, news counts from now on."""
        known = self._seen.get(row.id)
        if known is not None and known.at == row.post.at:
            return known.steady
        moment = steady - max(0.0, now - row.post.at) if even else steady
        return moment if known is None else max(moment, known.steady)
