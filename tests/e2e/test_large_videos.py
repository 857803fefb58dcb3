"""Videos that are too large for a server: a link that explains itself, and the limit is remembered."""

import pytest
from sqlalchemy import select

from bot.storage.tables.discord import upload_limits_table
from tests.support.stack import Stack

PAYLOAD_BYTES = 20_000
"""What `stack` has the provider make of each request: bytes that no encoder can make smaller."""


async def limits(reel: Stack) -> list[tuple[int | None, int | None]]:
    columns = upload_limits_table.c
    query = select(columns.stated_bytes, columns.refused_bytes)
    return [tuple(row) for row in await reel.read(lambda conn: conn.execute(query).all())]


@pytest.mark.parametrize("told", ["before", "never"])
async def test_a_video_that_the_server_does_not_take_is_linked(reel: Stack, told: str) -> None:
    small = PAYLOAD_BYTES // 2
    reel.studio.set_job_seconds(2, 2)
    if told == "before":
        reel.discord.controls.set_upload_limit(small)
    bot = await reel.start_bot()
    asked = await reel.discord.persona("mia").slash("veo fast", "videos", prompt="a large fox")
    await asked.wait_message()
    reel.discord.controls.set_upload_limit(small)
    await reel.until(reel.closings, bot)
    [closing] = reel.closings()
    assert closing.attachments == []
    assert "The file has 20 kB, and this server takes files of up to 10 kB" in closing.content
    assert closing.content.endswith(".mp4")
    [(stated, refused)] = await limits(reel)
    if told == "before":
        assert (stated, refused) == (small, None)
    else:
        assert stated is not None
        assert stated > small
        assert refused == PAYLOAD_BYTES
