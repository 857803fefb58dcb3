"""The composition root: build everything, and close it in reverse. Nothing is global, nothing is read at import."""

import asyncio
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.client import Shards, application_owners, posting_client, use_addresses
from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.catalogues import languages
from bot.discord_ui.posting.approvals import DiscordApprovalCards
from bot.discord_ui.posting.delivery import DiscordNotifier
from bot.discord_ui.posting.guild_log import DiscordGuildLogWriter
from bot.discord_ui.posting.incidents import DiscordIncidentCards
from bot.discord_ui.posting.input_files import DiscordInputFiles
from bot.discord_ui.posting.owners import DiscordOwnerMessenger
from bot.discord_ui.posting.removal import DiscordMessageRemover
from bot.domain.clock import Clock
from bot.domain.json_value import JsonObject
from bot.domain.privacy import Policy
from bot.domain.quota import GuildDefaults
from bot.engine.clocks import DatabaseClock
from bot.engine.context import EngineContext
from bot.engine.durations import ModelDurations
from bot.engine.runner import Loop, Runner
from bot.engine.timings import EngineTimings
from bot.gateway import Gateway
from bot.health import health_server
from bot.services.admission import Admission
from bot.services.age_restriction import AgeRestriction
from bot.services.approvals import Approvals
from bot.services.catalogue import CatalogueService
from bot.services.commands import CommandsService
from bot.services.credits import CreditsService
from bot.services.guild_settings import GuildSettingsService
from bot.services.jobs import JobsService
from bot.services.model_choice import ModelChoice
from bot.services.moderation import Moderation
from bot.services.operations import Operations
from bot.services.owners import Owners
from bot.services.privacy import Privacy
from bot.services.reports import Reports
from bot.services.services import Services
from bot.services.word_lists import WordLists
from bot.settings import Settings, SettingsProblem
from bot.storage import accounts, moments
from bot.storage.database import Database, parse_url
from bot.storage.file_modes import make_private
from bot.storage.migrations import migrate
from bot.storage.process_lock import ProcessLock
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.studio.client import StudioClient
from bot.studio.legacy import LegacyClient
from bot.studio.models_file import ModelsFileProblem, read_models_file
from bot.studio.protocol import Provider
from bot.workers import housekeeping
from bot.workers.approval_cards import ApprovalCardsWorker
from bot.workers.cards import Cards
from bot.workers.catalogue import CatalogueRefresh
from bot.workers.command_ids import CommandIds
from bot.workers.delivery import Delivery
from bot.workers.erasures import Erasures
from bot.workers.guild_log import GuildLogs
from bot.workers.incidents import Incidents
from bot.workers.key_probe import KeyProbe
from bot.workers.media.download import Downloads
from bot.workers.media.fitting import Fitter
from bot.workers.media.result_files import ResultFiles
from bot.workers.media.temp_folder import temp_folder
from bot.workers.owner_notices import OwnerNotices
from bot.workers.poller import Poller
from bot.workers.reconciliation import Reconciliation
from bot.workers.retention import Retention
from bot.workers.submitter import Submitter

log = logging.getLogger(__name__)

FIRST_CATALOGUE_SECONDS = 10.0
"""Seconds that the first start waits for the provider's models before it goes on without them."""


class Unavailable(Exception):
    """Something outside cannot be reached now. The message is one line, and starting again later may help."""


@dataclass(frozen=True, slots=True)
class ProcessRole:
    """What this process does: everything by default. Fleets on PostgreSQL split it."""

    gateway: bool = True
    """The process hears commands, with all shards or with `shards`."""
    worker: bool = True
    """The process sends, polls and delivers."""
    shards: Shards | None = None


