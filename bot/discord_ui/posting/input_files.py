"""Fresh addresses for the files of requests: Discord signs them, for about a day."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import discord
from discord.http import Route

from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind
from bot.discord_ui.posting.message_files import files_of
from bot.engine.input_files import FilesLater

log = logging.getLogger(__name__)

REFRESH_PATH = "/attachments/refresh-urls"
"""Discord's own clients use it, and bots may; Discord's specification does not name it."""


class DiscordInputFiles:
    """`InputFiles` over REST. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """See `InputFiles.refresh`. An answer that is not understood names no address."""
        try:
            answer: Any = await self._client.http.request(
                Route("POST", REFRESH_PATH), json={"attachment_urls": list(addresses)}
            )
        except CALL_ERRORS as error:
            if failure_kind(error).passes:
                raise FilesLater(type(error).__name__) from error
            log.warning("attached files are not given anew: %s", error, extra={"action": "refresh_files"})
            return {}
        pairs = answer.get("refreshed_urls") if isinstance(answer, dict) else None
        found = [pair for pair in pairs or () if isinstance(pair, dict)]
        return {
            pair["original"]: pair["refreshed"]
            for pair in found
            if isinstance(pair.get("original"), str) and isinstance(pair.get("refreshed"), str)
        }

    async def on_card(self, channel_id: int, message_id: int, filenames: Collection[str]) -> Mapping[str, str]:
        """See `InputFiles.on_card`. A card that is gone, or that the bot may not read any more, has no files."""
        try:
            message = await self._client.get_partial_messageable(channel_id).fetch_message(message_id)
        except CALL_ERRORS as error:
            if failure_kind(error).passes:
                raise FilesLater(type(error).__name__) from error
            log.info("the files of a card are out of reach: %s", error, extra={"action": "refresh_files"})
            return {}
        return {name: file.url for name, file in files_of(message).items() if name in filenames}
