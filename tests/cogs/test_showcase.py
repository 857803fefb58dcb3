"""The showcase: what many people like is forwarded there, once, and leaves it with its original."""

import asyncio
from typing import Any

import pytest

from bot.discord_ui.posting.removal import DiscordMessageRemover
from bot.discord_ui.posting.showcase import DiscordShowcase
from bot.domain.gallery import GalleryKind
from bot.domain.guild_notices import GuildNoticeKind
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import Job
from bot.domain.moderation import IncidentDecision
from bot.domain.showcase import ShowcaseState
from bot.storage import age_restricted, gallery, incidents, showcase
from bot.storage.showcase import state_of
from bot.workers.erasures import Erasures
from bot.workers.showcase import Showcase
from sandbox.discord import DiscordSandbox, Message, Permission, Persona, RestFault
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, OMAR_ID
from sandbox.discord.record import MessageFact
from tests.cogs.panel import open_panel
from tests.cogs.results import posted_video
from tests.cogs.test_gallery import look, reacts
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.stage import StageBot, button


@pytest.fixture(autouse=True)
async def chosen(bot: StageBot, ada: Persona, sandbox: DiscordSandbox) -> None:
    """#general is the showcase, and two people are many."""
    panel = await open_panel(sandbox, ada, "showcase")
    await panel.choose(":showcase_channel:", GENERAL_ID)
    await panel.choose(":showcase_likes:", "2")
    assert "✅ Likes for the showcase: 2 people" in panel.words


def forwards(sandbox: DiscordSandbox) -> list[MessageFact]:
    """Every forward ever, oldest first."""
    return [fact for fact in sandbox.record.messages(GENERAL_ID) if fact.forward_of is not None]


def standing(sandbox: DiscordSandbox) -> list[int | None]:
    """What is forwarded by what stands in the showcase."""
    return [fact.forward_of for fact in forwards(sandbox) if fact.deleted_at is None]


async def work(bot: StageBot) -> None:
    for _ in range(20):
        if await bot.showcase.step() > 0:
            return
    raise AssertionError("it does not come to an end")


async def liked(bot: StageBot, sandbox: DiscordSandbox, maker: Persona, channel: str = "videos") -> Message:
    """A video that two people like."""
    message = await posted_video(bot, maker, sandbox, channel=channel)
    await look(bot)
    for name in ("noah", "ada"):
        await reacts(bot, sandbox.persona(name), message, "❤️")
    return message


async def latest_job(bot: StageBot) -> Job:
    return (await bot.stage.all_jobs())[-1]


async def state(bot: StageBot) -> ShowcaseState | None:
    job = await latest_job(bot)
    return await bot.stage.database.read(state_of, GalleryKind.VIDEO, job.id)


async def make_due(bot: StageBot) -> None:
    """Let the time pass for which a failed attempt waits."""
    await bot.stage.database.write(showcase.release, bot.services.clock())


async def test_what_many_like_is_forwarded_once_however_many_more_like_it(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox
) -> None:
    message = await posted_video(bot, mia, sandbox)
    await look(bot)
    await reacts(bot, noah, message, "❤️")
    await work(bot)
    assert forwards(sandbox) == [], "one is not enough"
    await reacts(bot, sandbox.persona("ada"), message, "🔥")
    await work(bot)
    assert standing(sandbox) == [message.id]
    [forward] = [one for one in mia.read("general") if one.snapshot is not None]
    assert forward.snapshot is not None
    assert forward.snapshot.content == message.content
    assert sandbox.record.facts[forward.id].mentions == [], "a forward mentions nobody"
    await reacts(bot, sandbox.persona("omar"), message, "❤️")
    await work(bot)
    assert len(forwards(sandbox)) == 1


