"""Films at the local Discord: their card, their one message, who is told of a failure, and who may delete a film."""

from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.reels import DiscordReelPoster
from bot.domain.film_problems import FilmProblem
from bot.domain.reel_renders import ReelRenderState
from bot.engine.notifier import DeliveryImpossible, DeliveryLater, UploadTooLarge
from bot.engine.reel_poster import FilmCard, FilmFailure, FilmMessage
from bot.storage import reel_renders, reels
from sandbox.discord import DiscordSandbox, Permission, Persona, RestFault
from sandbox.discord.default_world import MIA_ID, NOAH_ID, VIDEOS_ID
from sandbox.discord.model import Overwrite
from sandbox.discord.record import MessageFact
from tests.support.default_settings import default_settings
from tests.support.media import undescribed_media
from tests.support.stage import StageBot, button

TITLE = "The *lighthouse* <@1>"


@pytest.fixture
def film_poster(poster: discord.Client, mentions: CommandMentions) -> DiscordReelPoster:
    return DiscordReelPoster(poster, mentions, default_settings)


@pytest.fixture
def guild_id(sandbox: DiscordSandbox) -> int:
    return sandbox.world.channels[VIDEOS_ID].guild_id or 0


@pytest.fixture
def film(guild_id: int, tmp_path: Path) -> FilmMessage:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(500))
    return FilmMessage(1, guild_id, VIDEOS_ID, MIA_ID, 0.0, TITLE, (NOAH_ID, MIA_ID), 3, 65_000, 1, path, 512)


def posted(sandbox: DiscordSandbox) -> list[MessageFact]:
    facts = sandbox.record.messages(VIDEOS_ID)
    return [fact for fact in facts if fact.author_id == sandbox.world.application_id]


def is_deleted(sandbox: DiscordSandbox, message_id: int) -> bool:
    return sandbox.record.facts[message_id].deleted_at is not None


async def test_a_film_is_one_message_that_mentions_its_makers_once(
    sandbox: DiscordSandbox, film_poster: DiscordReelPoster, film: FilmMessage
) -> None:
    place = await film_poster.post(film)
    assert await film_poster.post(film) == place, "the same nonce gives back the same message"
    [fact] = posted(sandbox)
    assert place == (VIDEOS_ID, fact.message_id)
    assert sorted(fact.mentions) == sorted([MIA_ID, NOAH_ID])
    assert fact.attachments == ["reel-1.mp4"]
    assert "1:05" in fact.content
    assert "1 clip could not be had" in fact.content
    assert fact.content.count(f"<@{MIA_ID}>") == fact.content.count(f"<@{NOAH_ID}>") == 1
    assert undescribed_media(sandbox.record) == []
    assert sandbox.record.violations() == []


async def test_a_posted_film_is_found_by_its_buttons(
    film_poster: DiscordReelPoster, film: FilmMessage, sandbox: DiscordSandbox
) -> None:
    assert await film_poster.find_posted(VIDEOS_ID, 1, 0.0) is None
    place = await film_poster.post(film)
    assert await film_poster.find_posted(VIDEOS_ID, 1, 0.0) == place
    assert await film_poster.find_posted(VIDEOS_ID, 2, 0.0) is None


async def test_a_film_of_very_many_makers_fits_into_a_message(
    film_poster: DiscordReelPoster, film: FilmMessage, sandbox: DiscordSandbox
) -> None:
    await film_poster.post(replace(film, makers=tuple(range(10**17, 10**17 + 200)), title="_" * 200))
    assert sandbox.record.violations() == []


async def test_the_card_is_edited_and_removed(
    sandbox: DiscordSandbox, film_poster: DiscordReelPoster, guild_id: int
) -> None:
    card = FilmCard(1, guild_id, VIDEOS_ID, MIA_ID, TITLE, None, None)
    message_id = await film_poster.show_card(card)
    assert message_id is not None
    assert await film_poster.show_card(card) == message_id, "after a crash it is the same message"
    shown = replace(card, percent=42, message_id=message_id)
    assert await film_poster.show_card(shown) == message_id
    assert "42%" in str(sandbox.world.channels[VIDEOS_ID].messages[message_id].components)
    await film_poster.remove_card(VIDEOS_ID, message_id)
    assert is_deleted(sandbox, message_id)
    assert await film_poster.show_card(shown) is None, "it is not posted anew"
    await film_poster.remove_card(VIDEOS_ID, message_id)


