"""This machine: room on its disks, tools for videos and charts, the health address, and who can read the files."""

import errno
import importlib.util
import json
import shutil
import socket
import stat
import tempfile
import time
from pathlib import Path

import aiohttp

from bot.doctor.finding import Finding, fail, ok, warn
from bot.settings import Settings
from bot.storage.copies import dated_copies
from bot.storage.database import database_file
from bot.storage.database_problems import DatabaseProblem

GIB = 1024**3
ROOM_WANTED = 2 * GIB
"""Bytes that should be free where the database or videos under way are."""
ROOM_NEEDED = GIB // 4
"""Bytes below which a video or a backup may not fit."""
HEALTH_SECONDS_MAX = 5.0
"""Seconds that a running bot's health page may take."""
BACKUP_DAYS_MAX = 2.0
"""Days after which the newest of daily copies is too old."""
SETTINGS_FILE = Path(".env")


async def check_machine(settings: Settings) -> list[Finding]:
    """Look at everything on this machine."""
    return [*_disks(settings), *_tools(), await _health(settings), *_file_modes(settings), *_backups(settings)]


def _disks(settings: Settings) -> list[Finding]:
    folders = {"videos under way": Path(tempfile.gettempdir())}
    file = _database_file(settings)
    if file is not None:
        folders["the database"] = next(parent for parent in file.absolute().parents if parent.exists())
    return [_disk(what, folder) for what, folder in folders.items()]


def _disk(what: str, folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    text = f"{free / GIB:,.1f} GiB are free for {what} ({folder})."
    if free >= ROOM_WANTED:
        return ok("disk", text)
    cure = "Make room: a full disk keeps videos from being posted, and the database from being written."
    return warn("disk", text, cure) if free >= ROOM_NEEDED else fail("disk", text, cure)


def _tools() -> list[Finding]:
    install = "Install the extra `{extra}` (`make setup` and the image have it)."
    tools = {
        "video": (
            "av",
            "videos can be made smaller, continued and joined",
            "videos that are too large are only linked",
        ),
        "charts": ("matplotlib", "`/usage` draws charts", "`/usage` shows numbers only"),
    }
    findings = []
    for extra, (module, with_it, without_it) in tools.items():
        if importlib.util.find_spec(module) is not None:
            findings.append(ok("tools", f"{module} is here: {with_it}."))
        else:
            findings.append(warn("tools", f"{module} is missing: {without_it}.", install.format(extra=extra)))
    return findings


async def _health(settings: Settings) -> Finding:
    """Ask the running bot how it is. Where none runs, see whether the address could be used."""
    address = settings.health_address
    if address is None:
        cure = "Set HEALTH_ADDRESS, for example to 127.0.0.1:8080, so that a supervisor can watch the bot."
        return warn("health", "HEALTH_ADDRESS is empty: nothing tells whether the bot is well.", cure)
    host, _, port = address.rpartition(":")
    asked = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 - asked for, not listened on
    try:
        timeout = aiohttp.ClientTimeout(total=HEALTH_SECONDS_MAX)
        url = f"http://{asked}:{port}/health"
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            told = json.loads(await answer.text())
            unwell = [name for name, loop in told["loops"].items() if not loop["healthy"]]
    except aiohttp.ClientConnectorError:
        return _could_listen(host, int(port))
    except (aiohttp.ClientError, OSError, ValueError, KeyError, TypeError, AttributeError):
        text = f"Something else than a bot answers at {address}."
        return fail("health", text, "Give HEALTH_ADDRESS a port that is free.")
    if unwell:
        cure = "Read the bot's log; a restart is safe at any time."
        return fail("health", f"A running bot says at {address} that these stand still: {', '.join(unwell)}.", cure)
    return ok("health", f"A running bot says at {address} that it is well.")


def _could_listen(host: str, port: int) -> Finding:
    plain = host.strip("[]")
    try:
        socket.create_server((plain, port), family=socket.AF_INET6 if ":" in plain else socket.AF_INET).close()
    except OSError as error:
        cure = "Give HEALTH_ADDRESS an address of this machine and a port that is free and above 1023."
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror or error})"
        return fail("health", f"HEALTH_ADDRESS {host}:{port} {why}.", cure)
    return ok("health", f"No bot runs here; {host}:{port} is free for it.")


def _file_modes(settings: Settings) -> list[Finding]:
    """See whether others can read the secrets and what people wrote."""
    files = [SETTINGS_FILE]
    file = _database_file(settings)
    if file is not None:
        files += [file, *(Path(f"{file}{suffix}") for suffix in ("-wal", "-shm"))]
    known = [path for path in files if path.is_file()]
    others = [str(path) for path in known if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if others:
        names = " ".join(others)
        return [warn("files", f"Other users of this machine can read {', '.join(others)}.", f"chmod 600 {names}")]
    return [ok("files", "Nobody else can read the files with secrets and prompts.")] if known else []


def _database_file(settings: Settings) -> Path | None:
    try:
        return database_file(settings.database_url)
    except DatabaseProblem:
        return None


def _backups(settings: Settings) -> list[Finding]:
    """See how old the newest copy of a SQLite database is."""
    if _database_file(settings) is None:
        return []
    folder = settings.backup_folder
    if folder is None:
        cure = "Set BACKUP_FOLDER to a folder on another disk, and the bot makes a copy every day."
        return [warn("backups", "The bot makes no copies of its database.", cure)]
    made = dated_copies(folder)
    if not made:
        return [warn("backups", f"There is no copy in {folder} yet.", "The running bot makes one within minutes.")]
    days = (time.time() - made[-1][0]) / 86_400
    text = f"The newest copy in {folder} is {days:.1f} days old."
    if days < BACKUP_DAYS_MAX:
        return [ok("backups", text)]
    return [warn("backups", text, "Read the bot's log for why no newer one is made.")]
