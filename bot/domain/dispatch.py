"""Which waiting request may leave next, and when: the hourly limit, shared by a dynamic threshold.

The provider takes `hourly` generate POSTs in any hour of one key. Three rules share them:

1. A light flow takes any free slot at once. A flow is light while its guild has used less than its even share of the
   hour (at least LIGHT_POSTS) and its member fewer than LIGHT_POSTS.
2. A heavy flow goes on at once while its own use is below what is still free, minus RESERVE. This is the dynamic
   threshold of shared-memory switches (Choudhury and Hahne, 1998): the more is free, the more one flow may take.
3. Beyond that, heavy flows together are spread so that RESERVE slots stay free for whoever comes next. If only members
   wait who are heavy themselves, what the others will probably send until the next slot returns is left to them too:
   after a burst none returns for an hour.

Among the flows that may leave, `bot.domain.fairness` decides. `benchmarks/pacing.py` measures the rules.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from bot.domain.fairness import Tags, Waiting, turns

WINDOW_SECONDS = 3605.0
"""Seconds for which a POST counts: an hour, and a margin for clocks that do not run alike.

A POST may arrive long after it has left: connecting alone may take 10 s. So it counts from the latest moment at which
it can have arrived: that of its answer. Of 25 POSTs that arrived within WINDOW_SECONDS, the one that was claimed last
was claimed no later than it arrived; each other one arrived less than WINDOW_SECONDS before that, and its answer came
later still. So 24 counted when the last was claimed, and it was not let through. The log is exact: a token bucket let
47 POSTs through in one hour."""
SHARING_SECONDS = 86_400.0
"""How long a guild that asked before counts as one that shares the hour, also while it is silent."""
LIGHT_POSTS = 3
"""POSTs in the window below which a member, or a guild with a small share, is light."""
RESERVE = 2
"""Slots that heavy flows leave free."""
EXPECTED_SHARE = 0.6
"""Share of the others' expected POSTs that heavy flows leave room for until the next slot returns."""
RATE_SECONDS_MIN = 1200.0
"""Shortest time over which the others' rate is taken: a few POSTs within a minute are no rate."""


@dataclass(frozen=True, slots=True)
class Post:
    """One generate POST in the log. `at` is the latest moment at which it can have arrived, as far as that is known."""

    at: float
    guild_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A flow whose oldest request leaves, and the moment at which it may."""

    flow: Waiting
    at: float


@dataclass(frozen=True, slots=True)
class Budget:
    """What an account may send. `guilds_known` counts the guilds that share it, silent ones too."""

    hourly: int
    guilds_known: int = 1
    blocked_until: float = 0.0


class Log:
    """The POSTs of the latest window, counted by guild and by member."""

    def __init__(self, posts: Sequence[Post]) -> None:
        """Take the POSTs of an account, ascending by `at`. Those older than the window may be among them."""
        self._posts = list(posts)
        self._first = 0
        self._by_guild = Counter(post.guild_id for post in posts)
        self._by_member = Counter((post.guild_id, post.member_id) for post in posts)

    def forget_before(self, now: float) -> None:
        """Drop the POSTs that have left the window at `now`."""
        while self._first < len(self._posts) and self._posts[self._first].at + WINDOW_SECONDS <= now:
            old = self._posts[self._first]
            self._by_guild[old.guild_id] -= 1
            self._by_member[old.guild_id, old.member_id] -= 1
            self._first += 1

    def add(self, post: Post) -> None:
        """Append a POST that is not older than the latest one."""
        self._posts.append(post)
        self._by_guild[post.guild_id] += 1
        self._by_member[post.guild_id, post.member_id] += 1

    @property
    def live(self) -> list[Post]:
        """The POSTs in the window, ascending."""
        return self._posts[self._first :]

    def used(self, flow: Waiting) -> tuple[int, int]:
        """Return the POSTs of the flow's guild and of its member in the window."""
        return self._by_guild[flow.guild_id], self._by_member[flow.guild_id, flow.member_id]


