"""Buttons and dialogs: who may press, what happens, and that all of it works after a restart."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.discord_ui.posting.input_files import REFRESH_PATH
from bot.domain.forecast import Forecast
from bot.domain.jobs import Job, JobState
from bot.domain.outcome import Outcome
from bot.domain.request import GenerationRequest
from bot.domain.switches import Switch
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import Closing, Result, status_card
from bot.engine.settlement import settle
from bot.storage import jobs as job_rows
from sandbox.discord import DiscordSandbox, LocalFile, Message, Persona, RestFault
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, VIDEOS_ID
from tests.discord_ui.catalogues import VEO_FAST, flat
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot, StageServices, becomes, button, running, words

FOX = "a fox in the snow"
BUSY_SECONDS = 20.0
"""Seconds after which something counts as not happening on a busy machine."""


async def ask(member: Persona, services: StageServices, **options: object) -> Job:
    """Return a queued job of the member's."""
    asked = await member.slash("/veo fast", "videos", **({"prompt": FOX} | options))
    await asked.wait_message()
    return (await services.all_jobs())[-1]


async def pause(services: StageServices) -> None:
    """Hold the queue up, so that what is asked for waits and can be cancelled."""
    await services.operations.switch(FILM_CLUB_ID, Switch.PAUSED, True, ADA_ID)


async def card_of(job: Job, bot: StageBot, sandbox: DiscordSandbox) -> Message:
    """Return the job's public card."""
    message_id = await DiscordNotifier(bot, bot.mentions, default_settings).show_status(status_card(job, Forecast(1)))
    assert message_id is not None
    return sandbox.world.channels[VIDEOS_ID].messages[message_id]


async def begin(job: Job, services: StageServices) -> None:
    """The provider took the job."""

    def start(conn: Connection) -> None:
        job_rows.transition(conn, job.id, JobState.QUEUED, JobState.SUBMITTING, "test", 0.0)
        job_rows.transition(conn, job.id, JobState.SUBMITTING, JobState.RUNNING, "test", 0.0)

    await services.database.write(start)


async def closing_of(job: Job, bot: StageBot, sandbox: DiscordSandbox, services: StageServices) -> Message:
    """Return the job's closing message, as after its success."""

    await begin(job, services)

    def finish(conn: Connection) -> None:
        ended = replace(job, state=JobState.RUNNING)
        settle(conn, ended, Outcome(JobState.SUCCEEDED, job.held, None), 0.0, detail="test")

    await services.database.write(finish)
    done = await DiscordNotifier(bot, bot.mentions, default_settings).post_closing(
        Closing(
            job_id=job.id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            member_id=job.member_id,
            model_name=job.model_name,
            request=GenerationRequest.from_json(job.request),
            state=JobState.SUCCEEDED,
            held=job.held,
            price_certain=job.price_certain,
            charged=job.held,
            reason=None,
            results=(Result("https://media.example/clip.mp4"),),
            status_message_id=None,
            owed_at=0.0,
            copy=1,
        ),
        UPLOAD_BYTES_DEFAULT,
    )
    return sandbox.world.channels[VIDEOS_ID].messages[done.message_id]


async def has_state(services: StageServices, state: JobState) -> bool:
    """Tell whether the latest job is in a state."""
    return (await services.all_jobs())[-1].state is state


async def test_a_member_cancels_a_job_that_waits(mia: Persona, services: StageServices) -> None:
    await pause(services)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    answer = await asked.wait_message()
    pressed = await mia.press(answer, button(answer, "Cancel"))
    await becomes(partial(has_state, services, JobState.CANCELLED))
    assert pressed.messages == [], "the card tells of it"


@pytest.mark.parametrize(("who", "state"), [("noah", JobState.QUEUED), ("ada", JobState.CANCELLED)])
async def test_a_strangers_cancel_is_refused_and_a_moderators_works(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices, who: str, state: JobState
) -> None:
    job = await ask(mia, services)
    card = await card_of(job, bot, sandbox)
    pressed = await sandbox.persona(who).press(card, button(card, "Cancel"))
    if state is JobState.QUEUED:
        assert "Only the member" in words(await pressed.wait_message())
    await becomes(partial(has_state, services, state))