async def run(settings: Settings, role: ProcessRole) -> None:
    """Run the bot until SIGTERM or SIGINT.

    Raises SettingsProblem, DatabaseProblem and Unavailable, each with one line for the owner.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    use_addresses(settings)
    # Read now: a tenth of a second for each language, which nobody should wait for later.
    log.info("languages: en, %s", ", ".join(languages()), extra={"action": "languages"})
    cards = read_cards(settings)
    if not (role.gateway and role.worker) and parse_url(settings.database_url).get_backend_name() == "sqlite":
        raise SettingsProblem("DATABASE_URL names a SQLite file: several processes need PostgreSQL")
    async with AsyncExitStack() as stack:
        context = await stack.enter_async_context(_engine_context(settings))
        poster = await stack.enter_async_context(posting_client())
        await _log_in(poster, settings)
        owners = Owners(settings.owner_ids or application_owners(poster.application), settings.owner_guild_id)
        runner, gateway = await _build(stack, settings, role, context, poster, owners, cards)
        running: set[asyncio.Task[Any]] = {asyncio.create_task(stopping.wait(), name="stop signal")}
        if role.gateway:
            running.add(asyncio.create_task(gateway.run(), name="gateway"))
        runner.start()
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping", extra={"action": "stop"})
        await gateway.stop()
        await runner.stop()
        for task in running - done:
            task.cancel()
        await asyncio.gather(*running - done, return_exceptions=True)
        for task in done:
            _explain_end(task)


async def _build(
    stack: AsyncExitStack,
    settings: Settings,
    role: ProcessRole,
    context: EngineContext,
    poster: discord.Client,
    owners: Owners,
    cards: Mapping[str, JsonObject],
) -> tuple[Runner, Gateway]:
    provider = context.providers[OWNER_ACCOUNT]
    catalogue = CatalogueService(provider, context.database, context.clock, cards)
    catalogue_refresh = CatalogueRefresh(catalogue)
    await catalogue.load_stored()
    if catalogue.current is None and role.gateway:
        # The very first start sends its commands to Discord once: with the models.
        with suppress(TimeoutError):
            await asyncio.wait_for(catalogue_refresh.step(), FIRST_CATALOGUE_SECONDS)
    defaults, account_bound = GuildDefaults(settings.default_guild_credits), settings.account_credits_per_month
    credits = CreditsService(context.database, context.clock, defaults, account_credits_per_month=account_bound)
    services = Services(
        owners=owners,
        database=context.database,
        clock=context.clock,
        catalogue=catalogue,
        commands=CommandsService(context.database, context.clock),
        admission=Admission(context, defaults, account_credits_per_month=account_bound),
        jobs=JobsService(context),
        operations=Operations(context),
        credits=credits,
        approvals=Approvals(context),
        word_lists=WordLists(context),
        moderation=Moderation(context, defaults),
        reports=Reports(context),
        age_restriction=AgeRestriction(context),
        guild_settings=GuildSettingsService(context.database, context.clock),
        model_choice=ModelChoice(context.database),
        privacy=Privacy(context, Policy(settings.retention_days, settings.privacy_url, settings.terms_url)),
    )
    loops: list[Loop] = []
    drains: list[Callable[[], Awaitable[None]]] = []
    mentions = CommandMentions(poster, services.commands)
    settings_of = services.guild_settings.of
    notifier = DiscordNotifier(poster, mentions, settings_of)
    approval_cards = DiscordApprovalCards(poster, mentions, settings_of)
    incident_cards = DiscordIncidentCards(poster, mentions, settings_of)
    if role.gateway:
        loops.append(Loop("catalogue", catalogue_refresh.step))
    if role.worker:
        folder = stack.enter_context(temp_folder())
        downloads = await stack.enter_async_context(Downloads(folder, settings.studio_base_url))
        submitter = Submitter(context, DiscordInputFiles(poster))
        delivery = Delivery(context, notifier, ResultFiles(context, downloads, Fitter()))
        drains += [submitter.drain, delivery.drain]
        wake_events = context.wake_events
        loops += [
            Loop("submitter", submitter.step, wake_events.submit),
            Loop("reconciliation", Reconciliation(context).step, wake_events.reconcile),
            Loop("poller", Poller(context).step, wake_events.poll),
            Loop("delivery", delivery.step, wake_events.deliver),
            Loop("cards", Cards(context, notifier).step, wake_events.cards),
            Loop("approval cards", ApprovalCardsWorker(context, approval_cards).step, wake_events.approvals),
            Loop("incidents", Incidents(context, incident_cards).step, wake_events.incidents),
            Loop("owner notices", OwnerNotices(context, DiscordOwnerMessenger(poster, mentions, owners.ids)).step),
            Loop("guild logs", GuildLogs(context, DiscordGuildLogWriter(poster, catalogue.name_of, settings_of)).step),
            Loop("erasures", Erasures(context, DiscordMessageRemover(poster)).step, wake_events.erase),
            Loop("key probe", KeyProbe(context).step),
            Loop("retention", Retention(context, settings.retention_days).step),
            Loop("housekeeping", housekeeping.Housekeeping(context).step),
        ]
    if isinstance(context.clock, DatabaseClock):
        loops.append(Loop("clock", context.clock.set))
    if not role.gateway:
        loops.append(Loop("command ids", CommandIds(services.commands).step))
    runner = Runner(loops, drains)
    gateway = Gateway(services, settings.discord_token.get_secret_value(), role.shards)
    if settings.health_address is not None:
        try:
            heard = gateway if role.gateway else None
            await stack.enter_async_context(health_server(settings.health_address, runner, heard))
        except OSError as error:
            raise SettingsProblem(f"HEALTH_ADDRESS cannot be used: {error.strerror}") from error
    return runner, gateway


@asynccontextmanager
async def _engine_context(settings: Settings) -> AsyncIterator[EngineContext]:
    """Open what the engine's parts share: the database (migrated, without the leases of dead workers) and the rest."""
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        only_process = database.dialect == "sqlite"
        if only_process:
            stack.enter_context(ProcessLock(database.url))
            make_private(database.url)
        await migrate(database)
        await database.prepare_to_shrink()
        clock: Clock = time.time
        if not only_process:
            clock = shared = DatabaseClock(database)
            await shared.set()
        await database.write(moments.clamp, clock())
        await database.write(accounts.set_hourly_posts, settings.studio_posts_per_hour)
        await database.write(accounts.end_blocks)
        if only_process:
            await database.write(housekeeping.release_leases, clock())
        provider = make_provider(settings)
        stack.push_async_callback(provider.close)
        durations = ModelDurations(database)
        await durations.load()
        yield EngineContext(
            database=database,
            clock=clock,
            timings=EngineTimings().scaled(settings.wait_scale),
            providers={OWNER_ACCOUNT: provider},
            worker_id=f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}",
            durations=durations,
            posts_per_hour=settings.studio_posts_per_hour,
            legacy_may_help=settings.studio_api == "studio",
        )