def next_turn(waiting: Sequence[Waiting], tags: Tags, log: Log, budget: Budget, now: float) -> Turn | None:
    """Return whose oldest request leaves next and when, or None where nothing waits.

    `tags` is advanced only if the turn may leave now. The moment of a later turn is the earliest at which any of the
    flows that wait now may leave.
    """
    if not waiting:
        return None
    log.forget_before(now)
    live = log.live
    if budget.blocked_until > now:
        return Turn(waiting[0], budget.blocked_until)
    if len(live) >= budget.hourly:
        return Turn(waiting[0], live[-budget.hourly].at + WINDOW_SECONDS)
    free = budget.hourly - len(live)
    at_once = [flow for flow in waiting if _goes_at_once(flow, log, budget, free)]
    if at_once:
        return Turn(next(turns(at_once, tags)), now)
    spread_at = _spread_at(log, waiting, budget, now)
    if spread_at > now:
        return Turn(waiting[0], spread_at)
    return Turn(next(turns(waiting, tags)), now)


def foreseen(waiting: Sequence[Waiting], tags: Tags, log: Log, budget: Budget, now: float) -> Iterator[Turn]:
    """Yield the turns in the order and at the moments that `next_turn` would give if nobody else asked.

    `tags` is not advanced; `log` is.
    """
    tags = deepcopy(tags)
    left = {(flow.guild_id, flow.member_id): flow for flow in waiting}
    while (turn := next_turn(list(left.values()), tags, log, budget, now)) is not None:
        if turn.at > now:
            now = turn.at
            continue
        flow = turn.flow
        log.add(Post(now, flow.guild_id, flow.member_id))
        key = flow.guild_id, flow.member_id
        if flow.count > 1:
            left[key] = Waiting(flow.guild_id, flow.member_id, flow.count - 1, flow.oldest_at)
        else:
            del left[key]
        yield turn


def _is_light(by_guild: int, by_member: int, budget: Budget) -> bool:
    share = max(LIGHT_POSTS, budget.hourly / budget.guilds_known)
    return by_guild < share and by_member < LIGHT_POSTS


def _goes_at_once(flow: Waiting, log: Log, budget: Budget, free: int) -> bool:
    by_guild, by_member = log.used(flow)
    if _is_light(by_guild, by_member, budget):
        return True
    used = by_member if budget.guilds_known == 1 else max(by_guild, by_member)
    return used < free - RESERVE


def _spread_at(log: Log, waiting: Sequence[Waiting], budget: Budget, now: float) -> float:
    """Return when the next POST of a heavy flow leaves, so that RESERVE slots stay free until each slot returns."""
    live = log.live
    spare = budget.hourly - len(live) - RESERVE
    alone = budget.guilds_known == 1
    heavy = {(flow.guild_id, flow.member_id if alone else 0) for flow in waiting}
    own = [post.at for post in live if (post.guild_id, post.member_id if alone else 0) in heavy]
    latest = max(own, default=now - WINDOW_SECONDS)
    gap = WINDOW_SECONDS / max(1, budget.hourly - RESERVE)
    if spare <= 0:
        returning = 1 - spare
        if returning > len(live):
            return live[-1].at + WINDOW_SECONDS
        return max(live[returning - 1].at + WINDOW_SECONDS, latest + gap)
    for position, post in enumerate(live):
        gap = max(gap, (post.at + WINDOW_SECONDS - now) / (spare + position))
    if live and all(log.used(flow)[1] >= LIGHT_POSTS for flow in waiting):
        # Only members wait who have had their share, and nothing returns for a while after a burst.
        until_return = live[0].at + WINDOW_SECONDS - now
        rate = (len(live) - len(own)) / max(RATE_SECONDS_MIN, now - live[0].at)
        room = spare - EXPECTED_SHARE * rate * until_return
        if room < 1:
            return max(now + until_return, latest + gap)
        gap = max(gap, until_return / room)
    return latest + gap
