"""Run the bot: build everything, and close it in reverse. Nothing is global, nothing is read at import."""

import asyncio
import logging
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.client import Shards, application_owners, posting_client, use_addresses
from bot.composition.engine import engine_context
from bot.composition.media import build_media
from bot.composition.provider import read_cards
from bot.composition.services import build_services
from bot.composition.workers import Work, build_workers
from bot.discord_ui.language.catalogues import languages
from bot.domain.json_value import JsonObject
from bot.engine.clocks import DatabaseClock
from bot.engine.context import EngineContext
from bot.engine.runner import Loop, Runner
from bot.gateway import Gateway
from bot.services.catalogue import CatalogueService
from bot.services.owners import Owners
from bot.settings import Settings, SettingsProblem
from bot.storage.database import database_file
from bot.storage.tables.provider import OWNER_ACCOUNT
from bot.watching.health import health_server
from bot.watching.numbers import Numbers, metrics_route
from bot.workers.catalogue import CatalogueRefresh
from bot.workers.command_ids import CommandIds

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
    # Read now, so that nobody waits for it later.
    log.info("languages: en, %s", ", ".join(languages()), extra={"action": "languages"})
    cards = read_cards(settings)
    if not (role.gateway and role.worker) and database_file(settings.database_url) is not None:
        raise SettingsProblem("DATABASE_URL names a SQLite file: several processes need PostgreSQL")
    if settings.backup_folder is not None and database_file(settings.database_url) is None:
        raise SettingsProblem("BACKUP_FOLDER is for SQLite files: for PostgreSQL use pg_dump, see docs/operations.md")
    async with AsyncExitStack() as stack:
        context = await stack.enter_async_context(engine_context(settings))
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
    catalogue = CatalogueService(context.providers[OWNER_ACCOUNT], context.database, context.clock, cards)
    catalogue_refresh = CatalogueRefresh(catalogue)
    await catalogue.load_stored()
    if catalogue.current is None and role.gateway:
        # The very first start sends its commands to Discord once: with the models.
        with suppress(TimeoutError):
            await asyncio.wait_for(catalogue_refresh.step(), FIRST_CATALOGUE_SECONDS)
    media = await build_media(stack, settings, context, poster)
    services = build_services(settings, context, catalogue, owners, media)
    loops: list[Loop] = []
    if role.gateway:
        loops.append(Loop("catalogue", catalogue_refresh.step))
        loops.append(Loop("reactions", services.gallery.note_reactions, context.wake_events.reactions))
    else:
        loops.append(Loop("command ids", CommandIds(services.commands).step))
    if isinstance(context.clock, DatabaseClock):
        loops.append(Loop("clock", context.clock.set))
    work = build_workers(settings, context, services, poster, media) if role.worker else Work()
    runner = Runner([*loops, *work.loops], work.drains)
    gateway = Gateway(services, settings.discord_token.get_secret_value(), role.shards)
    if settings.health_address is not None:
        try:
            heard = gateway if role.gateway else None
            numbers = metrics_route(Numbers(context, runner))
            await stack.enter_async_context(health_server(settings.health_address, runner, heard, [numbers]))
        except OSError as error:
            raise SettingsProblem(f"HEALTH_ADDRESS cannot be used: {error.strerror}") from error
    return runner, gateway


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
