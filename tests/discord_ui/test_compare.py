"""`/compare` with the real client at the local Discord: what is listed, what is refused, and what buttons answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.comparisons import DiscordComparisonNotifier
from bot.domain.comparisons import arranged
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import JobState
from bot.domain.outcome import Outcome
from bot.domain.quota import Rules
from bot.domain.styles import StyleDraft
from bot.domain.switches import Switch
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.comparison_notifier import ComparisonClosing, compared_clip
from bot.engine.notifier import Result
from bot.engine.settlement import settle
from bot.storage import age_restricted, comparisons, jobs, outbox
from bot.storage.guilds import set_rules
from bot.workers.comparison_messages import note_comparison
from sandbox.discord import DiscordSandbox, LocalFile, Message, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID, MIA_ID, NOAH_ID
from tests.discord_ui.catalogues import KLING, VEO_FAST, WAN_REMIX, plain
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot, StageServices, button, words

FOX = "a fox in the snow"
PICTURE = LocalFile("fox.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
NOTHING = "Nothing was charged."
WAN = plain("wan_2_6", "Wan 2.6", "Wan 2.6")


@pytest.fixture(autouse=True)
async def _models(services: StageServices, bot: StageBot) -> None:
    await services.catalogue.change(VEO_FAST, KLING, WAN, WAN_REMIX)


async def ask(member: Persona, *models: str, **options: Any) -> Message:
    """Send `/compare` and return the answer."""
    named = {f"model_{number}": model for number, model in enumerate(models, 1)}
    asked = await member.slash("/compare", "videos", **{"prompt": FOX, **named, **options})
    return await asked.wait_message()


async def listed(member: Persona, focused: str, **options: Any) -> list[str]:
    choices = await member.autocomplete("/compare", "videos", focused=focused, **{"prompt": FOX, **options})
    return [choice["name"] for choice in choices]


async def accepted(member: Persona, sandbox: DiscordSandbox, *models: str) -> Message:
    """Have a comparison accepted, and return its card."""
    question = await ask(member, *models)
    pressed = await member.press(question, button(question, "Generate"))
    return await pressed.wait_message()


async def posted(bot: StageBot, card: Message, sandbox: DiscordSandbox) -> Message:
    """Have the jobs of the comparison end, and return its message, posted as the bot posts it."""
    database, now = bot.stage.database, bot.services.clock()
    found = await bot.stage.all_jobs()
    comparison_id = found[-1].comparison_id
    assert comparison_id is not None

    def finish(conn: Any) -> None:
        for job in found:
            jobs.transition(conn, job.id, JobState.QUEUED, JobState.SUBMITTING, "test", now)
            jobs.transition(conn, job.id, JobState.SUBMITTING, JobState.RUNNING, "test", now)
            ended = replace(job, state=JobState.RUNNING)
            settle(conn, ended, Outcome(JobState.SUCCEEDED, job.held, None), now, detail="test")
        clips = arranged(comparisons.clips_of(conn, comparison_id), comparisons.jobs_of(conn, comparison_id))
        comparisons.close(conn, comparison_id, clips, clips[0].job_id or "", now)
        comparisons.open_voting(conn, comparison_id, now + 60)

    await database.write(finish)
    ended = {job.id: job for job in await bot.stage.all_jobs()}
    clips = await database.read(comparisons.clips_of, comparison_id)
    parts = [compared_clip(clip, ended[clip.job_id or ""]) for clip in clips]
    result = (Result("https://media.example/clip.mp4"),)
    closing = ComparisonClosing(
        comparison_id=comparison_id, guild_id=FILM_CLUB_ID, channel_id=found[0].channel_id, member_id=MIA_ID,
        clips=tuple(part.with_results(result) for part in parts), late=0, status_message_id=None, owed_at=0.0,
        voting_ends_at=now + 60,
    )  # fmt: skip
    notifier = DiscordComparisonNotifier(bot, CommandMentions(bot, bot.stage.commands), default_settings)
    done = await notifier.post(closing, UPLOAD_BYTES_DEFAULT)

    def note(conn: Any) -> None:
        [owed] = outbox.claim(conn, "test", 60.0, now, 100)
        outbox.done(conn, owed.job_id, "test", "channel", now, channel_id=done.channel_id, message_id=done.message_id)
        note_comparison(conn, comparison_id, owed.job_id, "channel", (done.channel_id, done.message_id), now)

    await database.write(note)
    return sandbox.world.channels[done.channel_id].messages[done.message_id]


def vote_button(message: Message, letter: str) -> str:
    return button(message, letter)


async def test_models_are_listed_with_price_and_time_without_those_that_are_chosen(mia: Persona) -> None:
    first = await listed(mia, "model_1", model_1="")
    assert any("Veo 3.1 Fast" in name and "100 credits" in name and " s" in name for name in first)
    others = await listed(mia, "model_3", model_1="veo31_fast", model_2="Kling 3.0", model_3="")
    assert not any("Veo" in name or "Kling" in name for name in others)
    assert any("Wan 2.6" in name for name in others)
    again = await listed(mia, "model_1", model_1="veo31_fast")
    assert any("Veo 3.1 Fast" in name for name in again), "its own choice may be made again"


async def test_options_are_listed_as_far_as_all_chosen_models_can(mia: Persona) -> None:
    models = {"model_1": "veo31_fast", "model_2": "kling_3_0"}
    assert await listed(mia, "duration", duration="", **models) == ["8 s"]
    ratios = await listed(mia, "aspect_ratio", aspect_ratio="", **models)
    assert set(ratios) == set(VEO_FAST.aspect_ratios) & set(KLING.aspect_ratios)
    assert await listed(mia, "quality", quality="", **models) == []


async def test_the_sum_is_asked_about_with_each_price_and_the_answer_is_one_card(
    mia: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    question = await ask(mia, "veo31_fast", "kling_3_0", duration=8)
    assert question.visible_to is not None
    assert "Comparing 2 models costs **260 credits**. Shall I?" in words(question)
    assert "- Veo 3.1 Fast · 100 credits" in words(question)
    assert await services.all_jobs() == []
    card = await (await mia.press(question, button(question, "Generate"))).wait_message()
    assert card.visible_to is None
    assert "**Comparison of 2 models**" in words(card)
    assert "260 credits held" in words(card)
    made = await services.all_jobs()
    assert {job.model_slug for job in made} == {"veo31_fast", "kling_3_0"}
    assert {job.payload["prompt"] for job in made} == {FOX}


async def test_a_no_holds_nothing(mia: Persona, services: StageServices) -> None:
    question = await ask(mia, "veo31_fast", "kling_3_0")
    await mia.press(question, button(question, "Not now"))
    assert await services.all_jobs() == []


@pytest.mark.parametrize(
    ("models", "options", "expected"),
    [
        (("veo31_fast", "VEO 3.1 fast"), {}, "You named **Veo 3.1 Fast** twice."),
        (("veo31_fast", "no such model"), {}, "no such model"),
        (("veo31_fast", "kling_3_0"), {"duration": 9}, "**Veo 3.1 Fast** makes 8 s, not 9 s."),
        (("veo31_fast", "wan_2_6"), {"aspect_ratio": "5:4"}, "**Wan 2.6** does not take “5:4”"),
        (("veo31_fast", "wan_2_6_v2v"), {}, "needs more than a prompt and an image"),
        (("veo31_fast", "wan_2_6"), {"image": PICTURE}, "**Wan 2.6** does not start from an image."),
    ],
)
async def test_what_one_model_cannot_do_is_told_before_anything_is_spent(
    mia: Persona, services: StageServices, models: Sequence[str], options: dict[str, Any], expected: str
) -> None:
    answer = words(await ask(mia, *models, **options))
    assert expected in answer
    assert answer.count(NOTHING) == 1
    assert await services.all_jobs() == []


async def test_a_price_that_needs_an_approval_is_told_with_its_model(
    mia: Persona, services: StageServices, sandbox: DiscordSandbox
) -> None:
    await accepted(mia, sandbox, "wan_2_6", "kling_3_0")  # makes the server known
    await services.database.write(set_rules, FILM_CLUB_ID, Rules(approval_above=90, approval_channel_id=5))
    answer = words(await ask(mia, "veo31_fast", "wan_2_6"))
    assert answer.startswith("**Veo 3.1 Fast**: This costs 100 credits")
    assert "a comparison cannot wait for that" in answer


async def test_an_age_restricted_model_is_refused_by_its_name(mia: Persona, services: StageServices) -> None:
    await services.database.write(age_restricted.mark, "kling_3_0", 1, 1.0)
    answer = words(await ask(mia, "veo31_fast", "kling_3_0"))
    assert "**Kling 3.0**: This model can be used in age-restricted channels only" in answer
    shown = words(await (await mia.slash("/models", "videos")).wait_message())
    assert "in age-restricted channels only" in shown


async def test_cancel_ends_what_was_not_sent_and_tells_what_is_given_back(
    mia: Persona, noah: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    await services.operations.switch(FILM_CLUB_ID, Switch.PAUSED, True, ADA_ID)
    card = await accepted(mia, sandbox, "veo31_fast", "kling_3_0")
    assert "the queue is paused" in words(card)
    no = await (await noah.press(card, button(card, "Cancel"))).wait_message()
    assert "Only the member who asked for this comparison" in words(no)
    pressed = await mia.press(card, button(card, "Cancel"))
    await sandbox.wait_for(
        lambda: "2 videos are cancelled, and their credits are released." in map(words, pressed.messages)
    )
    assert {job.state for job in await services.all_jobs()} == {JobState.CANCELLED}


async def test_a_vote_tells_the_names_to_its_voter_only_and_can_be_changed(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox
) -> None:
    message = await posted(bot, await accepted(mia, sandbox, "veo31_fast", "kling_3_0"), sandbox)
    assert "Veo" not in words(message)
    used = await (await noah.press(message, button(message, "Use a clip"))).wait_message()
    assert "You have not voted." in words(used)
    assert "Veo" not in words(used)
    told = await (await noah.press(message, vote_button(message, "A"))).wait_message()
    assert told.visible_to is not None
    assert "You voted for **A**." in words(told)
    assert "Veo 3.1 Fast" in words(told)
    same = await (await noah.press(message, vote_button(message, "A"))).wait_message()
    assert "You vote for **A** already." in words(same)
    other = await (await noah.press(message, vote_button(message, "B"))).wait_message()
    assert "You now vote for **B**" in words(other)
    used = await (await noah.press(message, button(message, "Use a clip"))).wait_message()
    assert "Veo 3.1 Fast" in words(used)
    assert "Veo" not in words(message)


async def test_who_is_blocked_or_has_no_access_cannot_vote_and_reads_why(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    message = await posted(bot, await accepted(mia, sandbox, "veo31_fast", "kling_3_0"), sandbox)
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_ROLES, [4711])
    kept_out = await (await noah.press(message, vote_button(message, "A"))).wait_message()
    assert "role" in words(kept_out)
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_ROLES, [])
    await services.moderation.block(FILM_CLUB_ID, NOAH_ID, ADA_ID, "spam", 3600.0)
    blocked = await (await noah.press(message, vote_button(message, "A"))).wait_message()
    assert "blocked" in words(blocked)
    assert await services.database.read(comparisons.votes_of, (await services.all_jobs())[0].comparison_id or "") == []


async def test_after_the_end_and_after_the_deletion_a_vote_gets_clear_words(
    bot: StageBot, mia: Persona, noah: Persona, ada: Persona, sandbox: DiscordSandbox, services: StageServices
) -> None:
    message = await posted(bot, await accepted(mia, sandbox, "veo31_fast", "kling_3_0"), sandbox)
    comparison_id = (await services.all_jobs())[0].comparison_id or ""
    await services.database.write(comparisons.open_voting, comparison_id, services.clock() - 1)
    late = await (await noah.press(message, vote_button(message, "A"))).wait_message()
    assert "The vote has ended." in words(late)
    not_yours = await (await noah.press(message, button(message, "Delete"))).wait_message()
    assert "Only the member who asked" in words(not_yours)
    vote, delete = vote_button(message, "A"), button(message, "Delete")
    await (await ada.press(message, delete)).wait_message()
    assert message.deleted_at is not None
    assert vote
    for job in await services.all_jobs():
        view = await services.jobs.get(job.id)
        assert view is not None
        assert view.posting is not None
        assert view.posting.removed_by_others(MIA_ID)


async def test_a_report_asks_which_clip_by_its_button_and_by_the_menu(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox
) -> None:
    message = await posted(bot, await accepted(mia, sandbox, "veo31_fast", "kling_3_0"), sandbox)
    for question in (
        await (await noah.press(message, button(message, "Report"))).wait_message(),
        await (await noah.message_menu("Report video", message)).wait_message(),
    ):
        assert "Which clip?" in words(question)
        opened = await noah.press(question, button(question, "B"))
        assert (await opened.wait_modal()) is not None


async def test_a_style_goes_around_the_prompt_of_every_model(mia: Persona, services: StageServices) -> None:
    noir = StyleDraft("Noir", "{prompt}, black and white", {"aspect_ratio": "9:16", "duration": 10})
    await services.styles.add(FILM_CLUB_ID, ADA_ID, noir)
    question = await ask(mia, "veo31_fast", "kling_3_0", style="noir")
    assert "**300 credits**" in words(question), "100, and 10 s at 20"
    assert "The style “Noir” is made for 10 s, which Veo 3.1 Fast leaves no choice of." in words(question)
    card = await (await mia.press(question, button(question, "Generate"))).wait_message()
    assert f"> {FOX}\n-# Style “Noir”" in words(card)
    made = await services.all_jobs()
    assert {job.payload["prompt"] for job in made} == {f"{FOX}, black and white"}
    assert {job.payload["aspect_ratio"] for job in made} == {"9:16"}
    assert {job.own_words for job in made} == {FOX}


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"style": "Cubism"}, "There is no style “Cubism” here."), ({"style": "Noir"}, "wants “4:3” for `aspect_ratio`")],
)
async def test_a_style_that_one_model_cannot_do_is_told_before_anything_is_spent(
    mia: Persona, services: StageServices, options: dict[str, Any], reason: str
) -> None:
    await services.styles.add(FILM_CLUB_ID, ADA_ID, StyleDraft("Noir", "{prompt}", {"aspect_ratio": "4:3"}))
    answer = words(await ask(mia, "veo31_fast", "kling_3_0", **options))
    assert reason in answer
    assert NOTHING in answer
    assert await services.all_jobs() == []
