"""What is tried after each refusal, and which files go into a message: rules without any Discord."""

import pytest

from bot.discord_ui.posting.placement import Placement, step_down, within

FILES = (0, 1)


@pytest.mark.parametrize(
    ("placement", "status", "code", "then"),
    [
        (Placement("dm", FILES), 413, 40005, Placement("dm", ())),
        (Placement("dm", (0,)), 413, 0, Placement("dm", ())),
        (Placement("channel", ()), 413, 40005, None),
        (Placement("channel", FILES), 403, 50013, Placement("channel", ())),
        (Placement("channel", ()), 403, 50013, Placement("dm", FILES)),
        (Placement("channel", FILES), 404, 10003, Placement("dm", FILES)),
        (Placement("channel", FILES), 400, 50083, Placement("dm", FILES)),
        (Placement("dm", FILES), 403, 50007, Placement("dm", ())),
        (Placement("dm", ()), 403, 50007, None),
        (Placement("dm", FILES), 404, 10013, None),
        (Placement("channel", FILES), 400, 50035, Placement("channel", ())),
        (Placement("channel", ()), 400, 50035, None),
    ],
)
def test_each_refusal_has_its_next_step(placement: Placement, status: int, code: int, then: Placement | None) -> None:
    assert step_down(placement, status, code, FILES) == then


def test_whatever_discord_refuses_the_steps_come_to_an_end() -> None:
    for status, code in [(413, 40005), (403, 50013), (404, 10003), (400, 50035), (400, 160002), (400, 50083)]:
        placement: Placement | None = Placement("channel", FILES)
        for _ in range(10):
            placement = placement and step_down(placement, status, code, FILES)
        assert placement is None


def test_files_are_attached_as_far_as_one_request_goes() -> None:
    mib = 1024 * 1024
    assert within([10 * mib, 10 * mib, 10 * mib], 20 * mib) == (0, 1)
    assert within([21 * mib, 5 * mib], 20 * mib) == (1,)
    assert within([90 * mib], 100 * mib) == (0,)
    assert within([1] * 12, 20 * mib) == tuple(range(10))
    assert within([None, 1, None], 20 * mib) == (1,)
