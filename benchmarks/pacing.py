"""Waits under the hourly limit: the bot's rule against first come first served and against an even spread.

Simulated time, several draws of each kind of use. Run: python -m benchmarks.pacing
"""

import random
from abc import ABC, abstractmethod
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from bot.domain.dispatch import WINDOW_SECONDS, Budget, Log, Post, next_turn
from bot.domain.fairness import Tags, Waiting, turns

HOURLY = 24
DRAWS = 20


class Request(NamedTuple):
    """One member's request. `group` is the row of the table that it counts for."""

    at: float
    guild_id: int
    member_id: int
    group: str


@dataclass(frozen=True, slots=True)
class Use:
    """A kind of use: its name, the guilds that the bot knows, and its requests for one draw."""

    name: str
    guilds: int
    requests: Callable[[random.Random], list[Request]]


USES = [
    Use(
        "10 members of one guild within a minute",
        1,
        lambda draw: [Request(draw.uniform(0, 60), 1, member, "all") for member in range(10)],
    ),
    Use(
        "24 members of one guild within ten minutes",
        1,
        lambda draw: [Request(draw.uniform(0, 600), 1, member, "all") for member in range(24)],
    ),
    Use("one member, 6 tries in 6 minutes", 1, lambda draw: [Request(60.0 * k, 1, 1, "all") for k in range(6)]),
    Use(
        "one member asks for 30, another one each half hour",
        1,
        lambda draw: (
            [Request(0, 1, 1, "heavy")] * 30 + [Request(1800.0 * k + 900, 1, 2 + k, "others") for k in range(4)]
        ),
    ),
    Use(
        "240 from one guild, 20 others ask once in 4 hours",
        21,
        lambda draw: (
            [Request(0, 0, 0, "heavy")] * 240
            + [Request(draw.uniform(0, 4 * 3600), guild, guild, "others") for guild in range(1, 21)]
        ),
    ),
    Use(
        "an event of 30 members in one guild, 6 requests in another",
        2,
        lambda draw: (
            [Request(draw.uniform(0, 900), 0, member, "event") for member in range(30)]
            + [Request(draw.uniform(0, 3600), 1, 100 + member, "others") for member in range(6)]
        ),
    ),
    Use(
        "15 an hour for 12 hours, 6 guilds, 40 members",
        6,
        lambda draw: [
            Request(draw.uniform(0, 12 * 3600), draw.randrange(6), draw.randrange(40), "all") for _ in range(180)
        ],
    ),
    Use(
        "20 an hour for 4 hours, one guild, 15 members",
        1,
        lambda draw: [Request(draw.uniform(0, 4 * 3600), 0, draw.randrange(15), "all") for _ in range(80)],
    ),
]


class Rule(ABC):
    """Says whose request leaves at `now`, or the moment at which to look again."""

    def __init__(self, guilds: int) -> None:
        self.guilds = guilds
        self.posts: list[Post] = []
        self.tags = Tags()

    @abstractmethod
    def pick(self, waiting: Sequence[Waiting], now: float) -> tuple[Waiting | None, float]:
        """Return whose request leaves now, or None and when to look again."""

    def full_until(self, now: float) -> float:
        """Return the moment at which the window has a free slot."""
        return max(now, self.posts[-HOURLY].at + WINDOW_SECONDS) if len(self.posts) >= HOURLY else now


class FirstComeFirstServed(Rule):
    """No sharing: whoever has waited longest."""

    def pick(self, waiting: Sequence[Waiting], now: float) -> tuple[Waiting | None, float]:
        """Return the oldest request as soon as there is a slot."""
        at = self.full_until(now)
        return (min(waiting, key=lambda flow: flow.oldest_at), now) if at <= now else (None, at)


class FairTurns(Rule):
    """Fair turns without any pacing: every slot is taken as soon as it is free."""

    def pick(self, waiting: Sequence[Waiting], now: float) -> tuple[Waiting | None, float]:
        """Return the next fair turn as soon as there is a slot."""
        at = self.full_until(now)
        return (next(turns(waiting, self.tags)), now) if at <= now else (None, at)


