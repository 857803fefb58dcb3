"""The age of a POST is the true one, whatever happens to the time of day."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dispatch import WINDOW_SECONDS, Post
from bot.domain.post_ages import LoggedPost, PostAges

START = 1_000_000.0
HOURS = st.sampled_from([-2 * 3600.0, -30.0, 0.0, 0.0, 0.0, 90.0, 2 * 3600.0, 86_400.0])


@dataclass
class Machine:
    """A process with a log, on a machine whose time of day `ahead` seconds is wrong."""

    true_now: float = START
    ahead: float = 0.0
    rows: list[LoggedPost] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    """The true moments of the POSTs, in the order of their ids."""

    def __post_init__(self) -> None:
        self.ages = PostAges(lambda: self.true_now - START + 77.0)

    @property
    def now(self) -> float:
        return self.true_now + self.ahead

    def post(self) -> None:
        self.rows.append(LoggedPost(len(self.rows), Post(self.now, 1, 2)))
        self.sent_at.append(self.true_now)

    def look(self) -> list[Post]:
        """Look as the storage does: at what is in the window by the time of day, and at what was known to count."""
        oldest = self.ages.oldest_id
        since = self.now - WINDOW_SECONDS
        rows = [row for row in self.rows if row.post.at > since or (oldest is not None and row.id >= oldest)]
        return self.ages.true_log(rows, self.now)

    def counting(self) -> int:
        """How many POSTs truly count."""
        return sum(at > self.true_now - WINDOW_SECONDS for at in self.sent_at)


@given(st.lists(st.tuples(st.floats(0, 1500), HOURS, st.booleans()), max_size=60))
def test_no_post_is_forgotten_while_it_counts_however_the_time_of_day_jumps(
    happenings: list[tuple[float, float, bool]],
) -> None:
    machine = Machine()
    for seconds, ahead, posts in happenings:
        machine.true_now += seconds
        machine.ahead = ahead
        assert len(machine.look()) >= machine.counting()
        if posts:
            machine.post()
        machine.look()


@given(st.lists(st.tuples(st.floats(0, 1500), st.booleans()), max_size=60))
def test_a_clock_that_runs_evenly_changes_nothing(happenings: list[tuple[float, bool]]) -> None:
    machine = Machine()
    for seconds, posts in happenings:
        machine.true_now += seconds
        seen = machine.look()
        assert len(seen) == machine.counting()
        assert [round(post.at, 3) for post in seen] == [
            round(at, 3) for at in machine.sent_at if at > machine.true_now - WINDOW_SECONDS
        ]
        if posts:
            machine.post()


def test_hours_in_which_a_machine_was_suspended_have_truly_passed() -> None:
    machine = Machine()
    for _ in range(24):
        machine.post()
        machine.look()
    machine.true_now += 2 * 3600
    assert machine.look() == []


def test_two_hours_by_which_a_clock_jumps_ahead_have_not_passed() -> None:
    machine = Machine()
    for _ in range(24):
        machine.post()
        machine.look()
    machine.ahead = 2 * 3600.0
    machine.true_now += 60
    assert len(machine.look()) == 24
    machine.true_now += WINDOW_SECONDS - 59
    assert machine.look() == []


def test_a_post_that_is_taken_back_or_answered_later_counts_so() -> None:
    machine = Machine()
    machine.post()
    machine.post()
    machine.look()
    machine.true_now += 30
    machine.rows = [LoggedPost(1, Post(machine.now, 1, 2))]
    machine.true_now += 10
    assert [post.at for post in machine.look()] == [machine.now - 10], "the first was taken back, the second answered"


def test_after_a_start_no_post_is_older_than_the_one_before_it() -> None:
    """The process before was running while the clock was two hours behind for a while."""
    rows = [LoggedPost(1, Post(START - 60, 1, 2)), LoggedPost(2, Post(START - 7200, 1, 2))]
    ages = PostAges(lambda: 5.0)
    assert [post.at for post in ages.true_log(rows, START)] == [START - 60, START - 60]
