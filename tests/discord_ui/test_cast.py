"""`/cast` and the option `cast`, with the real client at the local Discord."""

import asyncio
from typing import Any

import pytest

from bot.domain.attachments import CardFile
from bot.domain.capabilities import Count
from bot.domain.styles import StyleDraft
from bot.storage import job_files
from sandbox.discord import DiscordSandbox, LocalFile, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID
from tests.discord_ui.catalogues import KLING, SEEDANCE_2, VEO_FAST, plain
from tests.discord_ui.test_results import closing_of
from tests.support.stage import StageBot, StageServices, button, words

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
ZOE, REX = LocalFile("zoe.png", PNG + b"zoe"), LocalFile("rex.jpg", b"\xff\xd8\xff rex")
FOX = "a fox in the snow"


async def told(member: Persona, command: str, **options: Any) -> str:
    message = await (await member.slash(command, "videos", **options)).wait_message()
    assert message.visible_to == member.id
    return words(message)


async def ask(member: Persona, command: str = "/veo fast", **options: Any) -> str:
    asked = await member.slash(command, "videos", **{"prompt": FOX, **options})
    return words(await asked.wait_message())


async def test_a_picture_is_saved_listed_shown_and_removed(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    assert "Your pictures: 0 of 3" in await told(mia, "/cast list")
    assert "**Zoe \\*fox\\*** is saved" in await told(mia, "/cast add", name="Zoe *fox*", image=ZOE)
    await told(mia, "/cast add", name="Rex", image=REX)
    listed = await (await mia.slash("/cast list", "videos")).wait_message()
    assert "Your pictures: 2 of 3\n- **Rex** · " in words(listed)
    assert len(listed.attachments) == 2
    shown = await (await mia.slash("/cast show", "videos", name="rex")).wait_message()
    assert "**Rex**" in words(shown)
    assert len(shown.attachments) == 1
    names = await mia.autocomplete("/cast remove", "videos", focused="name", name="Z")
    assert [(one["name"], one["value"]) for one in names] == [("Zoe *fox*", "Zoe *fox*")]
    assert "is removed" in await told(mia, "/cast remove", name="ZOE *FOX*")
    assert "no saved picture of this name" in await told(mia, "/cast remove", name="Zoe *fox*")
    assert "Your pictures: 1 of 3" in await told(mia, "/cast list")


async def test_what_cannot_be_saved_is_told(mia: Persona, services: StageServices) -> None:
    await services.word_lists.add(FILM_CLUB_ID, ADA_ID, "gore")
    for name, file, reason in (
        ("Zoe", LocalFile("zoe.png", b"<html>"), "PNG, JPEG and WebP pictures"),
        ("Zoe", LocalFile("zoe.png", PNG + bytes(4_000_001)), "at most 4 MB"),
        ("a=b", ZOE, "without commas and equals signs"),
        ("gore", ZOE, "The word list stops something"),
    ):
        assert reason in await told(mia, "/cast add", name=name, image=file)
    assert await services.cast.for_member(FILM_CLUB_ID, MIA_ID) == ()


async def test_only_moderators_share_and_everybody_uses(mia: Persona, ada: Persona, services: StageServices) -> None:
    assert "Manage Server" in await told(mia, "/cast add", name="Logo", image=ZOE, shared=True)
    assert "for everybody" in await told(ada, "/cast add", name="Logo", image=ZOE, shared=True)
    assert "This server's pictures: 1 of 25" in await told(mia, "/cast list")
    assert "Manage Server" in await told(mia, "/cast remove", name="Logo", shared=True)
    assert "no saved picture" in await told(mia, "/cast remove", name="Logo")
    assert "held" in await ask(mia, cast="logo")
    assert "is removed" in await told(ada, "/cast remove", name="Logo", shared=True)


async def test_a_saved_picture_travels_on_the_card_of_its_job(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    await told(mia, "/cast add", name="Zoe", image=ZOE)
    await told(mia, "/cast add", name="Rex", image=REX)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX, cast="zoe, REX")
    card = await asked.wait_message()
    assert card.visible_to is None
    [job] = await services.all_jobs()
    sent = job.payload["input_image_urls"]
    names = [attachment.filename for attachment in card.attachments]
    assert sent == [f"attachment://{name}" for name in names]
    files = await services.database.read(job_files.of_job, job.id)
    assert set(files) == {CardFile(names[0], ZOE.data), CardFile(names[1], REX.data)}


async def test_removing_a_picture_does_not_touch_what_waits_and_again_says_that_it_is_gone(
    mia: Persona, bot: StageBot, sandbox: DiscordSandbox, services: StageServices
) -> None:
    await told(mia, "/cast add", name="Zoe", image=ZOE)
    await ask(mia, cast="Zoe")
    [job] = await services.all_jobs()
    message = await closing_of(job, bot, sandbox, services)
    noah = sandbox.persona("noah")
    again = await (await noah.press(message, button(message, "Again"))).wait_message()
    assert len(again.attachments) == 1, "whoever may repeat a video may use what it was made from"
    await told(mia, "/cast remove", name="Zoe")
    waiting = (await services.all_jobs())[-1]
    assert len(await services.database.read(job_files.of_job, waiting.id)) == 1
    refused = await (await mia.press(message, button(message, "Again"))).wait_message()
    assert "was removed meanwhile" in words(refused)
    assert "Nothing was charged." in words(refused)
    assert len(await services.all_jobs()) == 2


async def test_a_question_about_the_price_comes_first_and_the_picture_after_it(
    mia: Persona, services: StageServices
) -> None:
    await told(mia, "/cast add", name="Zoe", image=ZOE)
    await services.credits.change_rules(FILM_CLUB_ID, ADA_ID, confirm_above=0)
    question = await (await mia.slash("/veo fast", "videos", prompt=FOX, cast="Zoe")).wait_message()
    assert await services.all_jobs() == []
    card = await (await mia.press(question, button(question, "Generate"))).wait_message()
    assert len(card.attachments) == 1
    assert len(await services.all_jobs()) == 1


async def test_pictures_that_take_long_to_upload_are_posted_by_a_worker_after_a_private_answer(
    mia: Persona, services: StageServices
) -> None:
    await told(mia, "/cast add", name="Zoe", image=LocalFile("zoe.png", PNG + bytes(1_500_000)))
    assert "Its card appears in this channel in a moment." in await told(mia, "/veo fast", prompt=FOX, cast="Zoe")
    [job] = await services.all_jobs()
    assert len(await services.database.read(job_files.of_job, job.id)) == 1
    assert job.status_message_id is None


async def test_a_question_keeps_no_picture_that_is_removed_meanwhile(mia: Persona, services: StageServices) -> None:
    await told(mia, "/cast add", name="Zoe", image=ZOE)
    await services.credits.change_rules(FILM_CLUB_ID, ADA_ID, confirm_above=0)
    question = await (await mia.slash("/veo fast", "videos", prompt=FOX, cast="Zoe")).wait_message()
    await told(mia, "/cast remove", name="Zoe")
    pressed = await mia.press(question, button(question, "Generate"))
    assert "was removed meanwhile" in words(await pressed.wait_message())
    assert await services.all_jobs() == []


@pytest.mark.parametrize(
    ("command", "options", "reason"),
    [
        ("/veo fast", {"cast": "Max"}, "There is no saved picture “Max”."),
        ("/veo fast", {"cast": "Zoe, Max, Tim"}, "There is no saved picture “Tim”."),
        ("/veo fast", {"cast": "Zoe, Zoe, Zoe"}, "has no free option for the saved picture “Zoe”."),
        ("/kling 3-0", {"cast": "last_frame=Zoe", "duration": 3}, "must be given when `last_frame` is"),
        ("/kling 3-0", {"cast": "hat=Zoe"}, "no free option `hat`"),
        ("/video", {"cast": "Zoe", "model": "wan_2_6"}, "does not start from an image"),
    ],
)
async def test_what_does_not_fit_is_told_before_anything_is_spent(
    mia: Persona, services: StageServices, command: str, options: dict[str, Any], reason: str
) -> None:
    await services.catalogue.change(VEO_FAST, KLING, plain("wan_2_6", "Wan 2.6", "Wan 2.6"))
    await told(mia, "/cast add", name="Zoe", image=ZOE)
    answer = await ask(mia, command, **options)
    assert reason in answer
    assert "Nothing was charged." in answer
    assert await services.all_jobs() == []


async def test_a_model_that_needs_an_image_takes_one_of_the_cast(mia: Persona, services: StageServices) -> None:
    needy = plain("hailuo_2_3", "Hailuo 2.3", "Hailuo 2.3", images=Count(1, 1))
    await services.catalogue.change(needy, plain("wan_2_6", "Wan 2.6", "Wan 2.6"))
    assert "needs `image`" in await ask(mia, "/hailuo 2-3")
    await told(mia, "/cast add", name="Zoe", image=ZOE)
    assert "held" in await ask(mia, "/hailuo 2-3", cast="Zoe")
    assert "held" in await ask(mia, "/video", cast="Zoe")
    assert [job.model_slug for job in await services.all_jobs()] == ["hailuo_2_3", "hailuo_2_3"]


async def test_the_list_follows_what_is_typed(mia: Persona, ada: Persona, services: StageServices) -> None:
    await services.catalogue.change(VEO_FAST, SEEDANCE_2, KLING)
    for name, file in (("Zoe", ZOE), ("Rex", REX)):
        await told(mia, "/cast add", name=name, image=file)
    await told(ada, "/cast add", name="Logo", image=ZOE, shared=True)

    async def listed(command: str, typed: str) -> list[tuple[str, str]]:
        choices = await mia.autocomplete(command, "videos", focused="cast", prompt=FOX, cast=typed)
        return [(one["name"], one["value"]) for one in choices]

    everything = [("Rex", "Rex"), ("Zoe", "Zoe"), ("Logo · this server's", "Logo")]
    assert await listed("/veo fast", "") == everything
    assert await listed("/video", "") == everything
    assert await listed("/veo fast", "zoe, R") == [("zoe, Rex", "zoe, Rex")]
    assert await listed("/seedance 2", "ze") == []
    assert await listed("/kling 3-0", "Zo") == [
        ("Zoe", "Zoe"),
        ("Zoe as image", "image=Zoe"),
        ("Zoe as first_frame", "first_frame=Zoe"),
        ("Zoe as last_frame", "last_frame=Zoe"),
    ]
    assert await listed("/kling 3-0", "Rex, last_frame=z") == [("Rex, Zoe as last_frame", "Rex, last_frame=Zoe")]


async def test_a_slow_database_lists_no_pictures_instead_of_failing(
    mia: Persona, services: StageServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_guild_id: int, _member_id: int) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(services.cast, "for_member", never)
    monkeypatch.setattr("bot.discord_ui.interactions.suggesting.READ_SECONDS", 0.05)
    assert await mia.autocomplete("/veo fast", "videos", focused="cast", prompt=FOX, cast="") == []


async def test_a_style_and_a_picture_go_together(mia: Persona, services: StageServices) -> None:
    await services.styles.add(FILM_CLUB_ID, ADA_ID, StyleDraft("Noir", "{prompt}, black and white", {}))
    await told(mia, "/cast add", name="Zoe", image=ZOE)
    await ask(mia, style="Noir", cast="Zoe")
    [job] = await services.all_jobs()
    assert job.payload["prompt"] == f"{FOX}, black and white"
    assert len(job.payload["input_image_urls"]) == 1
