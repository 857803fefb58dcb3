"""`python -m bot`: runs the bot, or one of the commands beside it."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import discord

from bot import app
from bot.backup import back_up, restore
from bot.client import Shards
from bot.composition.provider import make_provider, read_cards
from bot.composition.upgrade import bring_up_to_date
from bot.doctor.catalogue import capture, check_catalogue
from bot.doctor.examination import examine
from bot.doctor.finding import worst
from bot.doctor.report import STATUSES, json_report, text_report
from bot.installation import setup
from bot.logs import set_up_logging
from bot.moving import move
from bot.settings import Settings, SettingsProblem, load, load_for_examination
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import versions

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
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here, so nothing is missing
    if arguments.command == "setup":
        return setup.run(interactive=not arguments.non_interactive)
    if arguments.command == "doctor" and not arguments.catalogue and arguments.capture is None:
        return _examine(as_json=arguments.json)
    try:
        settings = load()
        set_up_logging(settings.log_level if arguments.command in RUNNING else "WARNING", settings.log_format)
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


async def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "migrate":
            database = await Database.open(settings.database_url)
            try:
                await bring_up_to_date(database)
                print(f"database: at version {(await versions(database))[0]}")
            finally:
                await database.close()
        case "backup":
            copied = await asyncio.to_thread(back_up, settings.database_url, arguments.file, arguments.keep)
            print(f"backup: written to {copied}")
        case "restore":
            before = await asyncio.to_thread(restore, settings.database_url, arguments.file)
            print("restore: done" if before is None else f"restore: done; the database before is kept as {before}")
        case "move":
            await move(settings.database_url, arguments.to)
        case "doctor":
            return await _look_at_catalogue(settings, arguments)
        case "gateway":
            await app.run(settings, app.ProcessRole(worker=False, shards=shards_of(arguments)))
        case "worker":
            await app.run(settings, app.ProcessRole(gateway=False))
        case _:
            await app.run(settings, app.ProcessRole())
    return 0


async def _look_at_catalogue(settings: Settings, arguments: argparse.Namespace) -> int:
    cards = read_cards(settings)
    provider = make_provider(settings)
    try:
        if arguments.capture is None:
            return await check_catalogue(provider, cards)
        key = settings.studio_api_key.get_secret_value()
        return await capture(provider, key, arguments.capture, with_prompts=arguments.with_prompts)
    finally:
        await provider.close()


def _examine(*, as_json: bool) -> int:
    settings, wrong = load_for_examination()
    set_up_logging("DEBUG" if settings.log_level == "DEBUG" else "ERROR")
    findings = asyncio.run(examine(settings, wrong))
    print(json_report(findings) if as_json else text_report(findings))
    return STATUSES[worst(findings)]


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
    doctor = commands.add_parser(
        "doctor",
        help="look at everything that the bot needs, and say what helps",
        description="Exit status: 0 if all is well, 1 with warnings, 2 where the bot cannot work like this.",
    )
    doctor.add_argument("--json", action="store_true", help="write the findings as JSON")
    doctor.add_argument("--catalogue", action="store_true", help="show how each of the provider's models is understood")
    doctor.add_argument(
        "--capture", type=Path, metavar="FILE", help="write the provider's raw answers, without secrets, to a new file"
    )
    doctor.add_argument("--with-prompts", action="store_true", help="keep the prompts of the history in that file")
    installation = commands.add_parser("setup", help="ask for the settings, try them, and write .env")
    installation.add_argument(
        "--non-interactive", action="store_true", help="ask nothing: try and write what the environment and .env say"
    )
    backup = commands.add_parser("backup", help="copy the SQLite database, also while the bot runs")
    backup.add_argument("file", type=Path, help="a new file, or a folder for copies with dated names")
    backup.add_argument("--keep", type=_count, metavar="N", help="keep the newest N dated copies in the folder")
    back = commands.add_parser("restore", help="put a copy of the SQLite database back; the one before is kept")
    back.add_argument("file", type=Path)
    moving = commands.add_parser("move", help="carry everything from SQLite to an empty PostgreSQL database")
    moving.add_argument("--to", required=True, metavar="URL", help="postgresql+asyncpg://user:password@host/name")
    return parser


def _count(word: str) -> int:
    number = int(word)
    if number < 1:
        raise ValueError
    return number


if __name__ == "__main__":
    sys.exit(main())
