"""What is done about a POST whose answer was lost, case by case, for every way in which a history may tell a render."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.evidence import Sent
from bot.domain.reconcile import LOST_ANSWERS_MAX, Action, Attempt, Patience, Shown, Verdict, plan
from bot.domain.renders import RenderReport, RenderState

BEGAN = 1_000_000.0
PATIENCE = Patience(settled=300.0, undecided=1800.0, given_up=86_400.0)
BODY = {"model_slug": "veo31_fast", "prompt": "a lighthouse & the sea", "aspect_ratio": "16:9"}
IMAGE = "https://cdn.example/1.png"


def attempt(job_id: str = "lost", began_at: float = BEGAN, **changes: Any) -> Attempt:
    return Attempt(job_id, Sent({**BODY, **changes}, began_at), began_at)


def told(remote_id: str, sent: Sent, **changes: Any) -> RenderReport:
    """The render of a POST, told rightly but for `changes`."""
    report = RenderReport(
        remote_id, RenderState.COMPLETED, model_slug=sent.payload["model_slug"], prompt=sent.payload.get("prompt"),
        input_urls=tuple(sent.payload.get("input_image_urls", ())), created_at=sent.began_at + 2,
        aspect_ratio=sent.payload.get("aspect_ratio"),
    )  # fmt: skip
    return replace(report, **changes)


EARLIER = {
    f"known-{number}": Sent({**BODY, "prompt": f"an earlier one & {number}"}, BEGAN - 3000 + 900 * number)
    for number in range(2)
}
LATER = Sent({**BODY, "prompt": "a later one"}, BEGAN + 70)
OWNED = {**EARLIER, "later": LATER}
Telling = Callable[[RenderReport], RenderReport]


def known(telling: Telling = lambda report: report) -> list[RenderReport]:
    """The renders that we own, told as this provider tells them."""
    return [telling(told(remote_id, sent)) for remote_id, sent in EARLIER.items()]


def decide(
    attempts: Sequence[Attempt],
    reports: Sequence[RenderReport],
    *,
    after: float,
    others: Sequence[Sent] = (),
    shown: Shown | None = None,
) -> dict[str, Action]:
    """The actions `after` seconds."""
    history = shown or Shown(reports, complete=True, fresh=True)
    return dict(plan(attempts, others, history, OWNED, BEGAN + after, PATIENCE))


def verdict(
    *reports: RenderReport, after: float = 1000.0, one: Attempt | None = None, others: Sequence[Sent] = ()
) -> Verdict:
    """What is done about one attempt if the history shows renders of ours from before and after it."""
    one = one or attempt()
    return decide([one], [*known(), told("later", LATER), *reports], after=after, others=others)[one.job_id].verdict


TOLD_OTHERWISE: dict[str, Telling] = {
    "a cut prompt": lambda report: replace(report, prompt=(report.prompt or "")[:10]),
    "a cut prompt with an ellipsis": lambda report: replace(report, prompt=(report.prompt or "")[:10] + "..."),
    "an escaped prompt": lambda report: replace(report, prompt=(report.prompt or "").replace("&", "&amp;")),
    "a rewritten prompt": lambda report: replace(report, prompt=f"Cinematic. {report.prompt}"),
    "no prompt": lambda report: replace(report, prompt=None),
    "the model's display name": lambda report: replace(report, model_slug="Veo 3.1 Fast"),
    "inputs hosted elsewhere": lambda report: replace(report, input_urls=("https://media.example/in/1.png",)),
    "a zone five hours behind": lambda report: replace(report, created_at=(report.created_at or 0) - 5 * 3600),
    "a clock three minutes behind": lambda report: replace(report, created_at=(report.created_at or 0) - 180),
    "a clock three minutes ahead": lambda report: replace(report, created_at=(report.created_at or 0) + 200),
    "no time": lambda report: replace(report, created_at=None),
    "another ratio": lambda report: replace(report, aspect_ratio="1280x720"),
}


@pytest.mark.parametrize("how", TOLD_OTHERWISE)
@pytest.mark.parametrize("calibrated", [True, False], ids=["also of ours", "of this one only"])
def test_a_render_that_is_told_otherwise_is_never_paid_for_again(how: str, calibrated: bool) -> None:
    tell = TOLD_OTHERWISE[how]
    one = attempt(input_image_urls=[IMAGE])
    reports = [*known(tell if calibrated else lambda report: report), tell(told("theirs", one.sent))]
    for after in (10.0, 400.0, 1700.0, 2000.0, 10**6):
        action = decide([one], reports, after=after)["lost"]
        assert action.verdict is not Verdict.SEND_AGAIN, after
        if action.verdict is Verdict.HAND_OVER:
            assert [candidate.remote_id for candidate in action.candidates][:1] == ["theirs"]


@pytest.mark.parametrize("how", ["inputs hosted elsewhere", "another ratio", "the model's display name"])
def test_a_fact_that_is_told_wrongly_of_ours_does_not_hide_a_render_that_tells_its_prompt(how: str) -> None:
    tell = TOLD_OTHERWISE[how]
    if how == "inputs hosted elsewhere":
        sent = Sent({**BODY, "input_image_urls": [IMAGE]}, BEGAN - 2000)
        ours = {"known-0": sent}
        reports = [tell(told("known-0", sent))]
        one = attempt(input_image_urls=[IMAGE])
    else:
        ours, reports, one = EARLIER, known(tell), attempt()
    reports.append(tell(told("theirs", one.sent)))
    action = plan([one], (), Shown(reports, True, True), ours, BEGAN + 10, PATIENCE)["lost"]
    assert (action.verdict, action.remote_id) == (Verdict.ADOPT, "theirs")


def test_a_render_that_tells_all_as_it_was_sent_is_adopted_at_once() -> None:
    assert verdict(told("theirs", attempt().sent), after=5.0) is Verdict.ADOPT


def test_absence_counts_only_after_the_provider_had_time_to_show_it() -> None:
    assert verdict(after=299.0) is Verdict.WAIT
    assert verdict(after=301.0) is Verdict.SEND_AGAIN


@pytest.mark.parametrize("after", [301.0, 901.0, 3601.0, 40_000.0])
def test_time_alone_proves_nothing(after: float) -> None:
    """A history that shows nothing later may be hours late."""
    assert decide([attempt()], known(), after=after)["lost"].verdict in (Verdict.WAIT, Verdict.HAND_OVER)


LATER_ONES: dict[str, tuple[RenderReport, Verdict]] = {
    "ours": (told("later", LATER), Verdict.SEND_AGAIN),
    "ours, of before its sender gave up": (told("known-1", EARLIER["known-1"]), Verdict.WAIT),
    "somebody's": (told("somebody's", Sent({**BODY, "prompt": "quite another"}, BEGAN + 200)), Verdict.SEND_AGAIN),
    "somebody's, without a time": (
        RenderReport("somebody's", RenderState.COMPLETED, prompt="quite another"), Verdict.WAIT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", LATER_ONES)
def test_a_later_render_shows_that_the_history_is_not_late(which: str) -> None:
    report, expected = LATER_ONES[which]
    reports = [*known(), *([report] if report.remote_id not in EARLIER else [])]
    assert decide([attempt()], reports, after=400.0)["lost"].verdict is expected


def test_somebodys_later_time_counts_only_if_times_are_told_rightly() -> None:
    behind = TOLD_OTHERWISE["a zone five hours behind"]
    theirs = told("somebody's", Sent({**BODY, "prompt": "quite another"}, BEGAN + 20_000))
    assert decide([attempt()], [*known(behind), theirs], after=30_000.0)["lost"].verdict is Verdict.HAND_OVER


def test_absence_counts_from_the_moment_at_which_nobody_was_sending_any_more() -> None:
    taken_over = replace(attempt(), unknown_since=BEGAN + 60)
    assert verdict(one=taken_over, after=359.0) is Verdict.WAIT
    assert verdict(one=taken_over, after=361.0) is Verdict.SEND_AGAIN
    assert verdict(one=replace(attempt(), unknown_since=BEGAN + 71)) is Verdict.WAIT, "it was sent after the later one"


@pytest.mark.parametrize("reports", [known(), [*known(), told("later", LATER)]], ids=["nothing later", "a later one"])
@pytest.mark.parametrize("lost_answers", [1, LOST_ANSWERS_MAX])
def test_what_was_not_shown_for_a_day_ends_and_is_not_sent_again(
    reports: Sequence[RenderReport], lost_answers: int
) -> None:
    one = replace(attempt(), lost_answers=lost_answers)
    assert decide([one], reports, after=86_399.0)["lost"].verdict is not Verdict.END
    assert decide([one], reports, after=86_401.0)["lost"].verdict is Verdict.END


NO_PROOF: dict[str, Shown] = {
    "an empty history": Shown([], complete=True, fresh=True),
    "one that shows none of ours": Shown([told("old", Sent(BODY, BEGAN - 5000))], complete=True, fresh=True),
    "one that does not reach back": Shown([told("known-1", Sent(BODY, BEGAN + 20))], complete=True, fresh=True),
    "one that lags": Shown(known(), complete=True, fresh=False),
    "one with entries that cannot be read": Shown(known(), complete=False, fresh=True),
    "one without times": Shown(known(TOLD_OTHERWISE["no time"]), complete=True, fresh=True),
    "one of another zone": Shown(known(TOLD_OTHERWISE["a zone five hours behind"]), complete=True, fresh=True),
    "one with somebody's render of those minutes": Shown(
        [*known(), told("somebody's", attempt(prompt="quite another").sent)], complete=True, fresh=True
    ),
    "one with somebody's render without a time": Shown(
        [*known(), RenderReport("somebody's", RenderState.COMPLETED, prompt="quite another")], complete=True, fresh=True
    ),
}


@pytest.mark.parametrize("what", NO_PROOF)
def test_a_history_that_proves_nothing_ends_with_the_owner(what: str) -> None:
    one, shown = attempt(), NO_PROOF[what]
    assert decide([one], [], after=1000.0, shown=shown)["lost"].verdict is Verdict.WAIT
    for after in (1801.0, 10 * 86_400.0):
        assert decide([one], [], after=after, shown=shown)["lost"].verdict is Verdict.HAND_OVER


@pytest.mark.parametrize("later", [200.0, 1200.0, 10_000.0])
def test_somebodys_render_of_later_is_neither_adopted_nor_in_the_way(later: float) -> None:
    theirs = told("somebody's", Sent({**BODY, "prompt": "quite another"}, BEGAN + later))
    assert verdict(theirs, after=20_000.0) is Verdict.SEND_AGAIN
    the_very_prompt = told("somebody's", Sent(BODY, BEGAN + later))
    assert verdict(the_very_prompt, after=20_000.0) is Verdict.HAND_OVER


def test_after_three_lost_answers_an_owner_decides() -> None:
    lost = [verdict(one=replace(attempt(), lost_answers=n)) for n in range(1, LOST_ANSWERS_MAX + 1)]
    assert lost == [Verdict.SEND_AGAIN, Verdict.SEND_AGAIN, Verdict.HAND_OVER]


def test_equal_requests_with_as_many_renders_get_one_each() -> None:
    first, second = attempt("first"), attempt("second", BEGAN + 5)
    reports = [*known(), told("a", first.sent), told("b", second.sent)]
    actions = decide([second, first], reports, after=10.0)
    assert {job_id: action.remote_id for job_id, action in actions.items()} == {"first": "a", "second": "b"}


def test_of_equal_requests_with_one_render_none_is_guessed() -> None:
    first, second = attempt("first"), attempt("second", BEGAN + 5)
    actions = decide([first, second], [*known(), told("a", first.sent)], after=2000.0)
    assert {action.verdict for action in actions.values()} == {Verdict.HAND_OVER}


@pytest.mark.parametrize("tells_options", [True, False])
def test_alike_requests_with_other_options_are_not_swapped(tells_options: bool) -> None:
    wide, tall = attempt("wide"), attempt("tall", BEGAN + 1, aspect_ratio="9:16")
    change = {} if tells_options else {"aspect_ratio": None}
    reports = [*known(), told("tall's", tall.sent, **change), told("wide's", wide.sent, **change)]
    actions = decide([wide, tall], reports, after=10.0)
    if tells_options:
        assert {job_id: action.remote_id for job_id, action in actions.items()} == {"wide": "wide's", "tall": "tall's"}
    else:
        assert {action.verdict for action in actions.values()} == {Verdict.WAIT}


def test_a_render_that_another_post_could_own_is_not_adopted() -> None:
    one = attempt()
    assert verdict(told("theirs", one.sent), one=one, after=10.0, others=[one.sent]) is Verdict.WAIT


def test_the_render_that_one_attempt_owns_is_not_in_the_way_of_another() -> None:
    found, absent = attempt("found"), attempt("absent", prompt="never arrived")
    actions = decide([found, absent], [*known(), told("a", found.sent), told("later", LATER)], after=1000.0)
    assert [actions[job_id].verdict for job_id in ("found", "absent")] == [Verdict.ADOPT, Verdict.SEND_AGAIN]


def test_a_request_without_a_prompt_is_told_by_its_inputs() -> None:
    one = attempt(prompt="", input_image_urls=[IMAGE])
    assert verdict(told("theirs", one.sent), one=one) is Verdict.ADOPT
    assert verdict(told("theirs", one.sent, input_urls=()), one=one) is Verdict.WAIT


def test_candidates_are_few_and_their_prompts_short() -> None:
    many = [told(f"r{n}", Sent({**BODY, "prompt": "x" * 5000}, BEGAN + n / 10)) for n in range(100)]
    candidates = decide([attempt()], [*known(), *many], after=2000.0)["lost"].candidates
    assert len(candidates) == 25
    assert {len(candidate.prompt or "") for candidate in candidates} == {200}
    assert candidates[0].remote_id == "r99", "the newest first"
