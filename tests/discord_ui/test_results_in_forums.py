"""The buttons of a video that is a post in a forum."""

from dataclasses import replace

import pytest

from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from sandbox.discord import DiscordSandbox, Permission, Persona
from sandbox.discord.default_world import FILM_CLUB_ID
from sandbox.discord.model import Channel, ChannelType, Overwrite
from tests.discord_ui.test_delivery import CLOSING
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot, words

FORUM_ID = 1301 * 10**15 + 9


@pytest.mark.parametrize("may_delete_posts", [True, False])
async def test_deleting_a_video_deletes_its_post_where_the_bot_may_and_its_message_elsewhere(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, may_delete_posts: bool
) -> None:
    forum = Channel(FORUM_ID, ChannelType.FORUM, "showcase", FILM_CLUB_ID, position=9)
    sandbox.world.channels[FORUM_ID] = forum
    if may_delete_posts:
        me = sandbox.world.bot.id
        forum.overwrites[me] = Overwrite(me, is_member=True, allow=int(Permission.MANAGE_THREADS))
    await (await mia.slash("/veo fast", "videos", prompt="a fox")).wait_message()
    [job] = await bot.stage.all_jobs()
    closing = replace(CLOSING, job_id=job.id, results_channel_id=FORUM_ID)
    done = await DiscordNotifier(bot, bot.mentions, default_settings).post_closing(closing, UPLOAD_BYTES_DEFAULT)
    [message] = sandbox.world.channels[done.channel_id].messages.values()
    pressed = await mia.press(message, f"reel:delete:{job.id}")
    if may_delete_posts:
        await sandbox.wait_for(lambda: done.channel_id not in sandbox.world.channels)
    else:
        assert "Deleted." in words(await pressed.wait_message())
        assert message.deleted_at is not None
