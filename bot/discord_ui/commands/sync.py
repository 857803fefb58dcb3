"""Commands are sent to Discord only when their content differs from what it was last given."""

import asyncio
import hashlib
import json
import logging
from typing import Any
from weakref import WeakKeyDictionary

import discord
from discord import app_commands

from bot.domain.clock import Clock
from bot.storage import command_names
from bot.storage.database import Database

log = logging.getLogger(__name__)

GLOBAL = "global"

_locks: WeakKeyDictionary[app_commands.CommandTree[Any], asyncio.Lock] = WeakKeyDictionary()
"""One sync of a tree at a time: of two at once, the older content could arrive last."""


class CommandSync:
    """Keeps Discord's copy of the commands equal to the tree's, with as few writes as possible."""

    def __init__(self, tree: app_commands.CommandTree[Any], database: Database, clock: Clock) -> None:
        self._tree = tree
        self._database = database
        self._clock = clock

    async def sync(self, guild: discord.abc.Snowflake | None = None, *, force: bool = False) -> bool:
        """Overwrite the scope's commands as a whole if they changed; whether anything was sent.

        One overwriting PUT: a delete that is followed by a failed create would leave the server without commands.
        """
        application_id = self._tree.client.application_id
        scope = f"{application_id}:{guild.id if guild is not None else GLOBAL}"
        async with _locks.setdefault(self._tree, asyncio.Lock()):
            content = await content_hash(self._tree, guild)
            if not force and await self._database.read(command_names.synced_hash, scope) == content:
                return False
            commands = await self._tree.sync(guild=guild)
            await self._database.write(command_names.save_synced_hash, scope, content, self._clock())
        log.info("sent %d commands to Discord (%s)", len(commands), scope)
        return True


async def content_hash(tree: app_commands.CommandTree[Any], guild: discord.abc.Snowflake | None = None) -> str:
    """A hash of everything that Discord would be told, translations included; the commands' order does not matter."""
    translator = tree.translator
    payloads: list[dict[str, Any]] = []
    for command in tree.get_commands(guild=guild):
        if translator is not None:
            payloads.append(await command.get_translated_payload(tree, translator))
        else:
            payloads.append(command.to_dict(tree))
    payloads.sort(key=lambda payload: (payload["type"], payload["name"]))
    return hashlib.sha256(json.dumps(payloads, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