async def test_a_cancel_that_comes_too_late_says_so(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    job = await ask(mia, services)
    card = await card_of(job, bot, sandbox)
    await begin(job, services)
    pressed = await mia.press(card, button(card, "Cancel"))
    await sandbox.wait_for(lambda: pressed.messages, BUSY_SECONDS)
    await sandbox.wait_for(lambda: "Rendering" in words(card), BUSY_SECONDS)
    [told] = pressed.messages
    assert told.visible_to == mia.id
    assert "too late to cancel: 🎬 rendering" in words(told)
    assert "'label': 'Cancel'" not in str(card.components)


async def test_a_second_click_on_cancel_says_that_it_has_ended(
    sandbox: DiscordSandbox, mia: Persona, services: StageServices
) -> None:
    await pause(services)
    asked = await mia.slash("/veo fast", "videos", prompt=FOX)
    answer = await asked.wait_message()
    await mia.press(answer, button(answer, "Cancel"))
    await becomes(partial(has_state, services, JobState.CANCELLED))
    second = await mia.press(answer, button(answer, "Cancel"))
    await sandbox.wait_for(lambda: second.messages)
    assert "ended already: 🚫 cancelled." in words(second.messages[0])


async def test_a_double_click_on_again_is_one_job(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, services: StageServices
) -> None:
    message = await closing_of(await ask(mia, services), bot, sandbox, services)
    again = button(message, "Again")
    clicks = [await noah.press(message, again), await noah.press(message, again), await mia.press(message, again)]
    answers = [words(await click.wait_message()) for click in clicks]
    assert sum("held" in answer for answer in answers) == 2
    assert sum("first click" in answer for answer in answers) == 1
    assert sorted(job.member_id for job in await services.all_jobs()) == sorted([mia.id, mia.id, noah.id])


async def test_again_is_a_new_job_of_whoever_presses(
    sandbox: DiscordSandbox, mia: Persona, noah: Persona, bot: StageBot, services: StageServices
) -> None:
    job = await ask(mia, services, aspect_ratio="9:16")
    message = await closing_of(job, bot, sandbox, services)
    pressed = await noah.press(message, button(message, "Again"))
    assert "held" in words(await pressed.wait_message())
    again = (await services.all_jobs())[-1]
    assert again.id != job.id
    assert again.member_id == noah.id
    assert again.payload == job.payload


async def test_again_tells_its_price_and_asks_where_that_rose(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    message = await closing_of(await ask(mia, services), bot, sandbox, services)
    again = button(message, "Again · 100 credits")
    await services.catalogue.change(replace(VEO_FAST, price=flat(150)))
    question = await (await mia.press(message, again)).wait_message()
    assert "costs **150 of your 900 credits**" in words(question)
    assert len(await services.all_jobs()) == 1
    await (await mia.press(question, button(question, "Generate"))).wait_message()
    assert [job.held for job in await services.all_jobs()] == [100, 150]


async def test_again_asks_the_same_questions_as_the_command(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, bot: StageBot, services: StageServices
) -> None:
    message = await closing_of(await ask(mia, services), bot, sandbox, services)
    await (await ada.slash("/quota set confirm_above", "general", amount="always")).wait_message()
    question = await (await mia.press(message, button(message, "Again"))).wait_message()
    assert "costs **100 of your 900 credits**" in words(question)
    assert len(await services.all_jobs()) == 1


async def test_a_prompt_is_edited_in_a_dialog_even_across_a_restart(
    sandbox: DiscordSandbox, mia: Persona, services: StageServices, bot: StageBot
) -> None:
    job = await ask(mia, services, aspect_ratio="9:16")
    message = await closing_of(job, bot, sandbox, services)
    pressed = await mia.press(message, button(message, "Edit prompt"))
    dialog = await pressed.wait_modal()
    assert dialog["components"][0]["component"]["value"] == FOX
    await bot.close()
    async with running(sandbox, services):
        sent = await mia.submit(pressed, prompt="an owl at night")
        assert "held" in words(await sent.wait_message())
    edited = (await services.all_jobs())[-1]
    assert edited.payload == {**job.payload, "prompt": "an owl at night"}


async def test_buttons_work_after_a_restart(
    sandbox: DiscordSandbox, mia: Persona, services: StageServices, bot: StageBot
) -> None:
    job = await ask(mia, services)
    card = await card_of(job, bot, sandbox)
    await bot.close()
    async with running(sandbox, services):
        await mia.press(card, button(card, "Cancel"))
        await becomes(partial(has_state, services, JobState.CANCELLED))


@pytest.mark.parametrize(("who", "deleted"), [("mia", True), ("noah", False), ("ada", True)])
async def test_only_the_member_or_a_moderator_deletes_a_result(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices, who: str, deleted: bool
) -> None:
    job = await ask(mia, services)
    message = await closing_of(job, bot, sandbox, services)
    pressed = await sandbox.persona(who).press(message, button(message, "Delete"))
    await pressed.wait_message()
    assert (message.deleted_at is not None) == deleted


async def days_later(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> tuple[Job, Message]:
    """Return a job with an attached image, and its closing message, when the image's address has ended."""
    job = await ask(mia, services, image=LocalFile("fox.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40))
    message = await closing_of(job, bot, sandbox, services)
    clock = services.clock
    services.clock = lambda: clock() + 30 * 3600  # the cog holds the services, and so asks this clock
    sandbox.core.clock.advance(30 * 3600)
    return job, message


@pytest.mark.parametrize("pressed", ["Again", "Edit prompt"])
async def test_files_whose_addresses_have_ended_are_asked_for_anew(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices, pressed: str
) -> None:
    job, message = await days_later(sandbox, mia, bot, services)
    asked = await mia.press(message, button(message, pressed))
    if pressed != "Again":
        await asked.wait_modal()
        asked = await mia.submit(asked, prompt="an owl")
    assert "held" in words(await asked.wait_message())
    again = (await services.all_jobs())[-1]
    [before], [after] = job.payload["input_image_urls"], again.payload["input_image_urls"]
    assert before.partition("?")[0] == after.partition("?")[0]
    assert before != after


@pytest.mark.parametrize(
    ("status", "said"), [(404, "no longer has the attached files"), (503, "cannot ask Discord for the attached files")]
)
async def test_files_that_discord_does_not_give_are_not_sent_to_the_provider(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices, status: int, said: str
) -> None:
    _, message = await days_later(sandbox, mia, bot, services)
    sandbox.controls.add_fault(RestFault("POST", REFRESH_PATH, status=status, times=9))
    pressed = await mia.press(message, button(message, "Again"))
    await sandbox.wait_for(lambda: pressed.messages and said in words(pressed.messages[0]), 20)
    assert len(await services.all_jobs()) == 1


async def test_a_button_of_a_forgotten_job_says_so(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    job = await ask(mia, services)
    card = await card_of(replace(job, id="zzzzzzzzzzzz"), bot, sandbox)
    pressed = await mia.press(card, button(card, "Cancel"))
    assert "do not know this job" in words(await pressed.wait_message())


async def test_an_error_behind_a_button_gives_a_code(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret details")

    job = await ask(mia, services)
    card = await card_of(job, bot, sandbox)
    monkeypatch.setattr(type(services.jobs), "get", broken)
    pressed = await mia.press(card, button(card, "Cancel"))
    answer = words(await pressed.wait_message())
    assert "look up `" in answer
    assert "secret" not in answer


async def test_a_prompt_that_no_dialog_holds_is_given_as_a_file_with_its_command(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot, services: StageServices
) -> None:
    prompt = "a fox; " * 650
    message = await closing_of(await ask(mia, services, prompt=prompt), bot, sandbox, services)
    answer = await (await mia.press(message, button(message, "Edit prompt"))).wait_message()
    assert answer.visible_to == mia.id
    assert "This prompt has 4,550 characters, and a dialog holds 4,000." in words(answer)
    assert "</veo fast:" in words(answer)
    [file] = answer.attachments
    assert file.path.read_text() == prompt
