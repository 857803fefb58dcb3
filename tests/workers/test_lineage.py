"""Lines of descent on both databases: branches, what is gone, and what a member gets of them."""

from dataclasses import replace

from bot.domain.jobs import Job
from bot.domain.lineage import ParentClip, Relative
from bot.services.admission_result import Admitted
from bot.storage import job_erasing, lineage, personal_data, postings
from bot.storage.lineage import ANCESTORS_MAX, CHILDREN_MAX
from tests.support.bench import CHANNEL, MEMBER, Bench

OTHER = 3002


async def child_of(engine: Bench, parent: Job, prompt: str = "on", member: int = OTHER) -> Job:
    asked = engine.request(prompt, member=member)
    admitted = await engine.admission.admit(replace(asked, parent=ParentClip(parent.id, 0)))
    assert isinstance(admitted, Admitted), admitted
    assert admitted.parent is not None
    engine.studio.advance(1)
    return admitted.job


async def test_a_clip_has_several_children_and_a_line_of_ancestors(engine: Bench) -> None:
    first = await engine.ask("first")
    await engine.finish(first)
    left = await child_of(engine, first, "left")
    right = await child_of(engine, first, "right")
    grandchild = await child_of(engine, left, "far left")
    found = await engine.database.read(lineage.lineage_of, await engine.job(first.id))
    assert ([one.job_id for one in found.children], found.children_count) == ([left.id, right.id], 2)
    found = await engine.database.read(lineage.lineage_of, grandchild)
    posted = engine.notifier.posted[first.id]
    assert found.ancestors == (
        Relative(left.id, OTHER, left.model_name),
        Relative(first.id, MEMBER, first.model_name, (CHANNEL, posted)),
    )
    await engine.database.write(postings.note_deleted, first.id, MEMBER, engine.context.clock())
    parent = await engine.database.read(lineage.parent_of, left)
    assert parent == Relative(first.id, MEMBER, first.model_name)


async def test_an_erased_parent_is_told_as_gone_and_an_erased_child_is_told_no_more(engine: Bench) -> None:
    first = await engine.ask("first")
    await engine.finish(first)
    child = await child_of(engine, first)
    await engine.finish(child)
    await engine.database.write(job_erasing.erase, [first.id], engine.context.clock(), pseudonym=-5)
    parent = await engine.database.read(lineage.parent_of, child)
    assert parent == Relative(first.id)
    assert parent.gone
    await engine.database.write(job_erasing.erase, [child.id], engine.context.clock(), pseudonym=-6)
    erased = await engine.job(child.id)
    assert (erased.parent_id, erased.parent_position) == (None, None)
    found = await engine.database.read(lineage.lineage_of, await engine.job(first.id))
    assert (found.children, found.children_count) == ((), 0)


async def test_a_long_line_and_many_children_are_cut_and_counted(engine: Bench) -> None:
    line = [await engine.ask("first")]
    for _ in range(ANCESTORS_MAX + 1):
        line.append(await child_of(engine, line[-1]))
    found = await engine.database.read(lineage.lineage_of, line[-1])
    assert [one.job_id for one in found.ancestors] == [job.id for job in reversed(line[1:-1])]
    assert found.has_more_ancestors
    for _ in range(CHILDREN_MAX + 1):
        await child_of(engine, line[-1])
    found = await engine.database.read(lineage.lineage_of, line[-1])
    assert (len(found.children), found.children_count) == (CHILDREN_MAX, CHILDREN_MAX + 1)


async def test_the_export_of_a_member_names_the_parents_of_their_jobs(engine: Bench) -> None:
    first = await engine.ask("first")
    child = await child_of(engine, first)
    [told], _ = await engine.database.read(personal_data.jobs_page, OTHER, "")
    assert (told["id"], told["parent_id"], told["parent_position"]) == (child.id, first.id, 0)
