"""Commands are sent to Discord only when their content differs from what it was last given."""

import asyncio
import hashlib
import json
import logging
from typing import Any

import discord
from discord import app_commands

from bot.services.commands import CommandsService, scope_of

log = logging.getLogger(__name__)


class CommandSync:
    """Keeps Discord's copy of the commands equal to the tree's, with as few writes as possible."""

    def __init__(self, tree: app_commands.CommandTree[Any], commands: CommandsService) -> None:
        self._tree = tree
        self._commands = commands
        self._syncing = asyncio.Lock()  # of two syncs at once, the older content could arrive last

    async def sync(
        self, guild: discord.abc.Snowflake | None = None, *, force: bool = False, unless_never: bool = False
    ) -> bool:
        """Overwrite the commands of a guild, or the global ones for None, as a whole if they changed.

        `force` sends them even if they did not change; `unless_never` sends nothing where nothing was ever sent.
        Returns whether anything was sent. It is one overwriting PUT: a delete that is followed by a failed create would
        leave the server without commands. Raises HTTPException for what Discord refuses.
        """
        scope = scope_of(self._tree.client.application_id, guild.id if guild is not None else None)
        async with self._syncing:
            content = await content_hash(self._tree, guild)
            known = await self._commands.synced_hash(scope)
            if not force and known in ((content, None) if unless_never else (content,)):
                await self._commands.load_ids()  # another process may have sent them
                return False
            sent = await self._tree.sync(guild=guild)
            await self._commands.note_synced(scope, content, {command.name: command.id for command in sent})
        log.info("sent %d commands to Discord (%s)", len(sent), scope, extra={"action": "sync_commands"})
        return True


async def content_hash(tree: app_commands.CommandTree[Any], guild: discord.abc.Snowflake | None = None) -> str:
    """Return a hash of everything that Discord would be told, translations included, whatever the commands' order."""
    translator = tree.translator
    payloads: list[dict[str, Any]] = []
    for command in tree.get_commands(guild=guild):
        if translator is not None:
            payloads.append(await command.get_translated_payload(tree, translator))
        else:
            payloads.append(command.to_dict(tree))
    payloads.sort(key=lambda payload: (payload["type"], payload["name"]))
    return hashlib.sha256(json.dumps(payloads, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
