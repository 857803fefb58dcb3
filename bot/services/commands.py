"""What is remembered of the bot's commands: the names given to models, and the content that Discord was last sent."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from bot.domain.clock import Clock
from bot.storage import command_names
from bot.storage.database import Database


class CommandName(NamedTuple):
    """Where members find a model: a command and its subcommand."""

    command: str
    subcommand: str

    def __str__(self) -> str:
        return f"/{self.command} {self.subcommand}"


GLOBAL = "global"
"""The scope of commands that every guild has."""


def scope_of(application_id: int | None, guild_id: int | None = None) -> str:
    """Return the scope of an application's global commands, or of those that it has in one guild."""
    return f"{application_id}:{GLOBAL if guild_id is None else guild_id}"


NamingRule = Callable[[Mapping[str, CommandName]], Mapping[str, CommandName]]
"""Takes the names that are known, by model slug. Returns them with a name for each model that had none, and those
changed that may not stay."""


class CommandsService:
    """Gives each model's command a name once and for ever, and knows whether Discord has the latest commands."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._slugs: dict[CommandName, str] = {}
        self.names: Mapping[str, CommandName] = {}
        """Every name ever given, by model slug, also those of models that left the catalogue. From memory."""
        self._ids: dict[str, Mapping[str, int]] = {}

    def slug_of(self, name: CommandName) -> str | None:
        """Return the slug of the model that a command was named for, or None for any other command. From memory."""
        return self._slugs.get(name)

    async def assign_names(self, rule: NamingRule) -> None:
        """Give names to the models that have none, change those that may not stay, and remember them."""
        self.names = await self._database.write(_assign, rule)
        self._slugs = {name: slug for slug, name in self.names.items()}

    async def synced_hash(self, scope: str) -> str | None:
        """Return the hash of the commands that Discord was last sent for a scope; None if it was sent none."""
        return await self._database.read(command_names.synced_hash, scope)

    async def note_synced(self, scope: str, content_hash: str, ids: Mapping[str, int]) -> None:
        """Remember what Discord was sent, and the ids that it gave to the top-level commands."""
        await self._database.write(command_names.save_synced, scope, content_hash, ids, self._clock())
        self._ids[scope] = ids

    def id_of(self, command: str, scope: str) -> int | None:
        """Return the id of a top-level command in a scope; None where it is not known. From memory."""
        return self._ids.get(scope, {}).get(command)

    async def load_ids(self) -> None:
        """Learn the ids that another process noted."""
        self._ids = dict(await self._database.read(command_names.load_ids))


def _assign(conn: Connection, rule: NamingRule) -> dict[str, CommandName]:
    known = _load(conn)
    ruled = rule(known)
    new = {slug: name for slug, name in ruled.items() if slug not in known}
    changed = {slug: name for slug, name in ruled.items() if name != known.get(slug, name)}
    if new or changed:
        command_names.change(conn, changed)
        command_names.save(conn, new)
        # Read again: another process may have named the same models a moment earlier, and the first name counts.
        known = _load(conn)
    return known


def _load(conn: Connection) -> dict[str, CommandName]:
    return {slug: CommandName(*name) for slug, name in command_names.load(conn).items()}
