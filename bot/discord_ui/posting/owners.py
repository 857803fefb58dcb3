"""Direct messages to the bot's owners."""

import logging
from collections.abc import Collection

import aiohttp
import discord

from bot.discord_ui.views.notices import notice_text
from bot.domain.notices import Notice

log = logging.getLogger(__name__)

_TRANSIENT = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError)


class DiscordOwnerMessenger:
    """Needs a client that has logged in; a gateway connection is not needed."""

    def __init__(self, client: discord.Client, owner_ids: Collection[int]) -> None:
        self._client = client
        self._owner_ids = sorted(owner_ids)

    async def tell(self, notice: Notice) -> bool:
        """Send the notice to every owner. One who takes no messages counts as told: the log has it too."""
        text = notice_text(notice)
        reached = not self._owner_ids
        for owner_id in self._owner_ids:
            try:
                channel = await self._client.create_dm(discord.Object(owner_id))
                await channel.send(text)
            except _TRANSIENT as error:
                log.warning("owner %d cannot be reached now: %s", owner_id, error)
                continue
            except discord.HTTPException as error:
                log.warning("owner %d takes no direct messages: %s", owner_id, error)
            reached = True
        return reached
