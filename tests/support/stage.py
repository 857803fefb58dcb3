"""The bot on the local Discord, in the test's own process: real client, services and database; nothing is rendered."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import select

from bot.client import ReelBot
from bot.discord_ui.posting.approvals import DiscordApprovalCards
from bot.discord_ui.posting.incidents import DiscordIncidentCards
from bot.discord_ui.posting.likes import DiscordLikes
from bot.discord_ui.posting.removal import DiscordMessageRemover
from bot.discord_ui.posting.showcase import DiscordShowcase
from bot.discord_ui.posting.weekly_words import DiscordWeeklyWords
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.cast import CastLimits
from bot.domain.jobs import Job
from bot.domain.privacy import Policy
from bot.domain.quota import GuildDefaults
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.metrics import Metrics
from bot.engine.timings import EngineTimings
from bot.media.frames import Frames
from bot.media.last_frames import LastFrames
from bot.services.admission import Admission
from bot.services.age_restriction import AgeRestriction
from bot.services.approvals import Approvals
from bot.services.cast import Cast
from bot.services.commands import CommandsService
from bot.services.comparisons import ComparisonsService
from bot.services.continuations import Continuations
from bot.services.credits import CreditsService
from bot.services.films import Films
from bot.services.gallery import GalleryService
from bot.services.guild_settings import GuildSettingsService
from bot.services.jobs import JobsService
from bot.services.member_locales import MemberLocales
from bot.services.model_choice import ModelChoice
from bot.services.moderation import Moderation
from bot.services.operations import Operations
from bot.services.owners import Owners
from bot.services.privacy import Privacy
from bot.services.reel_films import ReelFilms
from bot.services.reel_views import ReelBounds
from bot.services.reels import Reels
from bot.services.reports import Reports
from bot.services.services import Services
from bot.services.styles import Styles
from bot.services.word_lists import WordLists
from bot.storage.database import Database
from bot.storage.jobs import find
from bot.storage.tables.jobs import jobs_table
from bot.workers.approval_cards import ApprovalCardsWorker
from bot.workers.incidents import Incidents
from bot.workers.likes import LikesWorker
from bot.workers.removals import Removals
from bot.workers.showcase import Showcase
from bot.workers.weekly_reels import WeeklyReels
from sandbox.discord import DiscordSandbox, Message
from sandbox.discord.default_world import OMAR_ID
from sandbox.discord.walk import walk
from tests.support.credits_world import BUDGET
from tests.support.default_settings import default_settings
from tests.support.given_clips import GivenClips

T = TypeVar("T")


class FixedCatalogue:
    """Stands for the catalogue service: it changes when a test says so."""

    def __init__(self, catalogue: Catalogue | None) -> None:
        self.current = catalogue
        self.key_refused = False
        self._names = {model.slug: model.name for model in catalogue.models} if catalogue is not None else {}
        self._subscribers: list[Callable[[Catalogue], Awaitable[None]]] = []

    def name_of(self, slug: str) -> str:
        return self._names[slug]

    def subscribe(self, subscriber: Callable[[Catalogue], Awaitable[None]]) -> None:
        self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Callable[[Catalogue], Awaitable[None]]) -> None:
        self._subscribers.remove(subscriber)

    async def change(self, *models: Capability, announce: bool = True) -> None:
        """Have these models from now on. With `announce=False` Discord keeps the old commands, as during a sync."""
        self.current = Catalogue(f"changed to {len(models)}", models)
        self._names |= {model.slug: model.name for model in models}
        for subscriber in self._subscribers if announce else []:
            await subscriber(self.current)


@dataclass
class StageServices:
    """The bot's services. Jobs stay queued, since nothing submits them. `context` is what they share."""

    owners: Owners
    database: Database
    clock: Callable[[], float]
    catalogue: FixedCatalogue
    commands: CommandsService
    admission: Admission
    jobs: JobsService
    comparisons: ComparisonsService
    operations: Operations
    credits: CreditsService
    approvals: Approvals
    word_lists: WordLists
    moderation: Moderation
    reports: Reports
    age_restriction: AgeRestriction
    films: Films
    gallery: GalleryService
    guild_settings: GuildSettingsService
    member_locales: MemberLocales
    model_choice: ModelChoice
    continuations: Continuations
    styles: Styles
    cast: Cast
    privacy: Privacy
    reels: Reels
    reel_films: ReelFilms
    context: EngineContext
    metrics: Metrics
    clips: GivenClips

    async def all_jobs(self) -> list[Job]:
        """Return every job, oldest first."""
        ids = await self.database.read(
            lambda conn: conn.execute(select(jobs_table.c.id).order_by(jobs_table.c.created_at)).scalars().all()
        )
        found = [await self.database.read(find, job_id) for job_id in ids]
        return [job for job in found if job is not None]


