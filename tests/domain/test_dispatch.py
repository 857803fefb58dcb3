"""Sharing the hourly limit: light flows leave at once, heavy ones leave room, and no window ever has too many POSTs."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dispatch import LIGHT_POSTS, RESERVE, WINDOW_SECONDS, Budget, Log, Post, foreseen, next_turn
from bot.domain.fairness import Tags, Waiting

NOW = 1_000_000.0
HOURLY = 24


def flow(guild: int, member: int, count: int = 1, oldest_at: float = NOW) -> Waiting:
    return Waiting(guild, member, count, oldest_at)


def moments(waiting: Sequence[Waiting], posts: Sequence[Post] = (), guilds: int = 1) -> list[tuple[float, int, int]]:
    """Seconds from NOW, guild and member of each turn that is foreseen."""
    turns = foreseen(waiting, Tags(), Log(posts), Budget(HOURLY, guilds), NOW)
    return [(turn.at - NOW, turn.flow.guild_id, turn.flow.member_id) for turn in turns]


def test_a_full_hour_of_members_of_a_lone_guild_leaves_at_once() -> None:
    left = moments([flow(1, member) for member in range(HOURLY)])
    assert [at for at, _, _ in left] == [0.0] * HOURLY


def test_one_member_of_a_lone_guild_goes_on_while_more_is_free_than_they_have_used() -> None:
    left = moments([flow(1, 1, 30)])
    at_once = [at for at, _, _ in left if at == 0.0]
    assert len(at_once) == (HOURLY - RESERVE) // 2
    assert sorted(at for at, _, _ in left) == [at for at, _, _ in left]


@pytest.mark.parametrize("minutes", range(1, 60, 7))
def test_whoever_asks_beside_a_flood_leaves_at_once(minutes: int) -> None:
    log: list[Post] = []
    for at, guild, member in moments([flow(1, 1, 240)], guilds=20):
        if at > minutes * 60:
            break
        log.append(Post(NOW + at, guild, member))
    now = NOW + minutes * 60
    turn = next_turn([flow(1, 1, 200), flow(2, 2, 1, now)], Tags(), Log(log), Budget(HOURLY, 20), now)
    assert turn is not None
    assert (turn.at, turn.flow.guild_id) == (now, 2)


def test_a_guild_beyond_its_share_waits_for_another_that_is_silent_now() -> None:
    members = [flow(1, member) for member in range(HOURLY)]
    at_once = [at for at, _, _ in moments(members, guilds=2) if at == 0.0]
    assert len(at_once) == HOURLY // 2


def test_nothing_leaves_while_the_account_is_blocked() -> None:
    turn = next_turn([flow(1, 1)], Tags(), Log(()), Budget(HOURLY, 1, NOW + 60), NOW)
    assert turn is not None
    assert turn.at == NOW + 60


def test_nothing_waits_and_nothing_leaves() -> None:
    assert next_turn([], Tags(), Log(()), Budget(HOURLY), NOW) is None


@given(
    queue=st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 5)), st.integers(1, 25), min_size=1, max_size=8),
    ages=st.lists(st.floats(0, 2 * WINDOW_SECONDS), max_size=HOURLY, unique=True),
    hourly=st.integers(1, 30),
    guilds=st.integers(1, 6),
)
def test_no_window_has_more_posts_than_the_limit_and_everybody_leaves(
    queue: dict[tuple[int, int], int], ages: list[float], hourly: int, guilds: int
) -> None:
    ages = sorted(ages, reverse=True)[-hourly:]
    posts = [Post(NOW - age, 1, 1) for age in ages]
    waiting = [flow(guild, member, count) for (guild, member), count in queue.items()]
    turns = list(foreseen(waiting, Tags(), Log(posts), Budget(hourly, max(guilds, 4)), NOW))
    assert len(turns) == sum(queue.values())
    log = [post.at for post in posts] + [turn.at for turn in turns]
    assert log == sorted(log)
    for first, beyond in zip(log, log[hourly:], strict=False):
        assert first + WINDOW_SECONDS <= beyond
    light = [turn.at for turn in turns if turn.at == NOW]
    free = hourly - sum(post.at + WINDOW_SECONDS > NOW for post in posts)
    newcomers = sum(1 for guild in {guild for guild, _ in queue} if guild != 1)
    assert len(light) >= min(free, newcomers, LIGHT_POSTS)
