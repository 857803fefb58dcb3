"""Where posted clips are: the attachments of closing messages, whose addresses Discord signs anew with each answer."""

import logging

import discord

from bot.discord_ui.posting.closing import file_stem
from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind
from bot.discord_ui.posting.message_files import files_of
from bot.engine.clips import ClipGone, ClipProblem, ClipUnreachable

log = logging.getLogger(__name__)

_UNKNOWN_MESSAGE = 10008


class DiscordClipAddresses:
    """`ClipAddresses` over REST. Its client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def address_of(self, job_id: str, position: int, channel_id: int, message_id: int) -> str | None:
        """See `ClipAddresses.address_of`."""
        try:
            message = await self._client.get_partial_messageable(channel_id).fetch_message(message_id)
        except CALL_ERRORS as error:
            if failure_kind(error).passes:
                raise ClipUnreachable from error
            if isinstance(error, discord.NotFound) and error.code == _UNKNOWN_MESSAGE:
                raise ClipGone(ClipProblem.DELETED) from error
            # The channel is gone, or the bot lost its right there: nobody judged the video.
            log.info("job %s: its message is out of reach: %s", job_id, error, extra={"action": "fetch_clip"})
            return None
        stem = file_stem(job_id, position)
        return next((file.url for name, file in files_of(message).items() if name.rpartition(".")[0] == stem), None)
