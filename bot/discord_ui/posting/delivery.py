"""The engine's `Notifier` over Discord's REST interface: cards and closing messages.

Every call goes by channel and message id. So it works long after an interaction's token has died, and in a process
that has no gateway connection.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import discord

from bot.discord_ui.posting.errors import CALL_ERRORS, failure_kind, retry_after
from bot.discord_ui.posting.placement import Placement, left_to_link, step_down, within
from bot.discord_ui.posting.search import find_marked
from bot.discord_ui.views.closing_message import closing_text, closing_view
from bot.discord_ui.views.status_card import status_view
from bot.domain.jobs import JobState
from bot.domain.uploads import UPLOAD_BYTES_DEFAULT
from bot.engine.notifier import Closing, Delivered, DeliveryImpossible, DeliveryLater, StatusCard

log = logging.getLogger(__name__)


class DiscordNotifier:
    """A `Notifier` whose client has logged in; it needs no gateway connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def show_status(self, card: StatusCard) -> int | None:
        """Post or edit a job's public card and return the message's id.

        Returns None where the card cannot be shown, or is gone and should stay so. Raises DeliveryLater.
        """
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        view = status_view(card)
        quiet = discord.AllowedMentions.none()
        try:
            if card.message_id is not None:
                await channel.get_partial_message(card.message_id).edit(view=view, allowed_mentions=quiet)
                return card.message_id
            # The nonce makes a second post after a crash give back the first one.
            return (await channel.send(view=view, nonce=f"{card.job_id}-s", allowed_mentions=quiet)).id
        except CALL_ERRORS as error:
            fields = {"action": "card", "job": card.job_id}
            log.info("job %s: its card cannot be shown: %s", card.job_id, _refusal(error), extra=fields)
            return None

    async def upload_limit(self, guild_id: int) -> int:
        """Return the bytes of the largest file that the guild's channels take."""
        try:
            guild = self._client.get_guild(guild_id) or await self._client.fetch_guild(guild_id, with_counts=False)
        except CALL_ERRORS:
            return UPLOAD_BYTES_DEFAULT
        return max(UPLOAD_BYTES_DEFAULT, guild.filesize_limit)

    async def post_closing(self, closing: Closing, files: Sequence[Path], upload_limit: int) -> Delivered:
        """Post a job's closing message where Discord takes it: as a reply, in the channel, or to the member.

        `upload_limit` is in bytes; larger files are linked. Raises DeliveryLater and DeliveryImpossible.
        """
        sizes = [path.stat().st_size for path in files]
        fitting = within(sizes, upload_limit)
        placement: Placement | None = Placement("reply" if closing.status_message_id else "channel", fitting)
        problem = ""
        while placement is not None:
            try:
                message = await self._post(closing, files, placement)
            except CALL_ERRORS as error:
                refusal = _refusal(error)
                problem = f"{refusal.status} {refusal.code}: {refusal.text or 'refused'}"
                fields = {"action": "deliver", "job": closing.job_id, "how": placement.how}
                log.info("job %s: Discord did not take the closing message: %s", closing.job_id, problem, extra=fields)
                placement = step_down(placement, refusal.status, refusal.code, sizes, fitting)
            else:
                return Delivered(message.channel.id, message.id, placement.how)
        raise DeliveryImpossible(problem)

    async def find_posted(self, channel_id: int, job_id: str) -> int | None:
        """Return the id of this job's closing message if it is among the channel's recent messages.

        Returns None also where the channel's history cannot be read. Raises DeliveryLater.
        """
        try:
            message = await find_marked(self._client.get_partial_messageable(channel_id), job_id)
        except CALL_ERRORS as error:
            _refusal(error)
            return None
        return message.id if message is not None else None

    async def _post(self, closing: Closing, files: Sequence[Path], placement: Placement) -> discord.Message:
        reference: Any = {}
        if placement.how == "dm":
            channel_id = int((await self._client.http.start_private_message(closing.member_id))["id"])
            channel = self._client.get_partial_messageable(channel_id)
            # `find_posted` was asked about the job's channel only; nobody is written to twice.
            if closing.copy == 1 and (posted := await find_marked(channel, closing.job_id)) is not None:
                return posted
        else:
            channel = self._client.get_partial_messageable(closing.channel_id, guild_id=closing.guild_id)
        if placement.how == "reply" and closing.status_message_id is not None:
            reference["reference"] = discord.MessageReference(
                message_id=closing.status_message_id,
                channel_id=closing.channel_id,
                guild_id=closing.guild_id,
                fail_if_not_exists=False,
            )
        links = left_to_link(closing.links, len(files), placement.attached)
        return await channel.send(
            closing_text(closing, links if closing.state is JobState.SUCCEEDED else ()),
            files=[discord.File(files[n], filename=_name(closing, files[n], n)) for n in placement.attached],
            view=closing_view(closing),
            nonce=closing.job_id if closing.copy == 1 else f"{closing.job_id}-{closing.copy}",
            suppress_embeds=not links,
            allowed_mentions=discord.AllowedMentions(
                everyone=False, roles=False, replied_user=False, users=[discord.Object(closing.member_id)]
            ),
            **reference,
        )


def _name(closing: Closing, path: Path, position: int) -> str:
    number = f"-{position + 1}" if position else ""
    return f"video-{closing.job_id}{number}{path.suffix or '.mp4'}"


def _refusal(error: Exception) -> discord.HTTPException:
    """Return the error if asking again changes nothing. Raises DeliveryLater for a failure that may pass."""
    if isinstance(error, discord.HTTPException) and not failure_kind(error).passes:
        return error
    raise DeliveryLater(f"{type(error).__name__}: {error}", retry_after(error)) from error
