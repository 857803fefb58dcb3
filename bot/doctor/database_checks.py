"""The database: can it be used, does it agree with itself, who else uses it, and what it knows of the account."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from bot.doctor.finding import Finding, fail, ok, warn
from bot.domain.quota import GuildDefaults
from bot.services.credits import CreditsService
from bot.settings import Settings
from bot.storage import accounts, cases, connections, queue
from bot.storage.accounts import Account
from bot.storage.database import Database, database_file
from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import versions
from bot.storage.process_lock import is_locked
from bot.storage.tables.provider import OWNER_ACCOUNT

CASES_COUNTED = 100
"""Jobs waiting for an owner's decision that are counted."""
MIB = 1024 * 1024


async def check_database(settings: Settings) -> list[Finding]:
    """Open the database and look at its version, its ledger, its users and what it knows of the account."""
    try:
        file = database_file(settings.database_url)
        if file is not None and not _exists(file):
            return [_new_file(file), _balance(None)]
        database = await Database.open(settings.database_url)
    except DatabaseProblem as problem:
        return [_unusable(problem)]
    try:
        return await _look(database, file)
    except DatabaseProblem as problem:
        return [_unusable(problem)]
    finally:
        await database.close()


async def _look(database: Database, file: Path | None) -> list[Finding]:
    current, newest = await versions(database)
    findings = [await _users(database, file)]
    if current != newest:
        text = f"Reachable, at version {current or 'none'} of {newest}: the next start brings it up to date."
        return [ok("database", text), *findings, _balance(None)]
    findings.insert(0, ok("database", f"Reachable, at version {current}."))
    wrong = await CreditsService(database, time.time, GuildDefaults()).check(repair=False)
    cure = "Correct them with `/owner ledger repair: True`, and report what led to it."
    findings += [fail("ledger", line, cure) for line in wrong] or [ok("ledger", "The counters agree with the ledger.")]
    known = await database.read(_known, time.time())
    return [*findings, _hourly_use(known), _balance(known.account.credits_remaining), *_waiting_for_owner(known)]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the bot wrote down of the owner's account."""

    account: Account
    posts: int
    cases: int


def _known(conn: Connection, now: float) -> _Known:
    account = accounts.find(conn, OWNER_ACCOUNT)
    posts = queue.post_log(conn, OWNER_ACCOUNT, now)
    return _Known(account, len(posts), len(cases.open_cases(conn, CASES_COUNTED)))


def _hourly_use(known: _Known) -> Finding:
    limit = known.account.hourly_posts
    text = f"{known.posts} of {limit} requests of the last hour are used."
    if known.posts < limit:
        return ok("hourly use", text)
    return warn("hourly use", text, "Requests wait their turn; a server's own key has an hourly budget of its own.")


def _balance(remaining: int | None) -> Finding:
    if remaining is None:
        text = "The provider has told no balance yet: it tells it with each video."
        cure = "Make sure that the account has purchased credits: welcome credits count on its website alone."
        return warn("balance", text, cure)
    text = f"{remaining:,} credits were left at the provider when it last told."
    return ok("balance", text) if remaining > 0 else fail("balance", text, "Buy credits at the provider.")


def _waiting_for_owner(known: _Known) -> list[Finding]:
    if not known.cases:
        return []
    jobs = "1 job waits" if known.cases == 1 else f"{known.cases} jobs wait"
    text = f"{jobs} for an owner's decision."
    return [warn("unresolved", text, "Decide with `/owner unresolved`.")]


async def _users(database: Database, file: Path | None) -> Finding:
    if file is not None:
        running = is_locked(file)
        return ok("in use", "A bot is running on this database." if running else "No bot is running on this database.")
    found = await database.read(connections.look)
    text = f"{found.bots} connections of bots, {found.size_bytes / MIB:,.0f} MiB."
    if not found.others:
        return ok("in use", text)
    named = ", ".join(found.others)
    return warn("in use", f"{text} Others are connected too: {named}.", "Keep this database for the bot alone.")


def _exists(file: Path) -> bool:
    return file.exists()


def _new_file(file: Path) -> Finding:
    """Tell whether a SQLite file that does not exist yet could be made."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        cure = "Name another place in DATABASE_URL, or give this user the right to write there."
        text = f"{file} cannot be made: uid {os.getuid()} may not write to {folder} ({error.strerror})."
        return fail("database", text, cure)
    return ok("database", f"{file} does not exist yet: the first start makes it.")


def _unusable(problem: DatabaseProblem) -> Finding:
    return fail("database", f"{problem}.", "Correct DATABASE_URL, or mend what it names.", passing=problem.passing)
