"""A results channel with the real bot as a process: chosen on the panel, used, and once through a crash."""

import pytest

from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID
from sandbox.discord.model import Channel, ChannelType
from tests.cogs.panel import open_panel
from tests.support.stack import Stack
from tests.support.stage import button, words

FORUM_ID = 1301 * 10**15 + 9


@pytest.mark.parametrize("kind", [ChannelType.TEXT, ChannelType.FORUM])
async def test_a_crash_after_the_post_leaves_one_video_in_the_results_channel_and_one_link_until_it_is_deleted(
    reel: Stack, kind: ChannelType
) -> None:
    results_id = GENERAL_ID
    if kind is ChannelType.FORUM:
        results_id = FORUM_ID
        reel.discord.world.channels[FORUM_ID] = Channel(FORUM_ID, kind, "showcase", FILM_CLUB_ID, position=9)
    bot = await reel.start_bot(crash_at="delivery.after_post")
    panel = await open_panel(reel.discord, reel.discord.persona("ada"), "results")
    await panel.choose(":results_channel:", results_id)
    assert f"✅ Results channel: <#{results_id}>" in panel.words
    mia = reel.discord.persona("mia")
    card = await (await mia.slash("veo fast", "videos", prompt="a fox in the snow")).wait_message()
    await bot.wait()
    again = await reel.start_bot()
    await reel.until(lambda: "https://discord.com/channels/" in words(card), again)
    [closing] = reel.closings()
    place = reel.discord.world.channels[closing.channel_id]
    assert results_id in (place.id, place.parent_id)
    assert closing.attachments
    assert f"/{closing.channel_id}/{closing.message_id}" in words(card)
    assert [message.id for message in mia.read("videos")] == [card.id]
    assert reel.studio.records.charged() == 100
    video = place.messages[closing.message_id]
    await mia.press(video, button(video, "Delete"))
    await reel.until(lambda: card.deleted_at is not None, again)
    assert mia.read("videos") == [], "no link is left that leads nowhere"
    assert reel.discord.record.violations() == []
