"""Filling in a registered command as Discord's client does: only what is offered can be sent."""

from collections.abc import Mapping
from typing import Any

from sandbox.discord.core import Core
from sandbox.discord.model import Channel, Json, User
from sandbox.discord.people.refusal import ClientRefused
from sandbox.discord.people.resolved import Resolver
from sandbox.discord.permissions import Permission
from sandbox.discord.rules.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    CHAT_INPUT,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
    USER,
)

INTEGER_MAGNITUDE_MAX = 2**53
STRING_CHARACTERS_MAX = 6000
GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1


def visible_commands(core: Core, user: User, channel: Channel) -> list[Json]:
    """Return the commands that Discord's client would show this person in this channel."""
    if not core.world.may(user, channel, Permission.USE_APPLICATION_COMMANDS | Permission.VIEW_CHANNEL):
        return []
    guild = core.world.guild_of(channel)
    if guild is not None and core.world.bot.id not in guild.members:
        return []
    permissions = core.world.permissions(user, channel)
    return [
        command
        for command in core.commands.available_in(channel.guild_id)
        if _fits_context(command, channel) and _is_permitted(command, permissions, channel)
    ]


def _fits_context(command: Json, channel: Channel) -> bool:
    in_dm = channel.guild_id is None
    if command["nsfw"] and not channel.nsfw and not in_dm:
        return False
    if command["contexts"] is not None:
        return (BOT_DM_CONTEXT if in_dm else GUILD_CONTEXT) in command["contexts"]
    return bool(command["dm_permission"]) or not in_dm


def _is_permitted(command: Json, permissions: int, channel: Channel) -> bool:
    """Return whether a person has all bits of `default_member_permissions`; "0" means administrators only."""
    if channel.guild_id is None or command["default_member_permissions"] is None:
        return True
    needed = int(command["default_member_permissions"]) or Permission.ADMINISTRATOR
    return bool(permissions & Permission.ADMINISTRATOR) or permissions & needed == needed


def find_command(core: Core, user: User, channel: Channel, kind: int, name: str) -> Json:
    """Return a visible command by its name, or by its name in this person's language.

    Raises `ClientRefused` if there is none.
    """
    for command in visible_commands(core, user, channel):
        if command["type"] == kind and name in names_of(command, user.locale):
            return command
    raise ClientRefused(f"{user.display_name} sees no command {name!r} in this channel")


def names_of(entry: Json, locale: str) -> set[str]:
    """Return the name of a command or option, and the one in a language if it has one."""
    localised = (entry.get("name_localizations") or {}).get(locale)
    return {entry["name"], *([localised] if localised else [])}


