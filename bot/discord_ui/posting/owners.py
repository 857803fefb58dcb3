"""Direct messages to the bot's owners."""

import logging
from collections.abc import Collection

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind
from bot.discord_ui.views.notices import notice_text
from bot.domain.notices import Notice

log = logging.getLogger(__name__)


class DiscordOwnerMessenger:
    """An `OwnerMessenger` over REST. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client, owner_ids: Collection[int]) -> None:
        self._client = client
        self._owner_ids = sorted(owner_ids)

    async def tell(self, notice: Notice) -> bool:
        """Send the notice to every owner.

        An owner who takes no messages counts as told, because the log has the notice too. Returns False where no owner
        could be reached for now.
        """
        text = notice_text(notice)
        reached = not self._owner_ids
        for owner_id in self._owner_ids:
            try:
                channel = await self._client.create_dm(discord.Object(owner_id))
                await channel.send(text)
            except CALL_ERRORS as error:
                fields = {"action": "notice", "owner": owner_id}
                if failure_kind(error).passes:
                    log.warning("owner %d cannot be reached now: %s", owner_id, error, extra=fields)
                    continue
                log.warning("owner %d takes no direct messages: %s", owner_id, error, extra=fields)
            reached = True
        return reached
