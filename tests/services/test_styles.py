"""Styles are kept on both databases: found by any spelling, bounded, and safe from stale panels."""

from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from bot.domain.audit import AuditAction
from bot.domain.refusals import Impossible, NotPossible
from bot.domain.styles import STYLES_MAX, StyleDraft
from bot.services.styles import Styles
from bot.services.word_lists import WordLists
from bot.storage import audit
from bot.storage.database import Database
from tests.support.bench import GUILD, Bench, bench

MODERATOR = 91


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready


@pytest.fixture
def styles(engine: Bench) -> Styles:
    return Styles(engine.context)


def draft(name: str = "Film noir", template: str = "{prompt}, black and white", **options: str | int) -> StyleDraft:
    return StyleDraft(name, template, options)


async def refused(doing: Awaitable[object]) -> Impossible:
    with pytest.raises(NotPossible) as refusal:
        await doing
    return refusal.value.why


async def test_a_style_is_found_by_any_spelling_in_its_own_guild_only(styles: Styles, engine: Bench) -> None:
    await styles.add(GUILD, MODERATOR, draft(aspect_ratio="9:16", duration=8))
    found = await styles.named(GUILD, "  FILM   noir ")
    assert found is not None
    assert (found.draft, found.actor_id) == (draft(aspect_ratio="9:16", duration=8), MODERATOR)
    assert await styles.named(GUILD + 1, "Film noir") is None
    assert await styles.find(GUILD + 1, found.id) is None
    assert await refused(styles.add(GUILD, MODERATOR, draft("film NOIR"))) is Impossible.STYLE_EXISTS
    [entry] = await engine.database.read(audit.latest, GUILD, 5)
    assert (entry.action, entry.data) == (AuditAction.CHANGE_STYLE, {"style": "Film noir", "change": "added"})


async def test_a_change_of_what_somebody_else_changed_or_removed_is_refused(styles: Styles) -> None:
    await styles.add(GUILD, MODERATOR, draft())
    await styles.add(GUILD, MODERATOR, draft("Cartoon"))
    [cartoon, noir] = await styles.of_guild(GUILD)
    seen = noir.draft.seen
    await styles.change(GUILD, MODERATOR, noir.id, draft(template="{prompt} at night"), seen=seen)
    changed = await styles.find(GUILD, noir.id)
    assert changed is not None
    assert changed.draft.template == "{prompt} at night"
    again = styles.change(GUILD, MODERATOR, noir.id, draft(template="{prompt} by day"), seen=seen)
    assert await refused(again) is Impossible.CHANGED_MEANWHILE
    assert await refused(styles.remove(GUILD, MODERATOR, noir.id, seen=seen)) is Impossible.CHANGED_MEANWHILE
    taken = styles.change(GUILD, MODERATOR, noir.id, draft("CARTOON"), seen=changed.draft.seen)
    assert await refused(taken) is Impossible.STYLE_EXISTS
    await styles.remove(GUILD, MODERATOR, noir.id, seen=changed.draft.seen)
    gone = styles.remove(GUILD, MODERATOR, noir.id, seen=changed.draft.seen)
    assert await refused(gone) is Impossible.NO_SUCH_STYLE
    assert await styles.of_guild(GUILD) == (cartoon,)


async def test_a_guild_has_as_many_styles_as_a_select_shows(styles: Styles) -> None:
    for number in range(STYLES_MAX):
        await styles.add(GUILD, MODERATOR, draft(f"Style {number}"))
    assert await refused(styles.add(GUILD, MODERATOR, draft())) is Impossible.TOO_MANY_STYLES
    await styles.add(GUILD + 1, MODERATOR, draft())


async def test_a_style_that_a_word_list_stops_is_not_saved(styles: Styles, engine: Bench) -> None:
    await WordLists(engine.context).add(GUILD, MODERATOR, "gore*")
    for one in (draft(template="{prompt}, gory and GORE"), draft("Gore")):
        assert await refused(styles.add(GUILD, MODERATOR, one)) is Impossible.WORDS_ARE_STOPPED
    assert await styles.of_guild(GUILD) == ()