class CommandForm:
    """One slash command on its way. `text` is "/veo fast".

    Raises `ClientRefused` for what the client would not let the person send.
    """

    def __init__(self, core: Core, user: User, channel: Channel, text: str) -> None:
        self._user = user
        self._resolver = Resolver(core, user, channel)
        words = text.removeprefix("/").split()
        if not words:
            raise ClientRefused("no command was named")
        self.command = find_command(core, user, channel, CHAT_INPUT, words[0])
        self._path: list[Json] = []
        leaf = self.command
        for word in words[1:]:
            leaf = self._descend(leaf, word)
        if any(option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP) for option in leaf.get("options", [])):
            raise ClientRefused(f"{self.name} needs a subcommand")
        self._leaf = leaf

    @property
    def name(self) -> str:
        """The command with its subcommands, as "/veo fast"."""
        return "/" + " ".join([self.command["name"], *(step["name"] for step in self._path)])

    def _descend(self, entry: Json, word: str) -> Json:
        for option in entry.get("options", []):
            is_step = option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP)
            if is_step and word in names_of(option, self._user.locale):
                self._path.append(option)
                found: Json = option
                return found
        raise ClientRefused(f"{self.name} has no subcommand {word!r}")

    def submit(self, options: Mapping[str, Any]) -> Json:
        """Return the interaction's data for sending the command. Every value is checked."""
        given = self._by_option(options)
        for option in self._leaf.get("options", []):
            if option.get("required") and option["name"] not in given:
                raise ClientRefused(f"{self.name}: option {option['name']!r} is required")
        return self._data([self._filled(option, given[option["name"]]) for option in self._options(given)])

    def autocomplete(self, options: Mapping[str, Any], focused: str) -> Json:
        """Return the interaction's data while `focused` is being typed. Missing options do not matter yet."""
        given = self._by_option(options)
        given.setdefault(focused, "")
        filled = []
        for option in self._options(given):
            if option["name"] == focused:
                if not option.get("autocomplete"):
                    raise ClientRefused(f"{self.name}: option {focused!r} has no autocomplete")
                value = str(given[focused])
                filled.append({"name": focused, "type": option["type"], "value": value, "focused": True})
            elif option["type"] == ATTACHMENT:
                # The file itself is sent with the command only: until then it has a number, and nothing behind it.
                filled.append({"name": option["name"], "type": ATTACHMENT, "value": str(len(filled))})
            else:
                sent = self._filled(option, given[option["name"]])
                # While a command is filled in, Discord sends numbers as text.
                filled.append(sent | {"value": str(sent["value"])} if option["type"] in (INTEGER, NUMBER) else sent)
        return self._data(filled)

    def _by_option(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the given values under the options' own names. None is an option left out."""
        given: dict[str, Any] = {}
        for name, value in options.items():
            if value is None:
                continue
            known = [o for o in self._leaf.get("options", []) if name in names_of(o, self._user.locale)]
            if not known:
                raise ClientRefused(f"{self.name} has no option {name!r}")
            given[known[0]["name"]] = value
        return given

    def _options(self, given: Mapping[str, Any]) -> list[Json]:
        return [option for option in self._leaf.get("options", []) if option["name"] in given]

    def _data(self, filled: list[Json]) -> Json:
        for step in reversed(self._path):
            filled = [{"name": step["name"], "type": step["type"], "options": filled}]
        data: Json = {"id": self.command["id"], "name": self.command["name"], "type": CHAT_INPUT, "options": filled}
        if "guild_id" in self.command:
            data["guild_id"] = self.command["guild_id"]
        if self._resolver.payload:
            data["resolved"] = self._resolver.payload
        return data

    def _filled(self, option: Json, value: Any) -> Json:
        try:
            return {"name": option["name"], "type": option["type"], "value": self._value(option, value)}
        except ClientRefused as refusal:
            raise ClientRefused(f"{self.name}: option {option['name']!r}: {refusal}") from None

    def _value(self, option: Json, value: Any) -> Any:
        kind = option["type"]
        if option.get("choices"):
            return _choice(option["choices"], value)
        if kind == STRING:
            return _string(option, value)
        if kind in (INTEGER, NUMBER):
            return _number(option, value)
        if kind == BOOLEAN:
            return _boolean(value)
        if kind == CHANNEL:
            return self._resolver.channel(value, option.get("channel_types"))
        by_kind = {
            USER: self._resolver.user,
            ROLE: self._resolver.role,
            MENTIONABLE: self._resolver.mentionable,
            ATTACHMENT: self._resolver.attachment,
        }
        return by_kind[kind](value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ClientRefused(f"{value!r} is neither true nor false")
    return value


def _choice(choices: list[Json], value: Any) -> Any:
    """Return the value of a choice, given by value or by the name that the client shows."""
    for choice in choices:
        same_type = isinstance(value, bool) == isinstance(choice["value"], bool)
        if (same_type and value == choice["value"]) or value == choice["name"]:
            return choice["value"]
    raise ClientRefused(f"{value!r} is none of {[choice['name'] for choice in choices]}")


def _string(option: Json, value: Any) -> str:
    if not isinstance(value, str):
        raise ClientRefused(f"{value!r} is not a text")
    low, high = option.get("min_length") or 0, option.get("max_length") or STRING_CHARACTERS_MAX
    if not low <= len(value) <= high:
        raise ClientRefused(f"must have {low} to {high} characters, not {len(value)}")
    return value


def _number(option: Json, value: Any) -> int | float:
    is_integer = option["type"] == INTEGER
    if isinstance(value, bool) or not isinstance(value, int if is_integer else (int, float)):
        raise ClientRefused(f"{value!r} is not {'a whole number' if is_integer else 'a number'}")
    low = option.get("min_value", -INTEGER_MAGNITUDE_MAX)
    high = option.get("max_value", INTEGER_MAGNITUDE_MAX)
    if not low <= value <= high:
        raise ClientRefused(f"must be from {low} to {high}, not {value}")
    number: int | float = value
    return number
