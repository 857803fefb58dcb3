"""Direct messages to the bot's owners."""

import logging
from collections.abc import Collection
from typing import Any

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.choice import LocaleOf, member_language, unknown_locale
from bot.discord_ui.language.speaking import speaking
from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind
from bot.discord_ui.views.notices import notice_text, notice_view
from bot.domain.notices import Notice

_BAD_REQUEST = 400

log = logging.getLogger(__name__)


class DiscordOwnerMessenger:
    """An `OwnerMessenger` over REST. Its client has logged in; it needs no gateway connection."""

    def __init__(
        self,
        client: discord.Client,
        mentions: CommandMentions,
        owner_ids: Collection[int],
        locale_of: LocaleOf = unknown_locale,
    ) -> None:
        self._client = client
        self._mentions = mentions
        self._owner_ids = sorted(owner_ids)
        self._locale_of = locale_of

    async def tell(self, notice: Notice) -> bool:
        """Send the notice to every owner, in their own language.

        An owner who takes no messages counts as told, because the log has the notice too. Returns False where no owner
        could be reached for now.
        """
        guild_name = await self._guild_name(notice)
        reached = not self._owner_ids
        for owner_id in self._owner_ids:
            with speaking(await member_language(self._locale_of, owner_id)):
                text, view = self._mentions.in_text(notice_text(notice, guild_name)), notice_view(notice)
            buttons: Any = {} if view is None else {"view": view}
            try:
                channel = await self._client.create_dm(discord.Object(owner_id))
                await channel.send(text, **buttons)
            except CALL_ERRORS as error:
                fields = {"action": "notice", "owner": owner_id}
                if failure_kind(error).passes:
                    log.warning("owner %d cannot be reached now: %s", owner_id, error, extra=fields)
                    continue
                if isinstance(error, discord.HTTPException) and error.status == _BAD_REQUEST:
                    log.error("Discord refuses the notice itself: %s", error, extra=fields)
                else:
                    log.warning("owner %d takes no direct messages: %s", owner_id, error, extra=fields)
            reached = True
        return reached

    async def _guild_name(self, notice: Notice) -> str | None:
        guild_id = notice.data.get("guild_id")
        if not isinstance(guild_id, int):
            return None
        try:
            return (await self._client.fetch_guild(guild_id, with_counts=False)).name
        except CALL_ERRORS:
            return None
