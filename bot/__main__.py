"""`python -m bot`: runs the bot, or one of the commands beside it."""

import argparse
import asyncio
import logging
import sys

import discord

from bot import app
from bot.engine import crashpoints
from bot.settings import Settings, SettingsProblem, load
from bot.storage.database import Database, DatabaseProblem
from bot.storage.migrations import migrate

EXIT_CONFIGURATION = 78
"""EX_CONFIG of sysexits.h: a supervisor need not try again before a person has."""


def main() -> int:
    """Parse the command line and carry it out; the exit status."""
    arguments = _parser().parse_args()
    try:
        settings = load()
        _set_up_logging(settings.log_level)
        return asyncio.run(_run(settings, arguments))
    except (SettingsProblem, DatabaseProblem) as problem:
        print(problem, file=sys.stderr)
        return EXIT_CONFIGURATION


def _set_up_logging(level: str) -> None:
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here, so nothing is missing


async def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "migrate":
            database = await Database.open(settings.database_url)
            try:
                await migrate(database)
            finally:
                await database.close()
        case _:
            if settings.crash_at is not None:
                crashpoints.arm(settings.crash_at)
            await app.run(settings, app.Role())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord bot for AI video.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("migrate", help="bring the database's schema to the newest version")
    return parser


if __name__ == "__main__":
    sys.exit(main())
