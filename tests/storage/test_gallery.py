"""The gallery's rows on both kinds of database: what a page has, what is claimed, and what a deletion takes along."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.domain.gallery import DAY, REELS, GalleryEntry, GalleryFilter, GalleryKind, GalleryOrder, next_look
from bot.domain.showcase import ShowcaseState
from bot.storage import gallery, showcase
from bot.storage.database import Database
from bot.storage.showcase import state_of
from bot.storage.tables.gallery import gallery_entries_table

GUILD, PLACE, HIDDEN, MAKER, OTHER = 1, 10, 11, 7, 8
NOW = 100 * DAY


def entry(number: int, **changes: object) -> dict[str, object]:
    return {
        "kind": GalleryKind.VIDEO,
        "source_id": f"job{number:04}",
        "guild_id": GUILD,
        "channel_id": PLACE,
        "message_id": 1000 + number,
        "place_id": PLACE,
        "member_id": MAKER,
        "model_slug": "veo",
        "posted_at": NOW - number * DAY,
        "likes": 0,
        "counted_at": None,
        "due_at": None,
    } | changes


async def fill(database: Database, *rows: dict[str, object]) -> None:
    await database.write(lambda conn: conn.execute(gallery_entries_table.insert(), list(rows)))


async def page(
    database: Database,
    wanted: GalleryFilter = GalleryFilter(),  # noqa: B008 - it is frozen
    model: str | None = None,
    places: Collection[int] = (PLACE,),
    hidden: Collection[str] = (),
    skipped: int = 0,
) -> list[int]:
    """The numbers of the entries on a page."""

    def read(conn: Connection) -> list[GalleryEntry]:
        return gallery.page(
            conn, GUILD, wanted, model, places=places, hidden_models=hidden, now=NOW, skipped=skipped, count=3
        )

    return [found.message_id - 1000 for found in await database.read(read)]


async def test_a_page_has_what_fits_in_its_order_and_nothing_of_other_places(database: Database) -> None:
    await fill(
        database,
        entry(1, likes=2),
        entry(2, likes=5, member_id=OTHER),
        entry(3, likes=5, model_slug="kling"),
        entry(4, place_id=HIDDEN, likes=9),
        entry(5, place_id=None, likes=9),
        entry(6, guild_id=2, likes=9),
        entry(8, likes=1),
        entry(40, likes=7),
        entry(50, kind=GalleryKind.REEL, source_id="5", model_slug=None),
    )
    newest, best = GalleryFilter(), GalleryFilter(GalleryOrder.BEST)
    assert await page(database) == [1, 2, 3]
    assert await page(database, skipped=3) == [8, 40, 50]
    assert await page(database, best) == [40, 2, 3]
    assert await page(database, replace(best, order=GalleryOrder.BEST_OF_WEEK)) == [2, 3, 1]
    assert await page(database, replace(best, order=GalleryOrder.BEST_OF_MONTH), skipped=3) == [8]
    assert await page(database, replace(newest, member_id=OTHER)) == [2]
    assert await page(database, newest, "kling") == [3]
    assert await page(database, newest, REELS) == [50]
    assert await page(database, newest, hidden=("veo",)) == [3, 50]
    assert await page(database, newest, places=(PLACE, HIDDEN)) == [1, 2, 3]
    assert await page(database, newest, places=()) == []
    assert await database.read(gallery.models, GUILD) == ["kling", REELS, "veo"]


async def test_who_keeps_out_is_on_no_page_of_that_guild(database: Database) -> None:
    await fill(database, entry(1), entry(2, member_id=OTHER))
    await database.write(gallery.opt_out, 2, MAKER, NOW)
    assert await page(database) == [1, 2]
    for _ in range(2):
        await database.write(gallery.opt_out, GUILD, MAKER, NOW)
    assert await page(database) == [2]
    assert await database.read(gallery.find, GalleryKind.VIDEO, "job0001") is None
    await database.write(gallery.opt_in, GUILD, MAKER)
    assert await page(database) == [1, 2]


async def test_what_is_due_is_claimed_once_and_a_reaction_meanwhile_is_not_lost(database: Database) -> None:
    await fill(database, entry(1, due_at=NOW), entry(2, due_at=NOW - 1), entry(3, due_at=NOW + 1), entry(4))
    until = NOW + 60
    assert [one.source_id for one in await database.write(gallery.claim, NOW, NOW, 1)] == ["job0001"], (
        "the latest first"
    )
    claimed = await database.write(gallery.claim, NOW, until, 10)
    assert sorted(one.source_id for one in claimed) == ["job0001", "job0002"]
    assert await database.write(gallery.claim, NOW, until, 10) == []
    first, second = sorted(claimed, key=lambda one: one.source_id)
    await database.write(gallery.make_due, [first.message_id], NOW + 5)
    for one in (first, second):
        seen: dict[str, Any] = {
            "place_id": PLACE,
            "likes": 3,
            "claimed_until": until,
            "next_at": NOW + 3600,
            "now": NOW,
        }
        assert await database.write(gallery.looked_at, one, **seen)
    due = {one.source_id for one in await database.write(gallery.claim, NOW + 5, until, 10)}
    assert due == {"job0001", "job0003"}, "somebody reacted while it was counted"
    again = replace(second, message_id=4711)
    assert not await database.write(gallery.looked_at, again, **seen), "it was posted again meanwhile"


async def test_a_reaction_makes_a_result_due_sooner_and_never_later(database: Database) -> None:
    await fill(database, entry(1, due_at=NOW + 3), entry(2, due_at=NOW + 300), entry(3))
    await database.write(gallery.make_due, [1001, 1002, 1003, 9999], NOW + 5)
    assert await database.read(gallery.next_due) == NOW + 3
    assert len(await database.write(gallery.claim, NOW + 5, NOW + 60, 10)) == 3
    assert await database.read(gallery.known_messages, {1001, 9999}) == [1001]


@pytest.mark.parametrize("begun", [True, False])
async def test_what_leaves_the_gallery_leaves_the_showcase(database: Database, begun: bool) -> None:
    await fill(database, entry(1))
    assert await database.write(showcase.want, GalleryKind.VIDEO, "job0001", GUILD, NOW)
    assert not await database.write(showcase.want, GalleryKind.VIDEO, "job0001", GUILD, NOW)
    [claimed] = await database.write(showcase.claim, NOW, NOW + 60, 5)
    if begun:
        assert await database.write(showcase.begin, claimed, 99, 1001, NOW + 120)
    await database.write(gallery.remove, GalleryKind.VIDEO, ["job0001"])
    state = await database.read(state_of, GalleryKind.VIDEO, "job0001")
    assert state is (ShowcaseState.LEAVING if begun else None), "what may stand there is looked for"
    assert not await database.write(showcase.begin, claimed, 99, 1001, NOW + 180), "it is not forwarded any more"
    await database.write(showcase.drop, claimed)
    assert await database.read(state_of, GalleryKind.VIDEO, "job0001") is state


async def test_only_one_of_two_workers_begins(database: Database) -> None:
    await database.write(showcase.want, GalleryKind.VIDEO, "job0001", GUILD, NOW)
    [first] = await database.write(showcase.claim, NOW, NOW + 60, 5)
    [second] = await database.write(showcase.claim, NOW + 60, NOW + 120, 5)
    assert not await database.write(showcase.begin, first, 99, 1001, NOW + 120), "its claim has run out"
    assert await database.write(showcase.begin, second, 99, 1001, NOW + 180)
    assert await database.write(showcase.shown, second, 99, 4711)
    assert await database.write(showcase.claim, NOW + 1000, NOW + 2000, 5) == []


async def test_the_reader_of_a_large_gallery_waits_for_an_index_and_not_for_a_sort(sqlite_database: Database) -> None:
    def plan(conn: Connection) -> str:
        query = (
            "EXPLAIN QUERY PLAN SELECT message_id FROM gallery_entries WHERE guild_id = 1 AND place_id IN (10, 11) "
            "ORDER BY {order} LIMIT 7"
        )
        orders = ("posted_at DESC", "likes DESC, posted_at DESC")
        return "\n".join(str(row) for order in orders for row in conn.execute(text(query.format(order=order))))

    found = await sqlite_database.read(plan)
    assert "ix_gallery_entries_newest" in found
    assert "ix_gallery_entries_best" in found
    assert "TEMP B-TREE" not in found


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (0.0, 3600.0),
        (600.0, 3600.0),
        (7200.0, 7200.0),
        (5 * DAY, DAY),
        (30 * DAY - 1, DAY),
        (30 * DAY, None),
        (-60.0, 3600.0),
    ],
)
def test_a_result_is_looked_at_less_and_less_often(age: float, pause: float | None) -> None:
    following = next_look(NOW - age, NOW)
    assert following == (None if pause is None else NOW + pause)
