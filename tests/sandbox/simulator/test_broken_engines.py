"""The simulator finds an engine that was broken on purpose: each guard is taken out, and a history shows the harm."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.evidence import Evidence, Fact
from bot.domain.jobs import Job
from bot.workers.submitter import Submitter
from sandbox.simulator.dials import Dials, plain_dials
from sandbox.simulator.simulation import Simulator

HISTORIES_MAX = 20
"""Histories within which the harm must show."""

pytestmark = pytest.mark.timeout(300)


async def send_anyway(self: Submitter, claimed: Job, claimed_at: float) -> Job:
    """Stand where the fence before the POST stands."""
    return claimed


def believe_everything(known: Any) -> Evidence:
    """Stand where the history's facts are measured on renders that are known."""
    return Evidence(frozenset(Fact), frozenset())


def take_out_the_fence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Submitter, "_pass_fence", send_anyway)


def take_out_the_calibration(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("bot.domain.reconcile.weigh", believe_everything)


def take_out_the_bound(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("bot.domain.reconcile.LOST_ANSWERS_MAX", 10**9)


def take_renders_of_nobody_for_no_evidence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("bot.domain.reconcile._nearby", lambda *_: False)


def let_time_alone_prove_absence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("bot.domain.reconcile._shows_later", lambda *_: True)


LOSSY = replace(plain_dials(), rough=0.0, lossy=0.6, rough_discord=0.0)
"""A world in which most answers of accepted requests are lost."""


@pytest.mark.parametrize(
    ("take_out", "dials", "promise"),
    [
        (take_out_the_fence, LOSSY, "nothing is paid twice"),
        (
            take_out_the_calibration,
            replace(LOSSY, time_told="other zone", prompt_told="rewritten"),
            "nothing is paid twice",
        ),
        (take_out_the_bound, replace(LOSSY, lossy=0.8), "resending is bounded"),
        (
            let_time_alone_prove_absence,
            replace(LOSSY, history_lag=3600.0, history_stalls=True),
            "nothing is paid twice",
        ),
        (take_renders_of_nobody_for_no_evidence, replace(LOSSY, prompt_told="rewritten"), "nothing is paid twice"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_an_engine_without_one_of_its_guards_is_found_out(
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    take_out: Callable[[pytest.MonkeyPatch], None],
    dials: Dials,
    promise: str,
) -> None:
    take_out(monkeypatch)
    for seed in range(HISTORIES_MAX):
        result = simulator.simulate(seed, dials)
        if result.violation is not None and result.violation.promise == promise:
            return
    pytest.fail(f"{HISTORIES_MAX} histories did not show that '{promise}' is broken")
