import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from bot.discord_ui.interactions.invocation import read_invocation
from bot.domain.attachments import Attachment
from bot.domain.confirmation import NEVER
from bot.domain.jobs import JobState
from bot.domain.prices import Price, Rate
from bot.domain.quota import GuildDefaults
from bot.storage.guilds import ensure_guild, lock_guild, set_rules
from sandbox.discord import ClientRefused, DiscordSandbox, LocalFile, Permission, Persona, RestFault
from sandbox.discord.default_world import APPLICATION_ID, FILM_CLUB_ID, MIA_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from tests.discord_ui.catalogues import KLING, RATIOS_30, VEO_FAST, awkward, plain
from tests.support.stage import StageBot, StageServices, becomes, button, running, words

FOX = "a fox in the snow"
PICTURE = LocalFile("fox.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)


async def test_the_answer_to_a_generated_command_is_the_card_of_a_queued_job(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    asked = await mia.slash("/veo fast", "videos", prompt=FOX, aspect_ratio="9:16", image=PICTURE)
    answer = await asked.wait_message()
    [job] = await services.all_jobs()
    assert (job.state, job.member_id, job.channel_id, job.guild_id) == (
        JobState.QUEUED,
        MIA_ID,
        VIDEOS_ID,
        FILM_CLUB_ID,
    )
    assert job.payload["prompt"] == FOX
    assert job.payload["aspect_ratio"] == "9:16"
    assert job.payload["duration_seconds"] == 8
    assert len(job.payload["input_image_urls"]) == 1
    assert answer.visible_to is None
    assert "100 credits held" in words(answer)
    assert "Starting · ready <t:" in words(answer)
    assert "usually about 90 s" in words(answer)
    assert "reel:cancel:" not in str(answer.components), "it would come too late"

    async def card() -> int | None:
        view = await services.jobs.get(job.id)
        return view.job.status_message_id if view is not None else None

    assert await becomes(card) == answer.id, "the answer is the job's card"


async def test_the_same_interaction_delivered_twice_is_one_job(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices, bot: StageBot
) -> None:
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    await asked.wait_message()
    [event] = [e for e in sandbox.record.events if e.name == "INTERACTION_CREATE"]
    bot._connection.parse_interaction_create(event.data)
    later = await mia.slash("/jobs", "videos")
    await later.wait_message()
    assert len(await services.all_jobs()) == 1


async def test_what_was_left_out_is_what_the_member_chose_last(mia: Persona, services: StageServices) -> None:
    first = await mia.slash("/kling 3-0", "videos", prompt=FOX, aspect_ratio="1:1", duration=4, quality="pro")
    await first.wait_message()
    await becomes(lambda: services.jobs.last_choices(MIA_ID, KLING.slug))
    second = await mia.slash("/kling 3-0", "videos", prompt="another", duration=3)
    await second.wait_message()
    payload = (await services.all_jobs())[-1].payload
    assert (payload["aspect_ratio"], payload["duration_seconds"], payload["quality_mode"]) == ("1:1", 3, "pro")


async def test_a_wrong_combination_is_refused_by_name_and_nothing_is_charged(
    mia: Persona, services: StageServices
) -> None:
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, first_frame=PICTURE, aspect_ratio="1:1")
    answer = words(await asked.wait_message())
    assert "aspect_ratio" in answer
    assert "Nothing was charged." in answer
    assert await services.all_jobs() == []


async def test_over_the_budget_the_limit_is_named(mia: Persona, services: StageServices) -> None:
    await services.database.write(_ask_above, NEVER)
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, duration=15, quality="pro", sound=True)
    first = words(await asked.wait_message())
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, duration=15, quality="pro", sound=True)
    second = words(await asked.wait_message())
    assert "held" in first
    assert "400 credits are left" in second
    assert len(await services.all_jobs()) == 1


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        (Permission.ATTACH_FILES, "Attach Files"),
        (Permission.SEND_MESSAGES, "Send Messages"),
        (Permission.READ_MESSAGE_HISTORY, "Read Message History"),
    ],
)
async def test_a_missing_permission_is_named_before_anything_is_charged(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices, permission: Permission, name: str
) -> None:
    bot_id = sandbox.world.bot.id
    sandbox.world.channels[VIDEOS_ID].overwrites[bot_id] = Overwrite(bot_id, is_member=True, deny=int(permission))
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    assert f"**{name}**" in words(await asked.wait_message())
    assert await services.all_jobs() == []


async def test_an_outdated_command_is_accepted_where_it_is_still_valid(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(replace(KLING, quality_modes=("std",)), announce=False)
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, quality="std")
    assert "held" in words(await asked.wait_message())
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, quality="pro")
    answer = words(await asked.wait_message())
    assert "Not possible for `quality`: “pro”. Possible: std." in answer
    assert len(await services.all_jobs()) == 1


