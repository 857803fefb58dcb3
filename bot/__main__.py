"""`python -m bot`: runs the bot, or one of the commands beside it."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import discord

from bot import app, doctor
from bot.backup import back_up
from bot.client import Shards, use_addresses
from bot.composition.provider import make_provider, read_cards
from bot.domain.json_value import JsonObject
from bot.installation import setup
from bot.settings import Settings, SettingsProblem, load
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import migrate, versions
from bot.studio.protocol import Provider

RUNNING = (None, "gateway", "worker")
"""Commands that run until they are stopped; the others print their result and need no log."""
PRIVATE = 0o077
"""The umask of the process: its files (database, journal, lock, backup) are for its own user alone."""
EXIT_CONFIGURATION = 78
"""EX_CONFIG of sysexits.h: a supervisor need not try again before a person has."""
EXIT_UNAVAILABLE = 75
"""EX_TEMPFAIL of sysexits.h: trying again later may help."""


def main(command_line: Sequence[str] | None = None) -> int:
    """Carry out a command line, by default this process's own, and return the exit status."""
    arguments = command_parser().parse_args(command_line)
    os.umask(PRIVATE)
    if arguments.command == "setup":
        return setup.run(_examine_all, interactive=not arguments.non_interactive)
    try:
        settings = load()
        _set_up_logging(settings.log_level if arguments.command in RUNNING else "WARNING")
        return asyncio.run(_run(settings, arguments))
    except SettingsProblem as problem:
        print(problem, file=sys.stderr)
        return EXIT_CONFIGURATION
    except DatabaseProblem as problem:
        print(problem, file=sys.stderr)
        return EXIT_UNAVAILABLE if problem.passing else EXIT_CONFIGURATION
    except app.Unavailable as problem:
        print(problem, file=sys.stderr)
        return EXIT_UNAVAILABLE


def _set_up_logging(level: str) -> None:
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    for chatty in ("alembic", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if level == "DEBUG":
        # These log what people write: whole messages, and the parameters of statements.
        for indiscreet in ("aiosqlite", "discord"):
            logging.getLogger(indiscreet).setLevel(logging.INFO)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here, so nothing is missing


async def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "migrate":
            database = await Database.open(settings.database_url)
            try:
                await migrate(database)
                print(f"database: at version {(await versions(database))[0]}")
            finally:
                await database.close()
        case "backup":
            await asyncio.to_thread(back_up, settings.database_url, arguments.file)
            print(f"backup: written to {arguments.file}")
        case "doctor":
            return await _examine(settings, arguments)
        case "gateway":
            await app.run(settings, app.ProcessRole(worker=False, shards=shards_of(arguments)))
        case "worker":
            await app.run(settings, app.ProcessRole(gateway=False))
        case _:
            await app.run(settings, app.ProcessRole())
    return 0


async def _examine(settings: Settings, arguments: argparse.Namespace) -> int:
    cards = read_cards(settings)
    provider = make_provider(settings)
    try:
        if arguments.capture is not None:
            key = settings.studio_api_key.get_secret_value()
            return await doctor.capture(provider, key, arguments.capture, with_prompts=arguments.with_prompts)
        if arguments.catalogue:
            return await doctor.check_catalogue(provider, cards)
        return await _check_all(settings, provider, cards)
    finally:
        await provider.close()


async def _check_all(settings: Settings, provider: Provider, cards: Mapping[str, JsonObject]) -> int:
    use_addresses(settings)
    fine = [
        await doctor.check_database(settings.database_url),
        await doctor.check_discord(settings.discord_token.get_secret_value()),
        await doctor.check_provider(provider, cards),
    ]
    return 0 if all(fine) else 1


async def _examine_all(settings: Settings) -> int:
    provider = make_provider(settings)
    try:
        return await _check_all(settings, provider, read_cards(settings))
    finally:
        await provider.close()


def shards_of(arguments: argparse.Namespace) -> Shards | None:
    """Return the shards that `--shards 0-3 --shard-count 16` names; None, for all, without both options.

    Raises SettingsProblem if they do not fit together.
    """
    if arguments.shards is None and arguments.shard_count is None:
        return None
    try:
        first, _, last = str(arguments.shards).partition("-")
        ids = tuple(range(int(first), int(last or first) + 1))
        if arguments.shard_count is None or not ids or ids[-1] >= arguments.shard_count or ids[0] < 0:
            raise ValueError
    except ValueError:
        raise SettingsProblem(
            "--shards and --shard-count go together: for example --shards 0-3 --shard-count 16"
        ) from None
    return Shards(ids, arguments.shard_count)


def command_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="A Discord bot for AI video. Without a command it runs everything in one process.",
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    gateway = commands.add_parser("gateway", help="hear commands only; workers do the rest (PostgreSQL)")
    gateway.add_argument("--shards", metavar="FIRST-LAST", help="the shards of this process, for example 0-3")
    gateway.add_argument("--shard-count", type=int, metavar="N", help="how many shards the whole fleet has")
    commands.add_parser("worker", help="send, poll and deliver only; gateways hear the commands (PostgreSQL)")
    commands.add_parser("migrate", help="bring the database's schema to the newest version")
    examine = commands.add_parser("doctor", help="check the database, Discord and the provider")
    examine.add_argument(
        "--catalogue", action="store_true", help="show how each of the provider's models is understood"
    )
    examine.add_argument(
        "--capture", type=Path, metavar="FILE", help="write the provider's raw answers, without secrets, to a new file"
    )
    examine.add_argument("--with-prompts", action="store_true", help="keep the prompts of the history in that file")
    installation = commands.add_parser("setup", help="ask for the settings, try them, and write .env")
    installation.add_argument(
        "--non-interactive", action="store_true", help="ask nothing: try and write what the environment and .env say"
    )
    backup = commands.add_parser("backup", help="copy the SQLite database to a new file, also while the bot runs")
    backup.add_argument("file", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
