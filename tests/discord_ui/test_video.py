"""`/video`: the front door, with the real client at the local Discord."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.capabilities import Count
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import JobState
from sandbox.chaos.crowd import accepted
from sandbox.discord import DiscordSandbox, LocalFile, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID
from tests.discord_ui.catalogues import KLING, MOTION_CONTROL, PUBLIC, VEO_FAST, WAN_REMIX, awkward, plain
from tests.support.stage import StageServices, becomes, words

FOX = "a fox in the snow"
BUSY_SECONDS = 20.0
"""Seconds after which something counts as not happening on a busy machine."""
PICTURE = LocalFile("fox.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
NOTHING = "Nothing was charged."
HAILUO = plain("hailuo_2_3_pro", "Hailuo 2.3 Pro", "Hailuo 2.3", images=Count(1, 1))
CHEAP = plain("wan_2_6", "Wan 2.6", "Wan 2.6")


async def ask(member: Persona, **options: Any) -> str:
    """Send `/video` and return what is answered."""
    asked = await member.slash("/video", "videos", **{"prompt": FOX, **options})
    return words(await asked.wait_message())


async def listed(member: Persona, focused: str, **options: Any) -> list[tuple[str, object]]:
    """Return the choices that are listed while an option is typed: name and value."""
    choices = await member.autocomplete("/video", "videos", focused=focused, **{"prompt": FOX, **options})
    return [(choice["name"], choice["value"]) for choice in choices]


async def slugs(member: Persona, **options: Any) -> list[object]:
    return [value for _, value in await listed(member, "model", **options)]


async def made(services: StageServices) -> list[str]:
    """Return the models of all jobs, oldest first."""
    return [job.model_slug for job in await services.all_jobs()]


async def test_the_model_may_be_given_by_slug_or_by_name_and_the_answer_is_the_jobs_card(
    mia: Persona, services: StageServices
) -> None:
    for model in ("kling_3_0", "Kling 3.0", "  kLING   3.0 "):
        shown = await ask(mia, model=model, duration=3)
        assert "Kling 3.0" in shown
        assert "60 credits held" in shown
    jobs = await services.all_jobs()
    assert {job.model_slug for job in jobs} == {"kling_3_0"}
    assert {job.state for job in jobs} == {JobState.QUEUED}


async def test_what_was_chosen_is_what_is_sent(mia: Persona, services: StageServices) -> None:
    await ask(mia, model="kling_3_0", aspect_ratio="1:1", duration=4, quality="PRO", image=PICTURE)
    [job] = await services.all_jobs()
    sent = job.payload
    assert (sent["prompt"], sent["aspect_ratio"], sent["duration_seconds"], sent["quality_mode"]) == (
        FOX,
        "1:1",
        4,
        "pro",
    )
    assert len(sent["input_image_urls"]) == 1


async def test_a_quality_may_be_typed_as_the_list_shows_it(mia: Persona, services: StageServices) -> None:
    assert await listed(mia, "quality", model="kling_3_0", quality="stand") == [("Standard · 60 credits", "std")]
    await ask(mia, model="kling_3_0", duration=3, quality="standard")
    assert [job.payload["quality_mode"] for job in await services.all_jobs()] == ["std"]


async def test_an_image_is_the_first_frame_of_a_model_that_takes_frames_only(
    mia: Persona, services: StageServices
) -> None:
    await services.catalogue.change(replace(KLING, images=Count(0, 0)))
    await ask(mia, image=PICTURE)
    [job] = await services.all_jobs()
    assert str(job.payload["start_frame_url"]).startswith("http")


async def test_without_a_model_it_is_the_servers_default_then_the_last_one_then_the_cheapest(
    mia: Persona, services: StageServices
) -> None:
    await services.catalogue.change(VEO_FAST, KLING, CHEAP, WAN_REMIX)
    await ask(mia)
    await ask(mia, model="kling_3_0", duration=3)
    await ask(mia)
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, "veo31_fast")
    await ask(mia)
    assert await made(services) == ["wan_2_6", "kling_3_0", "kling_3_0", "veo31_fast"]


async def test_a_default_that_cannot_do_what_is_wished_for_gives_way(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(VEO_FAST, KLING, CHEAP)
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, "wan_2_6")
    await ask(mia, image=PICTURE, duration=8)
    assert await made(services) == ["veo31_fast"]
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, "left_long_ago")
    await ask(mia, duration=10)
    assert await made(services) == ["veo31_fast", "wan_2_6"]


async def test_where_no_model_can_do_it_the_usual_one_says_what_it_can(mia: Persona, services: StageServices) -> None:
    answer = await ask(mia, duration=120)
    assert "**Kling 3.0** makes 3 to 15 s, not 120 s. The nearest: 15 s." in answer
    assert NOTHING in answer
    assert await made(services) == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"model": "veo31_fast", "duration": 7}, "**Veo 3.1 Fast** makes 8 s, not 7 s."),
        ({"model": "kling_3_0", "duration": 2}, "makes 3 to 15 s, not 2 s. The nearest: 3 s."),
        ({"model": "kling_3_0", "duration": -3}, "makes 3 to 15 s, not -3 s. The nearest: 3 s."),
        ({"model": "kling_3_0", "duration": 2**53}, "The nearest: 15 s."),
        ({"model": "wan_2_6", "duration": 7}, "**Wan 2.6** makes 5 or 10 s, not 7 s."),
        ({"model": "kling_3_0", "aspect_ratio": "4:3"}, "not take “4:3” for `aspect_ratio`. Possible: 16:9, 9:16 or"),
        ({"model": "kling_3_0", "quality": "🦊" * 999}, "for `quality`. Possible: Standard or Pro."),
        ({"model": "veo31_fast", "quality": "pro"}, "**Veo 3.1 Fast** leaves no choice of `quality`: leave it out."),
        ({"model": "wan_2_6", "image": PICTURE}, "**Wan 2.6** does not start from an image. **Hailuo 2.3 Pro**"),
        ({"model": "hailuo_2_3_pro"}, "**Hailuo 2.3 Pro** starts from an image: attach one as `image`."),
        ({"model": "wan_2_6_v2v"}, "needs more than a prompt and an image: use </wan 2-6-v2v:"),
        ({"model": "kling_3_0", "image": LocalFile("a.txt", b"words")}, "`image` must be an image file"),
        ({"model": "kling_3_0", "prompt": "x" * 2_501}, "at most 2,500 characters long"),
        ({"model": "kling_3_0", "prompt": "  "}, "needs `prompt`"),
    ],
)  # fmt: skip
async def test_what_a_model_cannot_do_is_refused_privately_with_what_it_can(
    mia: Persona, services: StageServices, options: dict[str, object], reason: str
) -> None:
    await services.catalogue.change(VEO_FAST, KLING, CHEAP, WAN_REMIX, HAILUO)
    asked = await mia.slash("/video", "videos", **{"prompt": FOX, **options})
    answer = await asked.wait_message()
    assert reason in words(answer)
    assert NOTHING in words(answer)
    assert answer.visible_to == MIA_ID
    assert await made(services) == []


@pytest.mark.parametrize(
    "typed", ["veo 9", "🦊", "x" * 5_000, "@everyone <@&1401> [x](https://evil.example)", "'; DROP TABLE jobs; --", "`"]
)
async def test_a_model_that_nobody_knows_is_refused_with_examples(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices, typed: str
) -> None:
    asked = await mia.slash("/video", "videos", prompt=FOX, model=typed)
    answer = await asked.wait_message()
    assert "There is no model “" in words(answer)
    assert "**Kling 3.0** or **Veo 3.1 Fast**" in words(answer)
    assert "https://evil" not in words(answer)
    assert sandbox.record.facts[answer.id].mentions == []
    assert await listed(mia, "model", model=typed) == []
    assert len(await listed(mia, "duration", model=typed, duration="3")) == 2
    assert await made(services) == []


async def test_a_name_that_two_models_share_is_not_guessed(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(KLING, replace(KLING, slug="kling_other"))
    assert "Several models are called “Kling 3.0”" in await ask(mia, model="Kling 3.0")
    assert "held" in await ask(mia, model="kling_other", duration=3)


async def test_favourites_come_first_and_each_line_has_price_and_time(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(*PUBLIC)
    assert (await listed(mia, "model"))[0] == ("Grok Imagine Video · 50 credits · about 90 s", "grok_imagine_video")
    for model, times in {"veo31_fast": 1, "kling_2_6": 2}.items():
        for _ in range(times):
            await ask(mia, model=model)
    assert (await slugs(mia))[:3] == ["kling_2_6", "veo31_fast", "grok_imagine_video"]


async def test_favourites_are_ones_own_in_this_server(mia: Persona, noah: Persona, services: StageServices) -> None:
    await ask(mia, model="veo31_fast")
    assert (await slugs(mia))[0] == "veo31_fast"
    assert (await slugs(noah))[0] == "kling_3_0"


async def test_only_models_that_a_prompt_and_an_image_are_enough_for_are_listed(
    mia: Persona, services: StageServices
) -> None:
    await services.catalogue.change(VEO_FAST, CHEAP, WAN_REMIX, MOTION_CONTROL, HAILUO)
    assert await listed(mia, "model") == [
        ("Veo 3.1 Fast · 100 credits · about 90 s", "veo31_fast"),
        ("Wan 2.6 · 50 credits · about 90 s", "wan_2_6"),
        ("Hailuo 2.3 Pro · 50 credits · about 90 s · needs an image", "hailuo_2_3_pro"),
    ]
    assert await listed(mia, "model", image=PICTURE) == [
        ("Hailuo 2.3 Pro · 50 credits · about 90 s", "hailuo_2_3_pro"),
        ("Veo 3.1 Fast · 100 credits · about 90 s", "veo31_fast"),
    ]


async def test_what_the_servers_rules_forbid_is_not_listed(mia: Persona, services: StageServices) -> None:
    await services.credits.change_rules(FILM_CLUB_ID, ADA_ID, price_max=80)
    assert await slugs(mia) == ["kling_3_0"]
    assert await listed(mia, "duration", model="kling_3_0") == [("3 s · 60 credits", 3), ("4 s · 80 credits", 4)]
    assert await listed(mia, "quality", model="kling_3_0", duration=4) == [("Standard · 80 credits", "std")]
    assert "one request may cost at most 80 credits here" in await ask(mia, model="veo31_fast")
    assert await made(services) == []


async def test_models_that_the_server_does_not_allow_are_neither_listed_nor_chosen(
    mia: Persona, services: StageServices
) -> None:
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, "kling_3_0")
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_MODELS, ["veo31_fast"])
    assert await slugs(mia) == ["veo31_fast"]
    assert "Kling" in await ask(mia, model="kling_3_0")
    await ask(mia)
    assert await made(services) == ["veo31_fast"]


@pytest.mark.parametrize(
    ("typed", "found"), [("veo", "veo31_fast"), ("FAST 3.1", "veo31_fast"), ("kling_3", "kling_3_0")]
)
async def test_models_are_found_by_any_of_their_words(mia: Persona, typed: str, found: str) -> None:
    assert await slugs(mia, model=typed) == [found]


async def test_options_follow_the_chosen_model(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(VEO_FAST, KLING, CHEAP)
    assert await listed(mia, "aspect_ratio", model="veo31_fast") == [(r, r) for r in ("16:9", "9:16", "Auto")]
    assert await listed(mia, "aspect_ratio", model="Kling 3.0", aspect_ratio="1:1") == [("1:1", "1:1")]
    assert await listed(mia, "duration", model="veo31_fast") == [("8 s · 100 credits", 8)]
    assert await listed(mia, "duration", model="kling_3_0", duration="14") == [("14 s · 280 credits", 14)]
    assert [value for _, value in await listed(mia, "duration", model="wan_2_6", duration="7")] == [5, 10]
    assert await listed(mia, "quality", model="kling_3_0") == [
        ("Standard · 60 credits", "std"),
        ("Pro · 120 credits", "pro"),
    ]
    assert await listed(mia, "quality", model="veo31_fast") == []


async def test_options_follow_the_model_that_would_be_taken_where_none_is_chosen(
    mia: Persona, services: StageServices
) -> None:
    assert len(await listed(mia, "duration")) == 13, "the cheapest: Kling"
    assert await listed(mia, "quality", duration=8) == [], "the cheapest of eight seconds: Veo"
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, "veo31_fast")
    assert [value for _, value in await listed(mia, "duration")] == [8]


async def test_prices_in_lists_count_what_the_member_chose_last(mia: Persona, services: StageServices) -> None:
    await ask(mia, model="kling_3_0", duration=3, quality="pro")
    await becomes(lambda: services.jobs.last_choices(MIA_ID, KLING.slug))
    assert (await listed(mia, "duration", model="kling_3_0"))[0] == ("3 s · 120 credits", 3)


@pytest.mark.parametrize("option", ["model", "aspect_ratio", "duration", "quality"])
@pytest.mark.parametrize("typed", ["x" * 5_000, "🦊🦊", "٣", "²", "-1", "9" * 400, " ", "\u202e"])
async def test_whatever_is_typed_gets_a_list(mia: Persona, services: StageServices, option: str, typed: str) -> None:
    await listed(mia, option, **{"model": "kling_3_0", option: typed})


async def test_of_sixty_models_25_are_listed_and_all_are_found(mia: Persona, services: StageServices) -> None:
    models = awkward()
    await services.catalogue.change(*models)
    assert len(await listed(mia, "model")) == 25
    startable = [one for one in models if one.slug.startswith("m-") and one.prompt != "none" and not one.modes]
    for model in startable:
        found = await slugs(mia, model=model.slug, image=PICTURE)
        assert model.slug in found, model


async def test_the_models_change_while_the_form_is_open(mia: Persona, services: StageServices) -> None:
    assert ("Pro · 120 credits", "pro") in await listed(mia, "quality", model="kling_3_0")
    await services.catalogue.change(VEO_FAST, replace(KLING, quality_modes=("std",)))
    assert "**Kling 3.0** does not take “pro” for `quality`. Possible: Standard." in await ask(
        mia, model="kling_3_0", quality="pro"
    )
    await services.catalogue.change(VEO_FAST)
    assert await listed(mia, "quality", model="kling_3_0") == []
    answer = await ask(mia, model="kling_3_0", quality="pro")
    assert "The provider no longer offers **Kling 3.0**." in answer
    assert NOTHING in answer
    assert await made(services) == []


async def test_before_any_model_is_known_the_member_is_asked_to_wait(mia: Persona, services: StageServices) -> None:
    services.catalogue.current = None
    assert await listed(mia, "model") == []
    assert await listed(mia, "duration") == []
    assert "I do not know the provider's models yet" in await ask(mia)
    services.catalogue.key_refused = True
    assert "does not accept my API key. My owner was told" in await ask(mia)


async def test_where_no_model_fits_nothing_is_asked_of_anybody(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(WAN_REMIX, MOTION_CONTROL)
    assert "No model here makes a video from that." in await ask(mia)
    await services.catalogue.change(CHEAP)
    assert "No model here starts from an image: leave `image` out." in await ask(mia, image=PICTURE)


@pytest.mark.usefixtures("bot")
async def test_ten_members_at_once_have_ten_jobs(sandbox: DiscordSandbox, services: StageServices) -> None:
    people = [sandbox.persona(name) for name in ("mia", "noah", "ada", "omar")]
    crowd = [people[number % len(people)] for number in range(10)]
    asked = await asyncio.gather(
        *(member.slash("/video", "videos", prompt=f"fox {number}") for number, member in enumerate(crowd))
    )
    answers = await asyncio.gather(*(one.wait_message(BUSY_SECONDS) for one in asked))
    # On a busy machine the database takes so long that some are told in words, and a worker posts their cards.
    assert all(accepted(answer) for answer in answers), [words(answer) for answer in answers]
    jobs = await services.all_jobs()
    assert sorted((job.member_id, job.payload["prompt"]) for job in jobs) == sorted(
        (member.id, f"fox {number}") for number, member in enumerate(crowd)
    )


async def test_a_slow_database_lists_models_from_memory_and_accepts_after_an_acknowledgement(
    mia: Persona, services: StageServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read = asyncio.Event()
    read = services.model_choice.circumstances

    async def slow(guild_id: int, member_id: int, *, age_restricted_channel: bool) -> object:
        await may_read.wait()
        return await read(guild_id, member_id, age_restricted_channel=age_restricted_channel)

    monkeypatch.setattr(services.model_choice, "circumstances", slow)
    monkeypatch.setattr("bot.discord_ui.interactions.suggesting.READ_SECONDS", 0.05)
    assert await slugs(mia) == ["kling_3_0", "veo31_fast"]
    asked = await mia.slash("/video", "videos", prompt=FOX)
    await asked.wait_response()
    may_read.set()
    answer = await asked.wait_message()
    assert "I have your request" in words(answer)
    assert await made(services) == ["kling_3_0"]
