"""The reel of the week: made once of what people liked, and asked for once."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from sqlalchemy import Connection, func, select

from bot.discord_ui.posting.showcase import DiscordShowcase
from bot.discord_ui.posting.weekly_words import DiscordWeeklyWords
from bot.domain.audit import THE_BOT
from bot.domain.films import ClipFacts
from bot.domain.gallery import DAY
from bot.domain.guild_settings import GuildSetting
from bot.domain.reel_renders import ReelRenderState
from bot.domain.reels import Reel, ReelAccess, ReelClip, ReelPart, TitleCard
from bot.services.reel_films import ReelFilms
from bot.services.reel_views import ReelBounds
from bot.storage import age_restricted, guild_settings, reel_parts, reels, weekly_reels
from bot.storage.tables.gallery import gallery_entries_table, weekly_reels_table
from bot.storage.tables.reels import reel_renders_table, reels_table
from bot.workers.weekly_reels import FILES_SECONDS, WeeklyReels
from sandbox.discord import DiscordSandbox, Permission, Persona, User
from sandbox.discord.default_world import FILM_CLUB_ID, GENERAL_ID, OMAR_ID
from tests.cogs.panel import open_panel
from tests.cogs.results import posted_video
from tests.cogs.test_gallery import look
from tests.discord_ui.catalogues import VEO_FAST
from tests.support.default_settings import default_settings
from tests.support.stage import StageBot

FACTS = ClipFacts(640, 360, Fraction(24), 8_000, True, 900_000)


@dataclass
class Week:
    """A server whose reel is due, and whose clock the test moves on."""

    bot: StageBot
    ahead: float = 0.0
    """Seconds by which its clock is ahead of the real one."""

    async def liked(self, maker: Persona, sandbox: DiscordSandbox, likes: int, channel: str = "videos") -> str:
        """A video that so many people like; its job's id."""
        message = await posted_video(self.bot, maker, sandbox, channel=channel)
        message.reactions["❤️"] = list(range(2001, 2001 + likes))
        await look(self.bot)
        job = (await self.bot.stage.all_jobs())[-1]
        return job.id

    async def work(self, *, seen: bool = True) -> None:
        """Take steps; with `seen`, once all clips were looked at."""
        for _ in range(3):
            await self.bot.weekly_reels.step()
            if seen:
                for job in await self.bot.stage.all_jobs():
                    await self.bot.stage.database.write(reel_parts.note_facts, job.id, 0, FACTS, None)
            self.ahead += 5

    async def reels(self) -> list[tuple[Reel, list[ReelPart]]]:
        def read(conn: Connection) -> list[tuple[Reel, list[ReelPart]]]:
            ids = conn.execute(select(reels_table.c.id)).scalars().all()
            made = [reels.find(conn, reel_id) for reel_id in ids]
            return [(reel, reel_parts.of_reel(conn, reel.id)) for reel in made if reel is not None]

        return await self.bot.stage.database.read(read)

    async def clips(self) -> list[str]:
        """The jobs of the clips in the one reel."""
        [(_, parts)] = await self.reels()
        return [part.job_id for part in parts if isinstance(part, ReelClip)]

    async def renders(self) -> list[tuple[int, int]]:
        """Where films were asked for, and by whom."""
        query = select(reel_renders_table.c.channel_id, reel_renders_table.c.asked_by)
        return [tuple(row) for row in await self.bot.stage.database.read(lambda conn: conn.execute(query).all())]

    async def weeks(self) -> int:
        query = select(func.count()).select_from(weekly_reels_table)
        return int(await self.bot.stage.database.read(lambda conn: conn.execute(query).scalar_one()))


@pytest.fixture
async def week(bot: StageBot, ada: Persona, sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch) -> Week:
    """The moment was within the last hour, and Ada chose it the day before."""
    sandbox.world.users |= {number: User(number, f"fan{number}", "A fan") for number in range(2001, 2030)}
    made, now = Week(bot), bot.stage.clock()
    moment = datetime.fromtimestamp(now, UTC)
    chosen: dict[GuildSetting, int] = {
        GuildSetting.SHOWCASE_CHANNEL: GENERAL_ID,
        GuildSetting.SHOWCASE_LIKES: 100,
        GuildSetting.WEEKLY_REEL_DAY: moment.weekday(),
        GuildSetting.WEEKLY_REEL_HOUR: moment.hour,
    }

    def choose(conn: Connection) -> None:
        for setting, value in chosen.items():
            before = guild_settings.lock(conn, FILM_CLUB_ID, ada.id, setting, now - DAY)
            guild_settings.change(conn, FILM_CLUB_ID, ada.id, setting, before, value, now - DAY)

    await bot.stage.database.write(choose)
    monkeypatch.setattr(bot.stage.context, "clock", lambda: bot.stage.clock() + made.ahead)
    return made


