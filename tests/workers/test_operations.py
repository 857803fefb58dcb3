"""What moderators and owners do to the queue, and what the owners are told."""

import pytest
from sqlalchemy import Connection

from bot.discord_ui.views.notices import notice_text
from bot.domain.audit import AuditAction
from bot.domain.forecast import HeldUp
from bot.domain.jobs import JobState
from bot.domain.notices import Notice
from bot.domain.refusals import NotPossible
from bot.domain.switches import WHOLE_BOT, Switch
from bot.services.admission_result import Admitted, Refused
from bot.services.operations import Operations, Resolution
from bot.storage import audit, job_lists, renders
from bot.workers.owner_notices import OwnerNotices
from tests.support.bench import GUILD, MEMBER, Bench

OWNER = 7
Decision = tuple[Resolution, list[str]]


class Messenger:
    """Stands where Discord's direct messages would."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.reachable = True

    async def tell(self, notice: Notice) -> bool:
        if self.reachable:
            self.told.append(notice_text(notice))
        return self.reachable


async def make_unresolved(engine: Bench) -> str:
    """Return a job whose outcome nobody can tell: its answer was lost, and the history cannot be read."""
    engine.studio.faults.add("cut_after")
    engine.studio.faults.add("garbage", "history", times=None)
    job = await engine.ask()
    await engine.submit()
    while await engine.state(job) is not JobState.UNRESOLVED:
        engine.studio.advance(60)
        await engine.reconciliation.step()
    engine.studio.faults.clear()
    return job.id


@pytest.mark.parametrize("where", [GUILD, WHOLE_BOT])
async def test_a_paused_queue_sends_nothing_and_loses_nothing(engine: Bench, where: int) -> None:
    operations = Operations(engine.context)
    assert await operations.switch(where, Switch.PAUSED, True, OWNER)
    assert not await operations.switch(where, Switch.PAUSED, True, OWNER), "it was paused already"
    job = await engine.ask()
    await engine.submit()
    assert engine.studio.records.posts == []
    assert (await operations.queue_state(GUILD)).paused
    view = await engine.people.get(job.id)
    assert view is not None
    assert view.forecast.held_up is HeldUp.PAUSED
    await operations.switch(where, Switch.PAUSED, False, OWNER)
    assert (await engine.finish(job)).state is JobState.SUCCEEDED


async def test_a_paused_guild_does_not_hold_up_the_others(engine: Bench) -> None:
    await Operations(engine.context).switch(GUILD, Switch.PAUSED, True, OWNER)
    waiting, other = await engine.ask(), await engine.ask(guild=GUILD + 1)
    await engine.submit()
    assert [await engine.state(waiting), await engine.state(other)] == [JobState.QUEUED, JobState.RUNNING]


@pytest.mark.parametrize("where", [GUILD, WHOLE_BOT])
async def test_a_draining_queue_refuses_and_finishes_what_it_has(engine: Bench, where: int) -> None:
    operations = Operations(engine.context)
    job = await engine.ask()
    await operations.switch(where, Switch.DRAINING, True, OWNER)
    assert isinstance(await engine.admission.admit(engine.request()), Refused)
    assert (await engine.finish(job)).state is JobState.SUCCEEDED
    await operations.switch(where, Switch.DRAINING, False, OWNER)
    assert isinstance(await engine.admission.admit(engine.request()), Admitted)


async def test_an_unresolved_job_found_by_its_owner_is_delivered(engine: Bench) -> None:
    job_id = await make_unresolved(engine)
    [remote] = engine.studio.jobs
    await Operations(engine.context).resolve(job_id, Resolution.FOUND, OWNER, remote.job_id)
    ended = await engine.poll_until_ended(await engine.job(job_id))
    assert ended.charged == engine.studio.records.charged() == 100


async def test_an_unresolved_job_found_paid_is_captured_and_closed(engine: Bench) -> None:
    job_id = await make_unresolved(engine)
    await Operations(engine.context).resolve(job_id, Resolution.PAID, OWNER)
    ended = await engine.job(job_id)
    assert (ended.state, ended.charged) == (JobState.FAILED, 100)
    await engine.deliver()
    assert [closing.job_id for closing, _ in engine.notifier.closings] == [job_id]


async def test_an_unresolved_job_that_was_not_sent_is_sent_again(engine: Bench) -> None:
    job_id = await make_unresolved(engine)
    await Operations(engine.context).resolve(job_id, Resolution.NOT_SENT, OWNER)
    assert (await engine.job(job_id)).state is JobState.QUEUED


async def test_all_renders_of_one_request_can_be_named(engine: Bench) -> None:
    first, second, other = [await make_unresolved(engine) for _ in range(3)]
    operations = Operations(engine.context)
    made = [remote.job_id for remote in engine.studio.jobs]
    await operations.resolve(first, Resolution.FOUND, OWNER, made[0], made[1], made[0])
    ended = await engine.poll_until_ended(await engine.job(first))
    assert (ended.state, ended.charged) == (JobState.SUCCEEDED, 200)
    assert len((await engine.database.read(renders.of_jobs, [first]))[first]) == 2
    for taken in ([made[1]], [made[2], made[1]], [made[2], ""], [made[2], *(f"r{n}" for n in range(16))], []):
        with pytest.raises(NotPossible, match="not_the_providers_id"):
            await operations.resolve(second, Resolution.FOUND, OWNER, *taken)
    assert await engine.state(await engine.job(other)) is JobState.UNRESOLVED


CORRECTIONS: dict[str, tuple[list[Decision], JobState]] = {
    "one more render": ([(Resolution.FOUND, ["r1"]), (Resolution.FOUND, ["r1", "r2"])], JobState.RUNNING),
    "one less": ([(Resolution.FOUND, ["r1", "r2"]), (Resolution.FOUND, ["r2"])], JobState.RUNNING),
    "found, but no: never sent": ([(Resolution.FOUND, ["r1"]), (Resolution.NOT_SENT, [])], JobState.QUEUED),
    "found, but no: lost": ([(Resolution.FOUND, ["r1"]), (Resolution.PAID, [])], JobState.FAILED),
    "never sent, but no: found": ([(Resolution.NOT_SENT, []), (Resolution.FOUND, ["r1"])], JobState.RUNNING),
}


@pytest.mark.parametrize("how", CORRECTIONS)
async def test_a_decision_can_be_corrected_while_nothing_has_followed_from_it(engine: Bench, how: str) -> None:
    decisions, state = CORRECTIONS[how]
    job_id, operations = await make_unresolved(engine), Operations(engine.context)
    for verdict, named in decisions:
        await operations.resolve(job_id, verdict, OWNER, *named)
    assert (await engine.job(job_id)).state is state
    own = (await engine.database.read(renders.of_jobs, [job_id])).get(job_id, [])
    wanted = decisions[-1][1] or (["r1"] if state is JobState.FAILED else [])
    assert [render.remote_id for render in own] == wanted
    assert await operations.unresolved() == []


async def test_a_job_that_was_never_sent_or_is_known_to_run_is_no_owners_case(engine: Bench) -> None:
    operations, waiting = Operations(engine.context), await engine.ask()
    with pytest.raises(NotPossible, match="not_unresolved"):
        await operations.resolve(waiting.id, Resolution.FOUND, OWNER, "r1")
    await engine.submit()
    for verdict in Resolution:
        with pytest.raises(NotPossible, match="not_unresolved"):
            await operations.resolve(waiting.id, verdict, OWNER, "r1")


async def test_a_verdict_that_would_pay_twice_or_take_anothers_render_is_refused(engine: Bench) -> None:
    operations = Operations(engine.context)
    other = await engine.ask("another")
    await engine.submit()
    job_id = await make_unresolved(engine)
    with pytest.raises(NotPossible, match="not_the_providers_id"):
        await operations.resolve(job_id, Resolution.FOUND, OWNER, engine.studio.jobs[0].job_id)
    with pytest.raises(NotPossible, match="not_unresolved"):
        await operations.resolve(other.id, Resolution.PAID, OWNER)
    assert (await engine.job(job_id)).state is JobState.UNRESOLVED


async def test_a_job_that_runs_for_ever_is_not_sent_again_but_can_be_waited_for(engine: Bench) -> None:
    engine.studio.faults.add("job_stuck")
    job = await engine.ask()
    await engine.submit()
    engine.studio.advance(engine.context.timings.running_seconds_max + 60)
    await engine.poller.step()
    operations = Operations(engine.context)
    with pytest.raises(NotPossible, match="was_accepted"):
        await operations.resolve(job.id, Resolution.NOT_SENT, OWNER)
    await operations.resolve(job.id, Resolution.FOUND, OWNER)
    await engine.poller.step()
    assert await engine.state(job) is JobState.RUNNING


async def test_owners_are_told_once_until_it_is_over(engine: Bench) -> None:
    messenger = Messenger()
    notices = OwnerNotices(engine.context, messenger)
    engine.studio.set_credits(40)
    job = await engine.ask()
    for _ in range(3):
        engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
        await engine.submit()
        await notices.step()
    assert len(engine.studio.records.posts) == 3
    later = await engine.admission.admit(engine.request())
    assert isinstance(later, Admitted)
    assert later.forecast.held_up is HeldUp.NO_CREDITS, "the member is told at once"
    [text] = messenger.told
    assert "100 credits; left: 40 credits)" in text
    engine.studio.set_credits(10_000)
    engine.studio.advance(engine.context.timings.no_credits_retry_seconds + 1)
    await engine.finish(job)
    await notices.step()
    assert "again" in messenger.told[1], "and that it is over"
    engine.studio.set_credits(40)
    await engine.ask()
    await engine.submit()
    await notices.step()
    assert len(messenger.told) == 3, "it came back, so they hear of it again"


async def test_owners_who_cannot_be_reached_are_told_later(engine: Bench) -> None:
    messenger = Messenger()
    messenger.reachable = False
    notices = OwnerNotices(engine.context, messenger)
    job_id = await make_unresolved(engine)
    await notices.step()
    messenger.reachable = True
    await notices.step()
    await notices.step()
    assert [job_id in text for text in messenger.told] == [True]


async def test_a_low_balance_is_warned_of_before_it_is_empty(engine: Bench) -> None:
    messenger = Messenger()
    engine.studio.set_credits(450)
    await engine.finish(await engine.ask())
    await OwnerNotices(engine.context, messenger).step()
    assert messenger.told == ["The provider account is nearly empty. Left: 350 credits."]


async def test_every_change_of_a_switch_is_in_the_audit_log(engine: Bench) -> None:
    def audited(conn: Connection) -> list[object]:
        return [(entry.actor_id, entry.action, entry.data) for entry in audit.latest(conn, GUILD, 10)]

    await Operations(engine.context).switch(GUILD, Switch.PAUSED, True, MEMBER)
    assert await engine.database.read(audited) == [(MEMBER, AuditAction.TURN_SWITCH, {"switch": "paused", "on": True})]
    assert await engine.database.read(job_lists.count_open) == {}