class EvenSpread(Rule):
    """Four at once, then one every 150 s, by fair turns: the bot's rule until version 0.1."""

    def pick(self, waiting: Sequence[Waiting], now: float) -> tuple[Waiting | None, float]:
        """Return the next fair turn once the spread allows it."""
        interval, until = 3600 / HOURLY, 0.0
        for post in self.posts:
            until = max(until, post.at) + interval
        at = max(self.full_until(now), until - 3 * interval)
        return (next(turns(waiting, self.tags)), now) if at <= now else (None, at)


class DynamicThreshold(Rule):
    """The bot's rule."""

    def pick(self, waiting: Sequence[Waiting], now: float) -> tuple[Waiting | None, float]:
        """Return what `bot.domain.dispatch` says."""
        turn = next_turn(waiting, self.tags, Log(self.posts), Budget(HOURLY, self.guilds), now)
        if turn is None:
            raise ValueError("there is nothing to pick from")
        return (turn.flow, now) if turn.at <= now else (None, turn.at)


def simulate(requests: Sequence[Request], rule: Rule) -> Iterator[tuple[Request, float]]:
    """Yield each request with the moment at which it left."""
    coming = sorted(requests)
    queue: OrderedDict[tuple[int, int], list[Request]] = OrderedDict()
    now, next_coming = 0.0, 0
    while next_coming < len(coming) or queue:
        while next_coming < len(coming) and coming[next_coming].at <= now:
            request = coming[next_coming]
            queue.setdefault((request.guild_id, request.member_id), []).append(request)
            next_coming += 1
        again = float("inf")
        if queue:
            flows = [Waiting(guild, member, len(own), own[0].at) for (guild, member), own in queue.items()]
            flow, again = rule.pick(flows, now)
            if flow is not None:
                key = flow.guild_id, flow.member_id
                request = queue[key].pop(0)
                if not queue[key]:
                    del queue[key]
                rule.posts.append(Post(now, flow.guild_id, flow.member_id))
                yield request, now
                continue
        arrival = coming[next_coming].at if next_coming < len(coming) else float("inf")
        now = max(now + 1e-6, min(again, arrival))


def most_in_a_window(moments: Sequence[float]) -> int:
    """Return the most POSTs in any window."""
    first = most = 0
    for last, at in enumerate(moments):
        while moments[first] + WINDOW_SECONDS <= at:
            first += 1
        most = max(most, last - first + 1)
    return most


def _in_later_hours(at: float) -> bool:
    """Whether a POST is in the second to fourth window: the first has the burst with which any rule begins."""
    return WINDOW_SECONDS <= at < 4 * WINDOW_SECONDS


def main() -> None:
    """Print the table of waits in minutes: the median of the medians, and the longest of all draws."""
    rules: list[type[Rule]] = [FirstComeFirstServed, FairTurns, EvenSpread, DynamicThreshold]
    print("| use | who | " + " | ".join(rule.__name__ for rule in rules) + " |")
    print("| --- | --- | " + " | ".join("---" for _ in rules) + " |")
    for use in USES:
        waits: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        heavy_posts: dict[str, int] = defaultdict(int)
        most = 0
        for number in range(DRAWS):
            requests = use.requests(random.Random(number))
            for rule in rules:
                left = list(simulate(requests, rule(use.guilds)))
                most = max(most, most_in_a_window([at for _, at in left]))
                for group in {request.group for request in requests}:
                    own = [(at - request.at) / 60 for request, at in left if request.group == group]
                    waits[group, rule.__name__].append((median(own), max(own)))
                heavy_posts[rule.__name__] += sum(r.group == "heavy" and _in_later_hours(at) for r, at in left)
        if most > HOURLY:
            raise SystemExit(f"{use.name}: {most} POSTs in one window")
        for group in sorted({group for group, _ in waits}):
            cells = []
            for rule in rules:
                own_waits = waits[group, rule.__name__]
                cells.append(f"{median(m for m, _ in own_waits):.1f} / {max(longest for _, longest in own_waits):.1f}")
            print(f"| {use.name} | {group} | " + " | ".join(cells) + " |")
        if against := heavy_posts[FairTurns.__name__]:
            cells = [f"{heavy_posts[rule.__name__] / against:.0%}" for rule in rules]
            print(f"| {use.name} | POSTs of the heavy one, hours 2 to 4 | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
