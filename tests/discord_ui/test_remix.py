from dataclasses import replace

from bot.domain.capabilities import Count
from bot.domain.guild_settings import GuildSetting
from sandbox.discord import DiscordSandbox, LocalFile, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX, plain
from tests.support.stage import StageBot, StageServices, words

PICTURE = LocalFile("fox.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
CLIP = LocalFile("fox.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 40)


async def test_an_image_in_a_message_is_animated(mia: Persona, noah: Persona, services: StageServices) -> None:
    message = await noah.say("videos", "look", files=[PICTURE])
    opened = await mia.message_menu("Animate this image", message)
    dialog = await opened.wait_modal()
    [models, _prompt] = [label["component"] for label in dialog["components"]]
    assert [option["value"] for option in models["options"]] == [KLING.slug, VEO_FAST.slug]
    sent = await mia.submit(opened, model0=VEO_FAST.slug, prompt="it runs")
    assert "held" in words(await sent.wait_message())
    [job] = await services.all_jobs()
    assert job.member_id == mia.id
    assert job.payload["prompt"] == "it runs"
    assert "fox.png" in job.payload["input_image_urls"][0]


async def test_a_clip_in_a_message_is_remixed(mia: Persona, noah: Persona, services: StageServices) -> None:
    message = await noah.say("videos", "look", files=[CLIP])
    opened = await mia.message_menu("Remix this video", message)
    await opened.wait_modal()
    sent = await mia.submit(opened, model0=WAN_REMIX.slug, prompt="as a drawing")
    assert "held" in words(await sent.wait_message())
    [job] = await services.all_jobs()
    assert "fox.mp4" in job.payload["input_video_urls"][0]


async def test_a_message_without_such_a_file_is_told_apart(mia: Persona, noah: Persona) -> None:
    message = await noah.say("videos", "look", files=[CLIP])
    opened = await mia.message_menu("Animate this image", message)
    assert "no image attached" in words(await opened.wait_message())


async def test_a_message_that_was_deleted_meanwhile_costs_nothing(
    mia: Persona, noah: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    message = await noah.say("videos", "look", files=[PICTURE])
    opened = await mia.message_menu("Animate this image", message)
    await opened.wait_modal()
    del sandbox.world.channels[message.channel_id].messages[message.id]
    sent = await mia.submit(opened, model0=VEO_FAST.slug, prompt="it runs")
    assert "can no longer see the image" in words(await sent.wait_message())
    assert await services.all_jobs() == []


async def test_more_than_25_models_are_offered_in_several_lists_of_which_one_is_used(
    mia: Persona, noah: Persona, services: StageServices, bot: StageBot
) -> None:
    many = [plain(f"model_{n:02}", f"Model {n:02}", "Model", images=Count(0, 1)) for n in range(60)]
    await services.catalogue.change(*many)
    message = await noah.say("videos", "look", files=[PICTURE])
    opened = await mia.message_menu("Animate this image", message)
    dialog = await opened.wait_modal()
    assert [len(label["component"].get("options", [])) for label in dialog["components"]] == [25, 25, 10, 0]
    both = await mia.submit(opened, model0=[], model1="model_30", model2="model_55", prompt="it runs")
    assert "exactly one" in words(await both.wait_message())
    opened = await mia.message_menu("Animate this image", message)
    await opened.wait_modal()
    one = await mia.submit(opened, model0=[], model1="model_30", prompt="it runs")
    assert "held" in words(await one.wait_message())
    [job] = await services.all_jobs()
    assert job.model_slug == "model_30"


async def test_models_that_need_more_than_one_file_are_not_offered(
    mia: Persona, noah: Persona, services: StageServices
) -> None:
    await services.catalogue.change(replace(VEO_FAST, images=Count(2, 2)))
    message = await noah.say("videos", "look", files=[PICTURE])
    opened = await mia.message_menu("Animate this image", message)
    assert "No model here works from one image alone" in words(await opened.wait_message())


async def test_the_menu_offers_what_the_server_allows_where_it_allows_it(
    mia: Persona, noah: Persona, services: StageServices, bot: StageBot
) -> None:
    message = await noah.say("videos", "look", files=[PICTURE])
    await services.guild_settings.change(FILM_CLUB_ID, noah.id, GuildSetting.ALLOWED_MODELS, [KLING.slug])
    opened = await mia.message_menu("Animate this image", message)
    [models, _prompt] = [label["component"] for label in (await opened.wait_modal())["components"]]
    assert [option["value"] for option in models["options"]] == [KLING.slug]
    await services.guild_settings.change(FILM_CLUB_ID, noah.id, GuildSetting.ALLOWED_CHANNELS, [GENERAL_ID])
    refused = await mia.message_menu("Animate this image", message)
    assert f"Please ask in <#{GENERAL_ID}>." in words(await refused.wait_message())
    sent = await mia.submit(opened, model0=KLING.slug, prompt="it runs")
    assert f"Please ask in <#{GENERAL_ID}>." in words(await sent.wait_message())
    assert await services.all_jobs() == []
