"""Saved pictures are kept on both databases: bounded, safe from repetition, and gone when nobody uses them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.attachments import CardFile
from bot.domain.cast import SHARED_MAX, CastLimits, CastPicture
from bot.domain.guild_settings import GuildSetting
from bot.domain.privacy import Policy
from bot.domain.refusals import Impossible, NotPossible
from bot.services.cast import Cast
from bot.services.guild_settings import GuildSettingsService
from bot.services.privacy import Privacy
from bot.services.word_lists import WordLists
from bot.storage.database import Database
from bot.workers.retention import Retention
from tests.support.bench import GUILD, MEMBER, Bench, bench

PNG, JPEG = b"\x89PNG\r\n\x1a\n a face", b"\xff\xd8\xff another face"
LIMITS = CastLimits(member_pictures_max=3, picture_bytes_max=1_000_000, total_bytes_max=2_000_000)
DAY = 86_400.0


@pytest.fixture
async def engine(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(database, tmp_path) as ready:
        yield ready


@pytest.fixture
def cast(engine: Bench) -> Cast:
    return Cast(engine.context, LIMITS)


async def add(
    cast: Cast,
    name: str = "Zoe",
    content: bytes = PNG,
    *,
    guild: int = GUILD,
    member: int = MEMBER,
    shared: bool = False,
) -> Impossible | None:
    """Save a picture, and return why it cannot be."""
    try:
        await cast.add(guild, member, name, content, (64, 48), shared=shared)
    except NotPossible as refusal:
        return refusal.why
    return None


async def names(cast: Cast, guild: int = GUILD, member: int = MEMBER) -> list[tuple[str, bool]]:
    return [(one.name, one.shared) for one in await cast.for_member(guild, member)]


async def only(cast: Cast) -> CastPicture:
    [picture] = await cast.for_member(GUILD, MEMBER)
    return picture


async def test_a_members_own_pictures_are_theirs_everywhere_and_a_guilds_are_everybodys_there(cast: Cast) -> None:
    assert await add(cast) is None
    assert await add(cast, "Logo", JPEG, shared=True) is None
    assert await names(cast) == [("Logo", True), ("Zoe", False)]
    assert await names(cast, guild=GUILD + 1) == [("Zoe", False)]
    assert await names(cast, member=MEMBER + 1) == [("Logo", True)]
    assert await add(cast, "Zoe", JPEG, member=MEMBER + 1) is None, "another member's name is free"
    assert await add(cast, "logo", JPEG, guild=GUILD + 1, shared=True) is None


async def test_the_same_again_changes_nothing_and_another_one_does_not_take_the_name(cast: Cast) -> None:
    for spelling in ("Zoe", " zoe "):
        assert await add(cast, spelling) is None
    assert await add(cast, "ZOE", JPEG) is Impossible.CAST_NAME_TAKEN
    picture = await only(cast)
    assert await cast.content(picture) == PNG
    assert (picture.content_type, picture.size_bytes, picture.width, picture.height) == ("image/png", len(PNG), 64, 48)


async def test_what_is_no_picture_or_too_large_or_too_much_is_refused(cast: Cast, engine: Bench) -> None:
    assert await add(cast, content=b"GIF89a") is Impossible.NOT_A_PICTURE
    assert await add(cast, content=PNG + bytes(1_000_000)) is Impossible.PICTURE_TOO_LARGE
    assert await add(cast, "a, b") is Impossible.NOT_A_CAST_NAME
    await WordLists(engine.context).add(GUILD, 91, "gore*")
    assert await add(cast, "Gory") is None
    assert await add(cast, "gOrE face") is Impossible.WORDS_ARE_STOPPED
    for name in ("b", "c"):
        assert await add(cast, name, PNG + name.encode() + bytes(900_000)) is None
    assert await add(cast, "d") is Impossible.TOO_MANY_PICTURES
    assert await add(cast, "e", PNG + bytes(900_000), member=MEMBER + 1) is Impossible.NO_ROOM_FOR_PICTURES
    for number in range(SHARED_MAX):
        assert await add(cast, f"{number}", shared=True) is None
    assert await add(cast, "f", shared=True) is Impossible.TOO_MANY_PICTURES


async def test_a_file_is_found_by_what_it_holds_and_gone_when_nobody_has_it(cast: Cast) -> None:
    await add(cast)
    await add(cast, "Mine", member=MEMBER + 1)
    picture = await only(cast)
    file = picture.attachment
    assert await cast.files_of([file]) == {file.filename: CardFile(file.filename, PNG)}
    assert await cast.remove(picture)
    assert not await cast.remove(picture)
    assert (await cast.files_of([file]))[file.filename] is not None, "the other member has it"
    [other] = await cast.for_member(GUILD, MEMBER + 1)
    await cast.remove(other)
    assert await cast.files_of([file]) == {file.filename: None}


async def test_what_nobody_uses_is_forgotten_a_guilds_as_early_as_it_wants(cast: Cast, engine: Bench) -> None:
    await add(cast)
    await add(cast, "Used", JPEG)
    await add(cast, "Logo", shared=True)
    settings = GuildSettingsService(engine.database, engine.context.clock)
    await settings.change(GUILD, 91, GuildSetting.RETENTION_DAYS, 7)
    retention = Retention(engine.context, 30)
    engine.studio.advance(8 * DAY)
    await retention.step()
    assert await names(cast) == [("Used", False), ("Zoe", False)]
    [used, _] = await cast.for_member(GUILD, MEMBER)
    engine.studio.advance(21 * DAY)
    await cast.note_used([used.attachment])
    engine.studio.advance(2 * DAY)
    await retention.step()
    assert await names(cast) == [("Used", False)]


async def test_an_export_has_the_picture_itself(cast: Cast, engine: Bench) -> None:
    await add(cast)
    privacy = Privacy(engine.context, Policy())
    [file] = await privacy.export(MEMBER, 1_000_000)
    assert b'"content_base64": "iVBORw0KGgogYSBmYWNl"' in file.content
    assert (await privacy.show(MEMBER)).pictures == 1