async def test_the_best_liked_videos_become_a_reel_whose_film_is_asked_for_once(
    week: Week, bot: StageBot, mia: Persona, noah: Persona, sandbox: DiscordSandbox
) -> None:
    third, first = await week.liked(mia, sandbox, 2), await week.liked(noah, sandbox, 9)
    await week.liked(mia, sandbox, 0)
    second = await week.liked(mia, sandbox, 5)
    await week.work()
    [(reel, parts)] = await week.reels()
    assert (reel.access, reel.credits, reel.maker_id) == (ReelAccess.CLOSED, True, THE_BOT)
    assert reel.title.startswith("Reel of the week, ")
    assert isinstance(parts[0], TitleCard)
    assert parts[0].text.startswith("Reel of the week\n")
    assert await week.clips() == [first, second, third]
    assert await week.renders() == [(GENERAL_ID, THE_BOT)]
    words = DiscordWeeklyWords(bot, default_settings)
    others = [WeeklyReels(bot.stage.context, DiscordShowcase(bot), words, bot.stage.reel_films) for _ in range(3)]
    for worker in (bot.weekly_reels, *others):
        await worker.step()
    week.ahead += 6 * DAY
    await bot.weekly_reels.step()
    assert (len(await week.reels()), len(await week.renders())) == (1, 1)


