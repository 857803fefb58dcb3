"""The application's registered commands, global ones and those of single guilds."""

import copy
from typing import Any

from sandbox.discord.context import Context
from sandbox.discord.errors import ApiError, FormErrors, unknown
from sandbox.discord.ids import SnowflakeFactory
from sandbox.discord.model import Json
from sandbox.discord.rules.commands import CHAT_INPUT, COMMANDS_MAX, check_command, check_unique

CREATES_PER_DAY = 200
DAY_SECONDS = 86_400

DEFAULTS: Json = {
    "type": CHAT_INPUT,
    "name_localizations": None,
    "description": "",
    "description_localizations": None,
    "default_member_permissions": None,
    "dm_permission": True,
    "contexts": None,
    "integration_types": [0],
    "nsfw": False,
}


class CommandStore:
    """The registered commands by scope. A scope is a guild's id, or None for the global commands."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._scopes: dict[int | None, dict[int, Json]] = {}
        self._creates: dict[int | None, list[float]] = {}

    def all(self, guild_id: int | None) -> list[Json]:
        """Return the commands of one scope, as Discord lists them."""
        return list(self._scopes.get(guild_id, {}).values())

    def get(self, guild_id: int | None, command_id: int) -> Json:
        """Return one command. Raises `ApiError` 10063 if there is none."""
        command = self._scopes.get(guild_id, {}).get(command_id)
        if command is None:
            raise unknown("application command")
        return command

    def available_in(self, guild_id: int | None) -> list[Json]:
        """Return what can be used in a guild or, for None, in direct messages."""
        return self.all(None) + ([] if guild_id is None else self.all(guild_id))

    def overwrite(self, guild_id: int | None, bodies: Any) -> list[Json]:
        """Replace all commands of a scope. A command that keeps its type and name keeps its id.

        Raises `ApiError` 50035 for invalid commands, 30032 for too many, 30034 for too many new ones in a day.
        """
        if not isinstance(bodies, list):
            raise ApiError(400, 50109, "The request body contains invalid JSON.")
        errors = FormErrors()
        for index, body in enumerate(bodies):
            if isinstance(body, dict):
                check_command(errors, body, (index,))
            else:
                errors.add((index,), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        check_unique(errors, [body for body in bodies if isinstance(body, dict)])
        errors.raise_if_any()
        self._check_counts(bodies)
        before = {_key(command): command for command in self.all(guild_id)}
        self._count_creates(guild_id, sum(1 for body in bodies if _key(body) not in before))
        commands = [self._registered(guild_id, body, before.get(_key(body))) for body in bodies]
        self._replace(guild_id, commands)
        return commands

    def create(self, guild_id: int | None, body: Json) -> tuple[Json, bool]:
        """Add one command, or overwrite the one with its type and name. Return it, and whether it is new."""
        errors = FormErrors()
        check_command(errors, body, ())
        errors.raise_if_any()
        existing = next((command for command in self.all(guild_id) if _key(command) == _key(body)), None)
        if existing is None:
            self._count_creates(guild_id, 1)
        command = self._registered(guild_id, body, existing)
        rest = [other for other in self.all(guild_id) if other is not existing]
        self._check_counts([*rest, command])
        self._replace(guild_id, [*rest, command])
        return command, existing is None

    def edit(self, guild_id: int | None, command_id: int, changes: Json) -> Json:
        """Change the given fields of one command, and return it."""
        existing = self.get(guild_id, command_id)
        body = {**existing, **changes}
        errors = FormErrors()
        check_command(errors, body, ())
        errors.raise_if_any()
        command = self._registered(guild_id, body, existing)
        self._replace(guild_id, [command if c is existing else c for c in self.all(guild_id)])
        return command

    def delete(self, guild_id: int | None, command_id: int) -> None:
        """Take one command away. Raises `ApiError` 10063 if there is none."""
        existing = self.get(guild_id, command_id)
        self._replace(guild_id, [command for command in self.all(guild_id) if command is not existing])

    def _replace(self, guild_id: int | None, commands: list[Json]) -> None:
        self._scopes[guild_id] = {int(command["id"]): command for command in commands}
        self._context.changes.publish("commands", guild_id=None if guild_id is None else str(guild_id))

    def _registered(self, guild_id: int | None, body: Json, existing: Json | None) -> Json:
        ids: SnowflakeFactory = self._context.ids
        command: Json = {**DEFAULTS, **{key: copy.deepcopy(value) for key, value in body.items() if value is not None}}
        command |= {
            "id": existing["id"] if existing else str(ids.next()),
            "application_id": str(self._context.world.application_id),
            "version": str(ids.next()),
            "default_member_permissions": _permissions(body.get("default_member_permissions")),
        }
        if guild_id is not None:
            command["guild_id"] = str(guild_id)
        return command

    def _check_counts(self, bodies: list[Json]) -> None:
        for kind, limit in COMMANDS_MAX.items():
            if sum(1 for body in bodies if _key(body)[0] == kind) > limit:
                raise ApiError(400, 30032, f"Maximum number of application commands reached ({limit}).")

    def _count_creates(self, guild_id: int | None, number: int) -> None:
        now = self._context.clock.now()
        recent = [moment for moment in self._creates.get(guild_id, []) if now - moment < DAY_SECONDS]
        if self._context.enforces_rate_limits and len(recent) + number > CREATES_PER_DAY:
            raise ApiError(
                400, 30034, f"Max number of daily application command creates has been reached ({CREATES_PER_DAY})"
            )
        self._creates[guild_id] = recent + [now] * number


def _key(command: Json) -> tuple[int, Any]:
    return command.get("type") or CHAT_INPUT, command.get("name")


def _permissions(value: Any) -> str | None:
    return None if value is None else str(value)
