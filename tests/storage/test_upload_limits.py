"""What is remembered about the largest file that a guild takes."""

from bot.domain.uploads import REFUSAL_SECONDS, UPLOAD_BYTES_DEFAULT
from bot.storage import upload_limits
from bot.storage.database import Database

GUILD, OTHER_GUILD, NOW = 1, 2, 1_800_000_000.0
MIB = 1024 * 1024


async def test_a_refusal_is_forgotten_after_a_day_and_concerns_one_guild(database: Database) -> None:
    await database.write(upload_limits.note_refused, GUILD, 15 * MIB, NOW)
    assert await database.read(upload_limits.of_guild, GUILD, NOW + REFUSAL_SECONDS - 1) == 10 * MIB
    assert await database.read(upload_limits.of_guild, GUILD, NOW + REFUSAL_SECONDS + 1) == UPLOAD_BYTES_DEFAULT
    assert await database.read(upload_limits.of_guild, OTHER_GUILD, NOW) == UPLOAD_BYTES_DEFAULT


async def test_the_smallest_refusal_of_a_day_counts(database: Database) -> None:
    for size in (8 * MIB, 15 * MIB):
        await database.write(upload_limits.note_refused, GUILD, size, NOW)
    assert await database.read(upload_limits.of_guild, GUILD, NOW) == 4 * MIB
    later = NOW + REFUSAL_SECONDS + 1
    await database.write(upload_limits.note_refused, GUILD, 15 * MIB, later)
    assert await database.read(upload_limits.of_guild, GUILD, later) == 10 * MIB


async def test_what_an_interaction_names_is_kept_beside_a_refusal(database: Database) -> None:
    await database.write(upload_limits.note_stated, GUILD, 100 * MIB)
    assert await database.read(upload_limits.of_guild, GUILD, NOW) == 100 * MIB
    await database.write(upload_limits.note_refused, GUILD, 60 * MIB, NOW)
    await database.write(upload_limits.note_stated, GUILD, 100 * MIB)
    assert await database.read(upload_limits.of_guild, GUILD, NOW) == 50 * MIB
    await database.write(upload_limits.note_stated, GUILD, 10 * MIB)
    assert await database.read(upload_limits.of_guild, GUILD, NOW) == 10 * MIB
