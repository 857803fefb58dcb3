"""A direct message is in the language of whoever gets it: their Discord's, as their latest interaction told it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language import catalogues
from bot.discord_ui.posting import guild_languages
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.discord_ui.posting.incidents import DiscordIncidentCards
from bot.discord_ui.posting.owners import DiscordOwnerMessenger
from bot.domain.moderation import Incident, IncidentDecision, IncidentKind
from bot.domain.notices import Notice, NoticeKind
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.incidents import IncidentCard
from bot.services.member_locales import KNOWN_SECONDS, MemberLocales
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, MIA_ID, NOAH_ID, OMAR_ID, VIDEOS_ID, ZOE_ID
from tests.discord_ui.language.pseudo import LOCALE, english_in, pseudo_language
from tests.discord_ui.test_delivery import CLOSING
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot, handlers_end

SPEAKS = {MIA_ID: LOCALE, OMAR_ID: LOCALE, ZOE_ID: "sv-SE"}
"""Members whose locale is known; Swedish is not offered."""
NOTICE = Notice("key", NoticeKind.KEY_FORBIDDEN, {})
REPORT = IncidentCard(
    Incident(
        id=7,
        guild_id=FILM_CLUB_ID,
        kind=IncidentKind.REPORT,
        member_id=NOAH_ID,
        channel_id=VIDEOS_ID,
        job_id=None,
        data={},
        created_at=0.0,
        decision=IncidentDecision.DISMISSED,
        actor_id=OMAR_ID,
        card_channel_id=None,
        card_message_id=None,
    ),
    reports=(),
    job=None,
    posting=None,
    block=None,
)


async def locale_of(member_id: int) -> str | None:
    return SPEAKS.get(member_id)


async def broken(member_id: int) -> str | None:
    raise OSError("the database is away")


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer the made-up language beside English."""
    language = pseudo_language()
    for module in (catalogues, guild_languages):
        monkeypatch.setattr(module, "languages", lambda: {LOCALE: language})


@pytest.mark.parametrize(("known", "english"), [(locale_of, False), (broken, True)])
async def test_a_result_that_its_channel_does_not_take_is_sent_in_the_members_language(
    sandbox: DiscordSandbox,
    poster: discord.Client,
    mentions: CommandMentions,
    known: Callable[[int], Awaitable[str | None]],
    english: bool,
) -> None:
    del sandbox.world.channels[VIDEOS_ID]
    notifier = DiscordNotifier(poster, mentions, default_settings, locale_of=known)
    closing = replace(CLOSING, results=(), member_id=MIA_ID)
    done = await notifier.post_closing(closing, UPLOAD_BYTES_DEFAULT)
    text = sandbox.world.channels[done.channel_id].messages[done.message_id].content
    assert bool(english_in(text, (CLOSING.model_name, "fox"))) is english
    assert len(text.splitlines()) == 4, "why it is a direct message"


async def test_owners_read_notices_each_in_their_own_language(
    sandbox: DiscordSandbox, poster: discord.Client, mentions: CommandMentions
) -> None:
    await DiscordOwnerMessenger(poster, mentions, [OMAR_ID, ZOE_ID], locale_of).tell(NOTICE)
    first, second = sandbox.record.messages()
    assert english_in(first.content) == []
    assert "does not let the API key" in second.content


@pytest.mark.parametrize(("reader_id", "english"), [(MIA_ID, False), (ZOE_ID, True), (NOAH_ID, True)])
async def test_a_reporter_reads_how_it_ended_in_their_own_language(
    sandbox: DiscordSandbox, poster: discord.Client, mentions: CommandMentions, reader_id: int, english: bool
) -> None:
    await DiscordIncidentCards(poster, mentions, default_settings, locale_of=locale_of).answer(REPORT, reader_id)
    [told] = sandbox.record.messages()
    assert bool(english_in(told.content)) is english


async def test_the_owner_of_a_server_is_told_in_their_own_language(
    sandbox: DiscordSandbox, poster: discord.Client, mentions: CommandMentions
) -> None:
    owner_id = sandbox.world.guilds[FILM_CLUB_ID].owner_id

    async def of_owner(member_id: int) -> str | None:
        return LOCALE if member_id == owner_id else None

    await DiscordIncidentCards(poster, mentions, default_settings, locale_of=of_owner).tell_owner(FILM_CLUB_ID)
    [told] = sandbox.record.messages()
    assert english_in(told.content, ("Film Club",)) == []


async def test_every_kind_of_interaction_tells_the_language(
    sandbox: DiscordSandbox, mia: Persona, bot: StageBot
) -> None:
    locales = bot.services.member_locales
    assert await locales.of(MIA_ID) is None
    mia.user.locale = "de"
    asked = await mia.slash("/help", "videos")
    await asked.wait_message()
    await handlers_end()
    assert await locales.of(MIA_ID) == "de"
    mia.user.locale = "fr"
    listed = await mia.slash("/jobs", "videos")
    await listed.wait_message()
    await handlers_end()
    assert await locales.of(MIA_ID) == "fr"


async def test_a_language_is_written_once_until_it_changes_or_was_erased(sqlite_database: Database) -> None:
    now = 1_000.0
    locales = MemberLocales(sqlite_database, lambda: now)
    transactions: list[str] = []
    sqlite_database.observe = lambda kind, _: transactions.append(kind)
    for locale in ("de", "de", "de", "pt-BR", "pt-BR", "x" * 21):
        await locales.note(MIA_ID, locale)
    assert transactions.count("write") == 2
    assert await locales.of(MIA_ID) == "pt-BR"
    now += KNOWN_SECONDS + 1
    await locales.note(MIA_ID, "pt-BR")
    assert transactions.count("write") == 2, "what is stored is not written again"
