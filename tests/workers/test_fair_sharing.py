"""Fair turns and pacing, simulated over hours within milliseconds: no small guild waits behind a flooder."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dispatch import WINDOW_SECONDS, Budget, Log, Post, next_turn
from bot.domain.durations import Durations
from bot.domain.fairness import Tags, Waiting, turns
from bot.domain.forecast import look_ahead

HOURLY = 24


@dataclass(frozen=True)
class Request:
    guild_id: int
    member_id: int
    at: float


def guilds_of(requests: list[Request]) -> int:
    return len({request.guild_id for request in requests})


def simulate(requests: list[Request], hourly: int = HOURLY) -> list[tuple[Request, float]]:
    """Serve requests as the claim does: each with the moment of its POST, in the order of the POSTs."""
    coming = sorted(requests, key=lambda request: request.at)
    queue: list[Request] = []
    posts: list[Post] = []
    budget = Budget(hourly, guilds_of(requests))
    served: list[tuple[Request, float]] = []
    tags, now = Tags(), 0.0
    while coming or queue:
        while coming and coming[0].at <= now:
            queue.append(coming.pop(0))
        turn = next_turn(grouped(queue), tags, Log(posts), budget, now)
        if turn is None:
            now = coming[0].at
            continue
        if turn.at > now:
            now = min(turn.at, coming[0].at) if coming else turn.at
            continue
        chosen = turn.flow.guild_id, turn.flow.member_id
        request = next(each for each in queue if (each.guild_id, each.member_id) == chosen)
        queue.remove(request)
        posts.append(Post(now, *chosen))
        served.append((request, now))
    return served


def grouped(queue: list[Request]) -> list[Waiting]:
    groups: dict[tuple[int, int], list[float]] = {}
    for request in queue:
        groups.setdefault((request.guild_id, request.member_id), []).append(request.at)
    return [Waiting(guild, member, len(times), min(times)) for (guild, member), times in groups.items()]


def most_in_an_hour(moments: list[float]) -> int:
    return max(sum(1 for other in moments if at <= other < at + 3600) for at in moments)


def test_a_flood_does_not_make_small_guilds_wait() -> None:
    flood = [Request(1, 1, 0.0) for _ in range(240)]
    small = [Request(100 + number, 1, 600.0 + number * 450.0) for number in range(20)]
    served = simulate(flood + small)
    waits = [at - request.at for request, at in served if request.guild_id != 1]
    assert median(waits) == 0
    assert max(waits) <= 150
    assert most_in_an_hour([at for _, at in served]) <= HOURLY


def test_within_a_guild_one_members_flood_does_not_hold_up_the_others() -> None:
    requests = [Request(1, 1, 0.0) for _ in range(30)] + [Request(1, member, 1.0) for member in range(2, 6)]
    others = [at - request.at for request, at in simulate(requests) if request.member_id != 1]
    assert max(others[:2]) == 0.0
    assert max(others) <= 180.0


def test_being_idle_earns_no_more_than_an_even_share() -> None:
    """A guild that comes after hours of silence takes its share of the hour first, and then takes turns."""
    busy = [Request(1, 1, 0.0) for _ in range(90)]
    late = [Request(2, 1, 4000.0) for _ in range(60)]
    hour = [request.guild_id for request, at in simulate(busy + late) if 4000.0 <= at < 4000.0 + WINDOW_SECONDS]
    share = Counter(hour)
    assert share[2] - share[1] in range(4), share


times = st.floats(min_value=0, max_value=20_000, allow_nan=False)
request_lists = st.lists(st.builds(Request, st.integers(1, 4), st.integers(1, 3), times), min_size=1, max_size=70)


@given(request_lists, st.integers(1, 30))
def test_the_hourly_limit_is_never_passed_and_nobody_is_forgotten(requests: list[Request], hourly: int) -> None:
    served = simulate(requests, hourly)
    assert Counter(request for request, _ in served) == Counter(requests)
    assert most_in_an_hour([at for _, at in served]) <= hourly
    assert all(at >= request.at for request, at in served)


@given(request_lists)
def test_the_forecast_is_what_happens_when_nobody_else_comes(requests: list[Request]) -> None:
    now = 20_000.0
    queue = [Request(each.guild_id, each.member_id, now) for each in requests]
    mine = queue[-1]
    ahead = sum(1 for each in queue[:-1] if (each.guild_id, each.member_id) == (mine.guild_id, mine.member_id))
    outlook = look_ahead(grouped(queue), Tags(), Log([]), Budget(HOURLY, guilds_of(queue)), now)
    foreseen = outlook.forecast(mine.guild_id, mine.member_id, ahead, Durations(), 0.0)
    served = [
        (each, at) for each, at in simulate(queue) if (each.guild_id, each.member_id) == (mine.guild_id, mine.member_id)
    ]
    assert foreseen.starts_at == pytest.approx(served[-1][1])
    assert foreseen.place is not None
    assert foreseen.place >= len(served)


def test_looking_ahead_does_not_change_whose_turn_it_is() -> None:
    queue = [Waiting(1, 1, 3, 0.0), Waiting(2, 1, 3, 1.0)]
    tags = Tags()
    foreseen = list(turns(queue, deepcopy(tags)))
    assert list(turns(queue, tags)) == foreseen