async def test_several_workers_and_lost_answers_forward_once(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    others = [Showcase(bot.stage.context, DiscordShowcase(bot), DiscordMessageRemover(bot)) for _ in range(3)]
    message = await liked(bot, sandbox, mia)
    lost = RestFault(method="POST", path="/channels/*/messages", cut=True, process=True, times=99)
    sandbox.controls.add_fault(lost)
    await asyncio.gather(*(worker.step() for worker in (bot.showcase, *others)))
    assert len(forwards(sandbox)) == 1
    assert await state(bot) is ShowcaseState.WAITING
    sandbox.controls.clear_faults()
    sandbox.controls.advance_clock(3600)  # Discord has forgotten the nonce
    await make_due(bot)
    await asyncio.gather(*(worker.step() for worker in (bot.showcase, *others)))
    assert await state(bot) is ShowcaseState.SHOWN
    assert [fact.forward_of for fact in forwards(sandbox)] == [message.id]


@pytest.mark.parametrize("how", ["button", "moderator", "report", "opt out", "erasure"])
async def test_a_forward_leaves_with_its_original(
    how: str, bot: StageBot, mia: Persona, noah: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    message = await liked(bot, sandbox, mia)
    await work(bot)
    assert standing(sandbox) == [message.id]
    job = await latest_job(bot)
    match how:
        case "button":
            await mia.press(message, button(message, "Delete"))
            await sandbox.wait_for(lambda: message.deleted_at is not None)
        case "moderator":
            sandbox.controls.delete_message("videos", message.id)
            await bot.stage.database.write(gallery.make_due, [message.id], bot.services.clock())
            await look(bot)
        case "report":
            await bot.stage.reports.report(job.id, noah.id, "rude")
            await work(bot)
            assert standing(sandbox) == [message.id], "nobody has decided"
            [incident] = await bot.stage.database.read(incidents.newest, FILM_CLUB_ID, 5)
            await bot.stage.moderation.decide(FILM_CLUB_ID, incident.id, IncidentDecision.DELETED, ada.id)
        case "opt out":
            await bot.stage.gallery.keep_out(FILM_CLUB_ID, mia.id, out=True)
        case "erasure":
            await bot.stage.privacy.erase(mia.id, FILM_CLUB_ID, delete_messages=False)
            await Erasures(bot.stage.context, DiscordMessageRemover(bot)).step()
    await work(bot)
    assert standing(sandbox) == []
    assert await state(bot) is ShowcaseState.GONE
    await bot.stage.database.write(showcase.want, GalleryKind.VIDEO, job.id, FILM_CLUB_ID, 1.0)
    await work(bot)
    assert len(forwards(sandbox)) == 1, "it does not come back"


async def test_a_reported_result_waits_for_the_moderators(
    bot: StageBot, mia: Persona, noah: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    message = await liked(bot, sandbox, mia)
    await bot.stage.reports.report((await latest_job(bot)).id, noah.id, "rude")
    await work(bot)
    assert forwards(sandbox) == []
    [incident] = await bot.stage.database.read(incidents.newest, FILM_CLUB_ID, 5)
    await bot.stage.moderation.decide(FILM_CLUB_ID, incident.id, IncidentDecision.DISMISSED, ada.id)
    await make_due(bot)
    await work(bot)
    assert standing(sandbox) == [message.id]


async def test_who_keeps_out_is_not_shown_and_comes_in_after_changing_their_mind(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    await bot.stage.gallery.keep_out(FILM_CLUB_ID, mia.id, out=True)
    message = await liked(bot, sandbox, mia)
    await work(bot)
    assert forwards(sandbox) == []
    await bot.stage.gallery.keep_out(FILM_CLUB_ID, mia.id, out=False)
    await reacts(bot, sandbox.persona("omar"), message, "❤️")
    await work(bot)
    assert standing(sandbox) == [message.id]


async def test_nothing_comes_from_where_not_everybody_reads(
    bot: StageBot, ada: Persona, sandbox: DiscordSandbox
) -> None:
    for permission in (Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.READ_MESSAGE_HISTORY):
        sandbox.controls.set_permission("staff", permission, True)
    message = await posted_video(bot, ada, sandbox, channel="staff")
    message.reactions["❤️"] = [OMAR_ID, *range(2001, 2009)]
    sandbox.world.users |= {number: sandbox.persona("noah").user for number in range(2001, 2009)}
    await look(bot)
    assert await state(bot) is ShowcaseState.WAITING
    await work(bot)
    assert forwards(sandbox) == []
    assert await state(bot) is None, "it may come when the channel is opened"


@pytest.mark.parametrize("why", ["the model", "the channel"])
async def test_what_is_age_restricted_comes_only_where_that_is_shown(
    why: str, bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    message = await liked(bot, sandbox, mia)
    if why == "the model":
        await bot.stage.database.write(age_restricted.mark, VEO_FAST.slug, OMAR_ID, 1.0)
    else:
        sandbox.controls.set_age_restricted("videos", True)
    await work(bot)
    assert forwards(sandbox) == []
    sandbox.controls.set_age_restricted("general", True)
    await reacts(bot, sandbox.persona("omar"), message, "❤️")
    await work(bot)
    assert standing(sandbox) == [message.id]


@pytest.mark.parametrize("how", ["deleted", "hidden", "closed"])
async def test_a_lost_showcase_is_given_up_and_the_moderators_know_once(
    how: str, bot: StageBot, mia: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    first, second = await liked(bot, sandbox, mia), await liked(bot, sandbox, mia)
    if how == "deleted":
        sandbox.controls.delete_channel("general")
    else:
        lost = Permission.VIEW_CHANNEL if how == "hidden" else Permission.SEND_MESSAGES
        sandbox.controls.set_permission("general", lost, False)
    await work(bot)
    assert (await bot.stage.guild_settings.of(FILM_CLUB_ID)).showcase_channel is None
    [notice] = await bot.stage.guild_settings.notices(FILM_CLUB_ID)
    assert (notice.kind, notice.data) == (GuildNoticeKind.SHOWCASE_CHANNEL_LOST, {"channel_id": GENERAL_ID})
    if how == "deleted":
        return
    sandbox.controls.set_permission("general", lost, None)
    await bot.stage.guild_settings.change(FILM_CLUB_ID, ada.id, GuildSetting.SHOWCASE_CHANNEL, GENERAL_ID)
    await bot.stage.gallery.look_for_showcase(FILM_CLUB_ID)
    assert await bot.stage.guild_settings.notices(FILM_CLUB_ID) == ()
    await look(bot)
    await work(bot)
    assert set(standing(sandbox)) == {first.id, second.id}, "what was liked meanwhile is shown"


async def test_a_result_that_is_withdrawn_while_it_is_forwarded_does_not_stay(
    bot: StageBot, mia: Persona, sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await liked(bot, sandbox, mia)
    forward = DiscordShowcase.forward

    async def slowly(poster: DiscordShowcase, *args: Any) -> int:
        made = await forward(poster, *args)
        await bot.stage.gallery.keep_out(FILM_CLUB_ID, mia.id, out=True)
        return made

    monkeypatch.setattr(DiscordShowcase, "forward", slowly)
    await work(bot)
    assert len(forwards(sandbox)) == 1
    assert standing(sandbox) == []


async def test_without_a_showcase_nothing_is_forwarded(
    bot: StageBot, mia: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    await bot.stage.guild_settings.change(FILM_CLUB_ID, ada.id, GuildSetting.SHOWCASE_CHANNEL, None)
    await liked(bot, sandbox, mia)
    await work(bot)
    assert forwards(sandbox) == []