async def test_a_removed_model_refuses_politely_whether_or_not_its_command_is_still_there(
    mia: Persona, services: StageServices, bot: StageBot
) -> None:
    await services.catalogue.change(KLING, announce=False)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    assert "no longer offers **Veo 3.1 Fast**" in words(await asked.wait_message())
    bot.tree.remove_command("veo")
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    assert "no longer offers **Veo 3.1 Fast**" in words(await asked.wait_message())
    assert await services.all_jobs() == []


async def test_a_command_that_is_unknown_altogether_asks_for_a_reload(mia: Persona, bot: StageBot) -> None:
    bot.tree.remove_command("jobs")
    asked = await mia.slash("/jobs", "videos")
    assert "reload Discord" in words(await asked.wait_message())


async def test_a_changed_catalogue_changes_the_commands_but_no_names(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(
        replace(VEO_FAST, aspect_ratios=("1:1", "4:3")), plain("veo4_fast", "Veo 4 Fast", "Veo 4")
    )
    commands = {command["name"]: command for command in mia.commands("videos")}
    assert [option["name"] for option in commands["veo"]["options"]] == ["4-fast", "fast"]
    assert "kling" not in commands
    with pytest.raises(ClientRefused, match="none of"):
        await mia.slash("/veo fast", "videos", prompt=FOX, aspect_ratio="16:9")


async def test_a_model_that_comes_after_another_left_gets_a_name_of_its_own(
    mia: Persona, services: StageServices
) -> None:
    await services.catalogue.change(plain("veo4_fast", "Veo 4 Fast", "Veo 4"))
    [veo] = [command for command in mia.commands("videos") if command["name"] == "veo"]
    assert [option["name"] for option in veo["options"]] == ["4-fast"]
    await services.catalogue.change(VEO_FAST)
    [veo] = [command for command in mia.commands("videos") if command["name"] == "veo"]
    assert [option["name"] for option in veo["options"]] == ["fast"]


async def test_discord_takes_60_awkward_models_and_keeps_their_names(
    mia: Persona, services: StageServices, bot: StageBot
) -> None:
    models = awkward()

    def registered() -> set[tuple[str, str]]:
        """Return the models' commands that a member sees."""
        generated = {name.command for name in services.commands.names.values()}
        shown = [(c["name"], option) for c in mia.commands("videos") for option in c.get("options", ())]
        return {(name, option["name"]) for name, option in shown if name in generated}

    await services.catalogue.change(*models)
    all_names = registered()
    assert len(all_names) == 60
    await services.catalogue.change(*models[:30])
    assert len(registered()) == 30
    assert registered() < all_names
    await services.catalogue.change(VEO_FAST, *reversed(models))
    assert registered() - all_names == {("veo", "fast")}
    assert registered() > all_names


async def test_commands_are_sent_only_when_their_content_changed(
    sandbox: DiscordSandbox, services: StageServices, bot: StageBot
) -> None:
    def puts() -> int:
        return len(sandbox.record.requests_to("PUT", f"/{APPLICATION_ID}/commands"))

    assert puts() == 1
    assert services.catalogue.current is not None
    await services.catalogue.change(*services.catalogue.current.models)
    assert puts() == 1
    async with running(sandbox, services):
        assert puts() == 1
    await services.catalogue.change(VEO_FAST)
    assert puts() == 2


async def test_two_changes_at_once_leave_discord_with_the_latest(
    sandbox: DiscordSandbox, services: StageServices, bot: StageBot
) -> None:
    sandbox.controls.add_fault(RestFault("PUT", "/applications/*/commands", latency_seconds=0.3))
    await asyncio.gather(services.catalogue.change(VEO_FAST), services.catalogue.change(KLING))
    names = {command["name"] for command in sandbox.persona("mia").commands("videos")}
    assert ("kling" in names, "veo" in names) == (True, False)


async def test_a_failed_sync_is_tried_again_with_the_next_change(
    sandbox: DiscordSandbox, services: StageServices, bot: StageBot
) -> None:
    sandbox.controls.add_fault(RestFault("PUT", "/applications/*/commands", status=503))
    await services.catalogue.change(VEO_FAST)
    before = len(sandbox.record.requests_to("PUT", f"/{APPLICATION_ID}/commands"))
    await services.catalogue.change(VEO_FAST)
    assert len(sandbox.record.requests_to("PUT", f"/{APPLICATION_ID}/commands")) == before + 1
    assert "kling" not in {command["name"] for command in sandbox.persona("mia").commands("videos")}


async def test_more_than_25_choices_are_suggested_from_memory(mia: Persona, services: StageServices) -> None:
    await services.catalogue.change(replace(VEO_FAST, aspect_ratios=RATIOS_30))
    choices = await mia.autocomplete("/veo fast", "videos", focused="aspect_ratio", aspect_ratio="2", prompt=FOX)
    values = [choice["value"] for choice in choices]
    assert values[:3] == ["2:9", "20:9", "21:9"]
    assert "3:9" not in values
    services.catalogue.current = None
    assert await mia.autocomplete("/veo fast", "videos", focused="aspect_ratio", prompt=FOX)


async def test_autocomplete_of_a_command_that_is_gone_offers_nothing(
    mia: Persona, services: StageServices, bot: StageBot
) -> None:
    await services.catalogue.change(replace(VEO_FAST, aspect_ratios=RATIOS_30))
    bot.tree.remove_command("veo")
    assert await mia.autocomplete("/veo fast", "videos", focused="aspect_ratio", prompt=FOX) == []


async def test_without_a_catalogue_members_are_asked_to_wait(mia: Persona, services: StageServices) -> None:
    services.catalogue.current = None
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    assert "do not know the provider's models yet" in words(await asked.wait_message())


async def test_an_unforeseen_error_gives_a_code_that_the_log_has_and_no_exception(
    mia: Persona, services: StageServices, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the database is on fire")

    monkeypatch.setattr(type(services.admission), "admit", broken)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    answer = words(await asked.wait_message())
    code = answer.split("`")[1]
    assert "on fire" not in answer
    assert any(code in record.getMessage() and record.exc_info for record in caplog.records)


def _ask_above(conn: Connection, threshold: int) -> None:
    ensure_guild(conn, FILM_CLUB_ID, GuildDefaults(1_000), 0.0)
    set_rules(conn, FILM_CLUB_ID, replace(lock_guild(conn, FILM_CLUB_ID), confirm_above=threshold))


async def test_an_expensive_request_asks_first_and_a_double_yes_is_one_job(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    await services.database.write(_ask_above, 50)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    question = await asked.wait_message()
    assert "costs **100 of your 1,000 credits**. Shall I?" in words(question)
    assert await services.all_jobs() == []
    yes = button(question, "Generate")
    presses = [await mia.press(question, yes) for _ in range(2)]
    answers = [await press.wait_message() for press in presses]
    # Which press comes first is the event loop's choice.
    [card] = [answer for answer in answers if answer.visible_to is None]
    assert "100 credits held" in words(card)
    [again] = [answer for answer in answers if answer.visible_to == MIA_ID]
    assert "I have your request" in words(again)
    assert len(await services.all_jobs()) == 1
    await sandbox.wait_for(lambda: question.deleted_at is not None)


async def test_a_price_that_rose_after_the_question_is_asked_about_again(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    await services.database.write(_ask_above, 50)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    question = await asked.wait_message()
    assert "costs **100 of your" in words(question)
    await services.catalogue.change(replace(VEO_FAST, price=Price((Rate(Decimal(900)),))))
    again = await (await mia.press(question, button(question, "Generate"))).wait_message()
    assert "costs **900 of your" in words(again)
    assert again.visible_to == MIA_ID
    assert await services.all_jobs() == []
    card = await (await mia.press(again, button(again, "Generate"))).wait_message()
    assert "900 credits held" in words(card)
    assert [job.held for job in await services.all_jobs()] == [900]


async def test_a_no_costs_nothing(mia: Persona, sandbox: DiscordSandbox, services: StageServices) -> None:
    await services.database.write(_ask_above, 50)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    question = await asked.wait_message()
    refused = await mia.press(question, button(question, "Not now"))
    await sandbox.wait_for(lambda: "nothing was charged" in words(question))
    assert refused.status == "acknowledged"
    assert await services.all_jobs() == []


def test_attachments_keep_what_discord_tells_of_them() -> None:
    image = {"id": "9", "url": "https://a/b.png", "filename": "b.png", "size": 3, "width": 1, "height": 2}
    options = [{"type": 11, "name": "image", "value": "9"}, {"type": 5, "name": "sound", "value": True}]
    sent = {
        "name": "kling",
        "options": [{"type": 1, "name": "3-0", "options": options}],
        "resolved": {"attachments": {"9": image}},
    }
    read = read_invocation(sent)
    assert (read.command, read.subcommand) == ("kling", "3-0")
    assert read.values == {"image": Attachment("https://a/b.png", "b.png", None, 3, 1, 2, None), "sound": True}


async def test_two_images_to_start_from_are_refused_before_anything_is_charged(
    mia: Persona, services: StageServices
) -> None:
    other = LocalFile("hen.png", PICTURE.data)
    asked = await mia.slash("/kling 3-0", "videos", prompt=FOX, image=PICTURE, first_frame=other)
    shown = words(await asked.wait_message())
    assert "`image` must be left out when `first_frame` is given." in shown
    assert "Nothing was charged." in shown
    assert await services.all_jobs() == []