async def test_several_workers_at_once_make_one(
    week: Week, bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    for likes in (1, 2, 3):
        await week.liked(mia, sandbox, likes)
    words = DiscordWeeklyWords(bot, default_settings)
    workers = [WeeklyReels(bot.stage.context, DiscordShowcase(bot), words, bot.stage.reel_films) for _ in range(4)]
    await asyncio.gather(*(worker.step() for worker in workers))
    week.ahead += FILES_SECONDS
    await asyncio.gather(*(worker.step() for worker in workers))
    assert (len(await week.reels()), len(await week.renders()), await week.weeks()) == (1, 1, 1)


async def test_a_worker_whose_claim_has_run_out_asks_for_no_second_film(
    week: Week, bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    for likes in (1, 2, 3):
        await week.liked(mia, sandbox, likes)
    await week.work(seen=False)
    context = bot.stage.context
    now = context.clock() + FILES_SECONDS
    [stale] = await context.database.write(weekly_reels.claim, now, now + 60, 5)
    week.ahead += FILES_SECONDS + 120
    await week.work()
    assert len(await week.renders()) == 1
    # What the slow worker does when it goes on, after the film was made.
    ended = {"state": ReelRenderState.DONE, "due_at": None}
    await context.database.write(lambda conn: conn.execute(reel_renders_table.update().values(ended)))
    assert not await context.database.write(bot.weekly_reels._film, stale, context.clock())
    assert len(await week.renders()) == 1


async def test_with_too_few_liked_videos_there_is_none_that_week(
    week: Week, mia: Persona, sandbox: DiscordSandbox
) -> None:
    for likes in (4, 4):
        await week.liked(mia, sandbox, likes)
    await week.work()
    await week.liked(mia, sandbox, 4)
    await week.work()
    assert (await week.reels(), await week.renders(), await week.weeks()) == ([], [], 1)


async def test_what_may_not_be_in_the_showcase_is_not_in_the_reel(
    week: Week, bot: StageBot, mia: Persona, noah: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    good = [await week.liked(mia, sandbox, likes) for likes in (3, 2, 1)]
    for permission in (Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.READ_MESSAGE_HISTORY):
        sandbox.controls.set_permission("staff", permission, True)
    await week.liked(ada, sandbox, 9, channel="staff")
    await week.liked(noah, sandbox, 9)
    await bot.stage.gallery.keep_out(FILM_CLUB_ID, noah.id, out=True)
    reported = await week.liked(mia, sandbox, 9)
    await bot.stage.reports.report(reported, ada.id, "rude")
    old = await week.liked(mia, sandbox, 9)
    weeks_ago = gallery_entries_table.update().where(gallery_entries_table.c.source_id == old)
    await bot.stage.database.write(lambda conn: conn.execute(weeks_ago.values(posted_at=bot.stage.clock() - 8 * DAY)))
    await week.work()
    assert await week.clips() == good


@pytest.mark.parametrize("restricted", [True, False])
async def test_age_restricted_videos_are_in_the_reel_of_an_age_restricted_showcase_only(
    restricted: bool, week: Week, bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    for likes in (3, 2, 1):
        await week.liked(mia, sandbox, likes)
    await bot.stage.database.write(age_restricted.mark, VEO_FAST.slug, OMAR_ID, 1.0)
    sandbox.controls.set_age_restricted("general", restricted)
    await week.work()
    assert len(await week.reels()) == int(restricted)


async def test_the_film_waits_for_the_clips_to_be_looked_at_and_not_for_ever(
    week: Week, mia: Persona, sandbox: DiscordSandbox
) -> None:
    for likes in (3, 2, 1):
        await week.liked(mia, sandbox, likes)
    await week.work(seen=False)
    assert (len(await week.reels()), await week.renders()) == (1, [])
    week.ahead += FILES_SECONDS
    await week.work(seen=False)
    assert len(await week.renders()) == 1


@pytest.mark.parametrize(("seconds", "clips"), [(60, 4), (36, 3), (20, 0)])
async def test_what_is_too_long_loses_its_least_liked_clips(
    seconds: int, clips: int, week: Week, bot: StageBot, mia: Persona, sandbox: DiscordSandbox
) -> None:
    best = [await week.liked(mia, sandbox, likes) for likes in (9, 8, 7, 6)]
    films = ReelFilms(bot.stage.context, ReelBounds(seconds_max=seconds))
    bot.weekly_reels = WeeklyReels(
        bot.stage.context, DiscordShowcase(bot), DiscordWeeklyWords(bot, default_settings), films
    )
    await week.work()
    assert len(await week.renders()) == (1 if clips else 0)
    if clips:
        assert await week.clips() == best[:clips]


async def test_what_was_chosen_after_the_moment_waits_a_week(
    week: Week, bot: StageBot, mia: Persona, ada: Persona, sandbox: DiscordSandbox
) -> None:
    for likes in (3, 2, 1):
        await week.liked(mia, sandbox, likes)
    hour = (await bot.stage.guild_settings.of(FILM_CLUB_ID)).weekly_reel_hour
    change = bot.stage.guild_settings.change
    await change(FILM_CLUB_ID, ada.id, GuildSetting.WEEKLY_REEL_HOUR, (hour + 1) % 24)
    await change(FILM_CLUB_ID, ada.id, GuildSetting.WEEKLY_REEL_HOUR, hour)
    await week.work()
    assert (await week.reels(), await week.weeks()) == ([], 0)


async def test_a_lost_showcase_is_given_up(week: Week, bot: StageBot, mia: Persona, sandbox: DiscordSandbox) -> None:
    await week.liked(mia, sandbox, 3)
    sandbox.controls.delete_channel("general")
    await week.work()
    assert (await bot.stage.guild_settings.of(FILM_CLUB_ID)).showcase_channel is None
    assert await week.weeks() == 0


async def test_moderators_choose_the_day_and_read_when_the_next_one_is(
    bot: StageBot, ada: Persona, sandbox: DiscordSandbox
) -> None:
    panel = await open_panel(sandbox, ada, "showcase")
    await panel.choose(":weekly_reel_day:", "6")
    assert "Choose a showcase channel first" in panel.words
    await panel.choose(":showcase_channel:", GENERAL_ID)
    sandbox.controls.set_permission("general", Permission.ATTACH_FILES, False)
    await panel.choose(":weekly_reel_day:", "6")
    assert "Attach Files" in panel.words
    sandbox.controls.set_permission("general", Permission.ATTACH_FILES, None)
    await panel.choose(":weekly_reel_day:", "6")
    assert "✅ Reel of the week: Sunday" in panel.words
    assert "Sunday, the next one <t:" in panel.words
    await panel.choose(":weekly_reel_hour:", "20")
    assert "✅ Hour of that reel: 20:00" in panel.words
    await panel.choose(":weekly_reel_day:", "never")
    assert (await bot.stage.guild_settings.of(FILM_CLUB_ID)).weekly_reel_day is None