def make_services(database: Database, *models: Capability) -> StageServices:
    """Return services on a migrated database. Without models there is no catalogue yet. Omar owns the bot."""
    context = EngineContext(
        database=database,
        clock=time.time,
        timings=EngineTimings(),
        providers={},
        worker_id="test",
        durations=ModelDurations(database),
    )
    clips = GivenClips(context)
    return StageServices(
        owners=Owners(frozenset({OMAR_ID})),
        database=database,
        clock=time.time,
        catalogue=FixedCatalogue(Catalogue("first", models) if models else None),
        commands=CommandsService(database, time.time),
        admission=Admission(context, GuildDefaults(BUDGET)),
        jobs=JobsService(context),
        comparisons=ComparisonsService(context),
        operations=Operations(context),
        credits=CreditsService(database, time.time, GuildDefaults(BUDGET)),
        approvals=Approvals(context),
        word_lists=WordLists(context),
        moderation=Moderation(context, GuildDefaults(BUDGET)),
        reports=Reports(context),
        age_restriction=AgeRestriction(context),
        films=Films(context),
        gallery=GalleryService(context),
        guild_settings=GuildSettingsService(database, time.time),
        member_locales=MemberLocales(database, time.time),
        model_choice=ModelChoice(database),
        continuations=Continuations(clips, LastFrames(time.time, clips, Frames())),
        styles=Styles(context),
        cast=Cast(context, CastLimits(member_pictures_max=3)),
        privacy=Privacy(context, Policy()),
        reels=Reels(context),
        reel_films=ReelFilms(context, ReelBounds()),
        context=context,
        metrics=context.metrics,
        clips=clips,
    )


class StageBot(ReelBot):
    """The bot with all its cogs. `stage` is the same object as `services`, with what only tests reach for."""

    def __init__(self, stage: StageServices) -> None:
        super().__init__(cast("Services", stage))
        self.stage = stage
        self.approval_cards = ApprovalCardsWorker(
            stage.context, DiscordApprovalCards(self, self.mentions, default_settings)
        )
        """The worker that posts the moderators' cards; tests take its steps."""
        self.incidents = Incidents(stage.context, DiscordIncidentCards(self, self.mentions, default_settings))
        """The worker that tells moderators of incidents; tests take its steps."""
        self.removals = Removals(stage.context, DiscordMessageRemover(self))
        """The worker that deletes messages; tests take its steps."""
        self.likes = LikesWorker(stage.context, DiscordLikes(self))
        """The worker that counts likes; tests take its steps."""
        self.showcase = Showcase(stage.context, DiscordShowcase(self), DiscordMessageRemover(self))
        """The worker that forwards results; tests take its steps."""
        words = DiscordWeeklyWords(self, stage.guild_settings.of)
        self.weekly_reels = WeeklyReels(stage.context, DiscordShowcase(self), words, stage.reel_films)
        """The worker that makes reels of the week; tests take its steps."""
        # discord.py waits this long for more guilds before it is ready; there is no public way to it.
        self._connection.guild_ready_timeout = 0.05


@asynccontextmanager
async def running(sandbox: DiscordSandbox, stage: StageServices) -> AsyncIterator[StageBot]:
    """Run the bot from READY to its end."""
    async with StageBot(stage) as bot:
        await bot.login(sandbox.token)
        gateway = asyncio.create_task(bot.connect())
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait([gateway, ready], return_when=asyncio.FIRST_COMPLETED, timeout=10)
        if gateway.done():
            gateway.result()
        assert bot.owner_commands is not None
        await asyncio.wait_for(bot.owner_commands.placed.wait(), 10)
        try:
            yield bot
        finally:
            ready.cancel()
            await handlers_end()
            await bot.close()
            with suppress(asyncio.CancelledError):
                await gateway


async def handlers_end() -> None:
    """Wait for the handlers under way: one that outlives its test would use a database that is closed by then."""
    own = asyncio.current_task()
    names = ("CommandTree-invoker", "discord-ui-", "discord.py: ")
    handlers = [task for task in asyncio.all_tasks() if task is not own and task.get_name().startswith(names)]
    if handlers:
        await asyncio.wait(handlers, timeout=5)


def words(message: Message) -> str:
    """Return everything that a reader sees written in a message."""
    shown = [message.content, *(str(c.get("content", "")) for _, c in walk(message.components))]
    return "\n".join(part for part in shown if part)


def button(message: Message, label: str) -> str:
    """Return the custom id of the one button whose label begins so."""
    found: list[dict[str, Any]] = [c for _, c in walk(message.components) if str(c.get("label", "")).startswith(label)]
    assert len(found) == 1, f"{len(found)} buttons '{label}' in {message.components}"
    return str(found[0]["custom_id"])


async def becomes(look: Callable[[], Awaitable[T | None]], seconds: float = 20.0) -> T:
    """Return the first truthy answer of `look`: for what the bot writes after it has answered, of which nobody is told.

    Raises TimeoutError.
    """
    async with asyncio.timeout(seconds):
        while not (found := await look()):  # noqa: ASYNC110 - the bot tells nobody
            await asyncio.sleep(0)
    return found