def read_cards(settings: Settings) -> Mapping[str, JsonObject]:
    """Return what the owner's file of models states, by slug. Raises SettingsProblem if it cannot be used."""
    if settings.models_file is None:
        return {}
    try:
        return read_models_file(settings.models_file)
    except ModelsFileProblem as problem:
        raise SettingsProblem(f"MODELS_FILE is wrong: {problem}") from None


def make_provider(settings: Settings) -> Provider:
    """Return the client of the provider's API that the settings name."""
    client = LegacyClient if settings.studio_api == "legacy" else StudioClient
    return client(settings.studio_base_url, settings.studio_api_key.get_secret_value(), time.time)


async def _log_in(client: discord.Client, settings: Settings) -> None:
    try:
        await client.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure as error:
        raise SettingsProblem(
            "DISCORD_TOKEN is not accepted by Discord: copy it again from the developer portal"
        ) from error
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise Unavailable(
            f"Discord cannot be reached ({type(error).__name__}): check the network and try again"
        ) from error


def _explain_end(task: asyncio.Task[Any]) -> None:
    error = task.exception()
    if isinstance(error, discord.LoginFailure):
        raise SettingsProblem(
            "DISCORD_TOKEN is not accepted by Discord: copy it again from the developer portal"
        ) from error
    if error is not None:
        raise error
