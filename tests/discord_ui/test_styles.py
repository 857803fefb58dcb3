"""`style:` in commands, with the real client at the local Discord: from the list to the card, and back again."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.capabilities import Count
from bot.domain.styles import StyleDraft
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID
from tests.discord_ui.catalogues import KLING, VEO_FAST, plain
from tests.discord_ui.test_results import card_of, closing_of
from tests.support.stage import StageBot, StageServices, button, handlers_end, words

FOX = "a fox in the snow"
NOIR = StyleDraft("Film *noir*", "{prompt}, black and white, hard shadows", {"aspect_ratio": "9:16", "duration": 10})
SENT = "a fox in the snow, black and white, hard shadows"


async def save(services: StageServices, *drafts: StyleDraft) -> None:
    for draft in drafts:
        await services.styles.add(FILM_CLUB_ID, ADA_ID, draft)


async def ask(member: Persona, command: str = "/kling 3-0", **options: Any) -> str:
    asked = await member.slash(command, "videos", **{"prompt": FOX, **options})
    return words(await asked.wait_message())


async def test_styles_are_listed_with_what_they_do(mia: Persona, services: StageServices) -> None:
    await save(services, NOIR, StyleDraft("Cartoon", "A cartoon of {prompt}", {}))
    for command in ("/video", "/veo fast"):
        listed = await mia.autocomplete(command, "videos", focused="style", prompt=FOX, style="noir")
        assert [(choice["name"], choice["value"]) for choice in listed] == [
            ("Film *noir* · 9:16 · 10 s · {prompt}, black and white, hard shadows", NOIR.name)
        ]
    listed = await mia.autocomplete("/video", "videos", focused="style", prompt=FOX, style="")
    assert [choice["value"] for choice in listed] == ["Cartoon", NOIR.name]


async def test_the_members_words_are_kept_and_the_whole_is_sent(
    mia: Persona, bot: StageBot, sandbox: DiscordSandbox, services: StageServices
) -> None:
    await save(services, NOIR)
    shown = await ask(mia, "/veo fast", style=" film *NOIR*")
    assert f"> {FOX}\n-# Style “Film \\*noir\\*”" in shown
    assert "shadows" not in shown
    [job] = await services.all_jobs()
    assert (job.prompt, job.own_words, job.style_name) == (SENT, FOX, NOIR.name)
    assert job.payload["aspect_ratio"] == "9:16"
    card = await card_of(job, bot, sandbox)
    story = await (await mia.press(card, button(card, "Details"))).wait_message()
    assert SENT in words(story)
    message = await closing_of(job, bot, sandbox, services)
    assert "style “Film \\*noir\\*” · 9:16" in message.content
    assert "shadows" not in message.content


async def test_again_and_edit_use_the_style_as_it_was(
    mia: Persona, bot: StageBot, sandbox: DiscordSandbox, services: StageServices
) -> None:
    await save(services, NOIR)
    await ask(mia, "/veo fast", style=NOIR.name)
    [job] = await services.all_jobs()
    message = await closing_of(job, bot, sandbox, services)
    [style] = await services.styles.of_guild(FILM_CLUB_ID)
    await services.styles.remove(FILM_CLUB_ID, ADA_ID, style.id, seen=style.draft.seen)
    await (await mia.press(message, button(message, "Again"))).wait_message()
    opened = await mia.press(message, button(message, "Edit"))
    dialog = await opened.wait_modal()
    field = dialog["components"][0]["component"]
    assert field["value"] == FOX
    assert field["max_length"] == min(4_000, 5_000 - len(", black and white, hard shadows"))
    await (await mia.submit(opened, prompt="a wolf")).wait_message()
    again, edited = (await services.all_jobs())[1:]
    assert (again.payload, again.request) == (job.payload, job.request)
    assert (edited.prompt, edited.own_words) == ("a wolf, black and white, hard shadows", "a wolf")


async def test_the_price_does_not_change_unasked_and_a_styles_choice_is_not_the_members(
    mia: Persona, services: StageServices
) -> None:
    await save(services, NOIR)
    await services.jobs.remember_choices(MIA_ID, KLING.slug, {"duration": 3, "quality": "std"})
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, style=NOIR.name)
    question = await asked.wait_message()
    assert question.visible_to == MIA_ID
    assert "**200 " in words(question)
    assert "The style “Film \\*noir\\*” sets 9:16 · 10 s." in words(question)
    assert await services.all_jobs() == []
    await (await mia.press(question, button(question, "Generate"))).wait_message()
    [job] = await services.all_jobs()
    assert (job.payload["duration_seconds"], job.held) == (10, 200)
    await handlers_end()
    last = await services.jobs.last_choices(MIA_ID, KLING.slug)
    assert (last["duration"], "aspect_ratio" in last) == (3, False)


async def test_what_the_member_chose_holds_and_the_contradiction_is_told(
    sandbox: DiscordSandbox, mia: Persona, services: StageServices
) -> None:
    await save(services, NOIR)
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, style=NOIR.name, duration=3, aspect_ratio="1:1")
    await asked.wait_message()
    beside = await sandbox.wait_for(lambda: next((one for one in asked.messages if one.visible_to == MIA_ID), None))
    assert "is made for 9:16 · 10 s. What you chose holds." in words(beside)
    [job] = await services.all_jobs()
    assert (job.payload["duration_seconds"], job.payload["aspect_ratio"]) == (3, "1:1")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"style": "Cubism"}, "There is no style “Cubism” here."),
        ({"style": "x" * 6_000}, "There is no style “xxx"),
        ({"style": "Film *noir*", "prompt": "x" * 2_500}, "can be at most 2,469 characters long for Kling 3.0"),
        ({"style": "Long", "duration": None}, "wants 20 for `duration`"),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_told_before_anything_is_spent(
    mia: Persona, services: StageServices, options: dict[str, Any], reason: str
) -> None:
    await save(services, NOIR, StyleDraft("Long", "{prompt}", {"duration": 20}))
    given = {name: value for name, value in ({"duration": 3} | options).items() if value is not None}
    answer = await ask(mia, **given)
    assert reason in answer
    assert "Nothing was charged." in answer
    assert await services.all_jobs() == []


async def test_a_style_helps_to_choose_the_model(mia: Persona, services: StageServices) -> None:
    await save(services, NOIR)
    cheap = plain("cheap", "Cheap", "Cheap", aspect_ratios=("16:9",))
    await services.catalogue.change(cheap, VEO_FAST, replace(KLING, images=Count(0, 0)))
    await ask(mia, "/video")
    asked = await mia.slash("/video", "videos", prompt=FOX, style=NOIR.name, quality="std")
    question = await asked.wait_message()
    await (await mia.press(question, button(question, "Generate"))).wait_message()
    assert [job.model_slug for job in await services.all_jobs()] == ["cheap", KLING.slug]


async def test_the_word_list_checks_what_the_member_wrote_and_the_whole(mia: Persona, services: StageServices) -> None:
    await save(services, NOIR)
    await services.word_lists.add(FILM_CLUB_ID, ADA_ID, "snow black")
    assert "held" in await ask(mia, "/veo fast")
    assert "Nothing was charged." in await ask(mia, "/veo fast", style=NOIR.name)
    assert len(await services.all_jobs()) == 1


async def test_a_slow_database_lists_no_styles_instead_of_failing(
    mia: Persona, services: StageServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_guild_id: int) -> Any:
        await asyncio.Event().wait()

    await save(services, NOIR)
    monkeypatch.setattr(services.styles, "of_guild", never)
    monkeypatch.setattr("bot.discord_ui.interactions.suggesting.READ_SECONDS", 0.05)
    assert await mia.autocomplete("/veo fast", "videos", focused="style", prompt=FOX, style="") == []