async def test_credits_name_makers_as_their_server_does_and_those_who_left_as_users(
    sandbox: DiscordSandbox, film_poster: DiscordReelPoster, guild_id: int
) -> None:
    del sandbox.world.guilds[guild_id].members[NOAH_ID]
    named = await film_poster.credits(guild_id, [MIA_ID, NOAH_ID, 5])
    assert named.lines((NOAH_ID, MIA_ID, 5)) == ("Clips by", "Noah", "Mia")
    assert named.lines((5,)) == ()


async def test_whoever_asked_is_told_why_there_is_no_film(
    sandbox: DiscordSandbox, film_poster: DiscordReelPoster, guild_id: int
) -> None:
    await film_poster.tell_failure(FilmFailure(1, guild_id, VIDEOS_ID, MIA_ID, TITLE, FilmProblem.DISK))
    told = posted(sandbox)[-1]
    assert told.mentions == [MIA_ID]
    assert "no room for it on my disk" in told.content


async def test_where_the_channel_takes_nothing_whoever_asked_is_told_directly(
    sandbox: DiscordSandbox, film_poster: DiscordReelPoster, film: FilmMessage, guild_id: int
) -> None:
    closed = Overwrite(sandbox.world.application_id, is_member=True, deny=int(Permission.SEND_MESSAGES))
    sandbox.world.channels[VIDEOS_ID].overwrites[sandbox.world.application_id] = closed
    with pytest.raises(DeliveryImpossible):
        await film_poster.post(film)
    failure = FilmFailure(1, guild_id, VIDEOS_ID, MIA_ID, TITLE, FilmProblem.UNDELIVERABLE)
    await film_poster.tell_failure(failure)
    told = [fact for fact in sandbox.record.messages() if "could not be made" in fact.content]
    assert len(told) == 1
    assert told[0].channel_id != VIDEOS_ID


async def test_a_file_that_is_too_large_is_told_from_other_refusals(
    sandbox: DiscordSandbox, film_poster: DiscordReelPoster, film: FilmMessage
) -> None:
    sandbox.controls.set_upload_limit(100)
    with pytest.raises(UploadTooLarge):
        await film_poster.post(film)


async def test_a_discord_that_is_down_is_waited_for(
    sandbox: DiscordSandbox, film_poster: DiscordReelPoster, film: FilmMessage
) -> None:
    sandbox.controls.add_fault(RestFault("POST", "/channels/*/messages", status=503, times=50))
    with pytest.raises(DeliveryLater):
        await film_poster.post(film)


async def test_who_asked_and_moderators_may_delete_a_film(
    bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox, film: FilmMessage
) -> None:
    async def ask() -> int:
        write = bot.stage.database.write
        reel_id = await write(reels.add, film.guild_id, VIDEOS_ID, MIA_ID, TITLE, 1.0)
        render_id = await write(reel_renders.ask, reel_id, film.guild_id, VIDEOS_ID, MIA_ID, 1.0)
        await write(reel_renders.change, render_id, state=ReelRenderState.DONE, due_at=None)
        return render_id

    render_id = await ask()
    _, message_id = await DiscordReelPoster(bot, bot.mentions, default_settings).post(
        replace(film, render_id=render_id)
    )
    message = sandbox.world.channels[VIDEOS_ID].messages[message_id]
    refused = await noah.press(message, button(message, "Delete"))
    assert "moderators" in (await refused.wait_message()).content
    assert not is_deleted(sandbox, message_id)
    await mia.press(message, button(message, "Delete"))
    await sandbox.wait_for(lambda: is_deleted(sandbox, message_id))
    render = await bot.stage.database.read(reel_renders.find, render_id)
    assert render is not None
    assert render.deleted_at is not None
