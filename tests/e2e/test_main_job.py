"""The main job with the real bot as a process: command to video, through failures, refusals and restarts."""

from sqlalchemy import select

from bot.storage.tables.money import ledger_entries_table
from tests.support.stack import Stack, kill
from tests.support.stage import button, words


async def test_a_member_asks_and_the_video_is_posted_and_the_credits_are_settled(reel: Stack) -> None:
    bot = await reel.start_bot()
    mia = reel.discord.persona("mia")
    answer = await (
        await mia.slash("veo fast", "videos", prompt="a fox in the snow", aspect_ratio="9:16")
    ).wait_message()
    assert answer.visible_to is None, "the answer is the public card"
    assert "100 credits" in words(answer)
    await reel.until(reel.closings, bot)
    [closing] = reel.closings()
    assert closing.mentions == [mia.id]
    assert closing.attachments
    await reel.until(lambda: answer.deleted_at is not None, bot)
    assert [message.id for message in mia.read("videos")] == [closing.message_id], (
        "a channel keeps one message a request"
    )
    [post] = reel.studio.records.posts
    assert (post.body["prompt"], post.body["aspect_ratio"]) == ("a fox in the snow", "9:16")
    assert reel.studio.records.charged() == 100
    assert reel.discord.record.violations() == []


async def test_a_job_interrupted_by_a_crash_goes_on_after_the_restart(reel: Stack) -> None:
    reel.studio.set_job_seconds(3, 3)
    bot = await reel.start_bot()
    mia = reel.discord.persona("mia")
    await (await mia.slash("veo fast", "videos", prompt="a slow ship")).wait_message()
    await reel.studio.wait_for(lambda studio: bool(studio.jobs))
    await kill(bot)
    assert reel.closings() == []
    again = await reel.start_bot()
    await reel.until(reel.closings, again)
    assert len(reel.closings()) == 1
    assert reel.studio.records.charged() == 100
    assert len(reel.studio.records.posts) == 1


async def test_a_failed_job_releases_the_credits_and_the_member_is_told(reel: Stack) -> None:
    reel.studio.faults.add("job_fails", message="The prompt was rejected by the safety system")
    bot = await reel.start_bot()
    await (await reel.discord.persona("mia").slash("veo fast", "videos", prompt="x")).wait_message()
    await reel.until(reel.closings, bot)
    [closing] = reel.closings()
    assert "rejected by the safety system" in closing.content
    assert closing.attachments == []
    kinds = await reel.read(lambda conn: conn.execute(select(ledger_entries_table.c.kind)).scalars().all())
    assert kinds == ["hold", "release"]
    assert reel.studio.records.charged() == 0


async def test_an_exceeded_quota_is_refused_before_anything_is_sent(reel: Stack) -> None:
    await reel.start_bot(DEFAULT_GUILD_CREDITS="150")
    mia = reel.discord.persona("mia")
    question = await (await mia.slash("veo fast", "videos", prompt="first")).wait_message()
    assert "100 of your 150 credits" in words(question)
    await (await mia.press(question, button(question, "Generate"))).wait_message()
    refusal = await (await mia.slash("veo fast", "videos", prompt="second")).wait_message()
    assert refusal.visible_to == mia.id
    assert "50" in words(refusal), "what is left is named"
    await reel.studio.wait_for(lambda studio: bool(studio.records.posts))
    assert [post.body["prompt"] for post in reel.studio.records.posts] == ["first"]


async def test_sigterm_ends_the_bot_cleanly_and_its_work_is_safe(reel: Stack) -> None:
    reel.studio.set_job_seconds(3, 3)
    bot = await reel.start_bot()
    await (await reel.discord.persona("mia").slash("veo fast", "videos", prompt="x")).wait_message()
    await reel.studio.wait_for(lambda studio: bool(studio.jobs))
    assert await bot.stop() == 0
    again = await reel.start_bot()
    await reel.until(reel.closings, again)
    assert len(reel.closings()) == 1
    assert len(reel.studio.records.posts) == 1
    assert reel.studio.records.charged() == 100
