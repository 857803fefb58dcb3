"""Messages to channels: the engine's `Notifier` over Discord's REST interface.

Everything goes by channel and message id, so it works long after an interaction's token has died, and in a process
that has no gateway connection. What Discord refuses is met step by step: without the files that are too big or not
allowed, without the reply, then by direct message.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import aiohttp
import discord

from bot.discord_ui.views.closing_message import closing_text, closing_view
from bot.discord_ui.views.job_button import CLOSING_ACTIONS, marked_job
from bot.discord_ui.views.status_card import status_view
from bot.domain.jobs import JobState
from bot.engine.notifier import Closing, Delivered, DeliveryImpossible, DeliveryLater, StatusCard

log = logging.getLogger(__name__)

UPLOAD_LIMIT = 20 * 1024 * 1024
"""Discord's default since September 2026. The guild's tier may allow more; Discord has the last word (413)."""
REQUEST_LIMIT = 25 * 1024 * 1024
"""The documented size of one create-message request; a higher tier's file may still go alone."""
SEARCHED_MESSAGES = 100

_TOO_LARGE = 40005
_THREAD_ARCHIVED = 50083
_NO_HISTORY_TO_REPLY = 160002
_TRANSIENT = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError)

How = Literal["reply", "channel", "dm"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to post a closing message: where, and with which of the files (by position)."""

    how: How
    attached: tuple[int, ...]


class DiscordNotifier:
    """Give it a client that has logged in; a gateway connection is not needed."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def show_status(self, card: StatusCard) -> int | None:
        """Post or edit a job's public card; None where it cannot be shown, or is gone and should stay so."""
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        view = status_view(card)
        quiet = discord.AllowedMentions.none()
        try:
            if card.message_id is not None:
                await channel.get_partial_message(card.message_id).edit(view=view, allowed_mentions=quiet)
                return card.message_id
            # The nonce makes a second post after a crash give back the first one.
            return (await channel.send(view=view, nonce=f"{card.job_id}-s", allowed_mentions=quiet)).id
        except _TRANSIENT as error:
            raise _later(error) from error
        except discord.HTTPException as error:
            if error.status in (401, 429):
                raise _later(error) from error
            log.info("the card of job %s cannot be shown in channel %s: %s", card.job_id, card.channel_id, error)
            return None

    async def upload_limit(self, guild_id: int) -> int:
        """The largest file that the guild's channels take, in bytes."""
        try:
            guild = self._client.get_guild(guild_id) or await self._client.fetch_guild(guild_id, with_counts=False)
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            return UPLOAD_LIMIT
        return max(UPLOAD_LIMIT, guild.filesize_limit)

    async def close(self, closing: Closing, files: Sequence[Path]) -> Delivered:
        """Post a job's closing message where Discord takes it: as a reply, in the channel, or to the member."""
        sizes = [path.stat().st_size for path in files]
        limit = UPLOAD_LIMIT if max(sizes, default=0) <= UPLOAD_LIMIT else await self.upload_limit(closing.guild_id)
        fitting = within(sizes, limit)
        attempt: Attempt | None = Attempt("reply" if closing.status_message_id else "channel", fitting)
        problem = ""
        while attempt is not None:
            try:
                message = await self._post(closing, files, attempt)
            except _TRANSIENT as error:
                raise _later(error) from error
            except discord.HTTPException as error:
                if error.status in (401, 429):
                    raise _later(error) from error
                problem = f"{error.status} {error.code}: {error.text or 'refused'}"
                log.info("job %s: %s did not take the closing message: %s", closing.job_id, attempt, problem)
                attempt = step_down(attempt, error.status, error.code, sizes, fitting)
            else:
                return Delivered(
                    message.channel.id, message.id, attempt.how, bool(files) and len(attempt.attached) == len(files)
                )
        raise DeliveryImpossible(problem)

    async def find_posted(self, channel_id: int, job_id: str) -> int | None:
        """The closing message of this job among the channel's recent ones, by the mark in its buttons."""
        try:
            message = await _find_marked(self._client.get_partial_messageable(channel_id), job_id)
        except _TRANSIENT as error:
            raise _later(error) from error
        except discord.HTTPException as error:
            if error.status in (401, 429):
                raise _later(error) from error
            return None
        return message.id if message is not None else None

    async def _post(self, closing: Closing, files: Sequence[Path], attempt: Attempt) -> discord.Message:
        reference: Any = {}
        if attempt.how == "dm":
            channel_id = int((await self._client.http.start_private_message(closing.member_id))["id"])
            channel = self._client.get_partial_messageable(channel_id)
            # `find_posted` was asked about the job's channel only; nobody is written to twice.
            if closing.copy == 1 and (posted := await _find_marked(channel, closing.job_id)) is not None:
                return posted
        else:
            channel = self._client.get_partial_messageable(closing.channel_id, guild_id=closing.guild_id)
        if attempt.how == "reply" and closing.status_message_id is not None:
            reference["reference"] = discord.MessageReference(
                message_id=closing.status_message_id,
                channel_id=closing.channel_id,
                guild_id=closing.guild_id,
                fail_if_not_exists=False,
            )
        links = left_to_link(closing.links, len(files), attempt.attached)
        return await channel.send(
            closing_text(closing, links if closing.state is JobState.SUCCEEDED else ()),
            files=[discord.File(files[n], filename=_name(closing, files[n], n)) for n in attempt.attached],
            view=closing_view(closing),
            nonce=closing.job_id if closing.copy == 1 else f"{closing.job_id}-{closing.copy}",
            suppress_embeds=not links,
            allowed_mentions=discord.AllowedMentions(
                everyone=False, roles=False, replied_user=False, users=[discord.Object(closing.member_id)]
            ),
            **reference,
        )


def within(sizes: Sequence[int], limit: int) -> tuple[int, ...]:
    """The files, by position, that go into one message: each within the limit, all within one request."""
    chosen: list[int] = []
    for position, size in enumerate(sizes):
        if size <= limit and (not chosen or sum(sizes[n] for n in chosen) + size <= REQUEST_LIMIT):
            chosen.append(position)
    return tuple(chosen[:10])


def step_down(
    attempt: Attempt, status: int, code: int, sizes: Sequence[int], fitting: tuple[int, ...]
) -> Attempt | None:
    """What to try after a refusal; None when nothing is left."""
    if status == 413 or code == _TOO_LARGE:
        if not attempt.attached:
            return None
        largest = max(attempt.attached, key=lambda position: sizes[position])
        return replace(attempt, attached=tuple(n for n in attempt.attached if n != largest))
    if code == _NO_HISTORY_TO_REPLY:
        return replace(attempt, how="channel") if attempt.how == "reply" else None
    if status == 403 and code != _THREAD_ARCHIVED and attempt.attached:
        return replace(attempt, attached=())  # perhaps only files are not allowed here
    if status in (403, 404) or code == _THREAD_ARCHIVED:
        return Attempt("dm", fitting) if attempt.how != "dm" else None
    # Anything else is a request that Discord does not like: simpler ones may pass.
    if attempt.how == "reply":
        return replace(attempt, how="channel")
    return replace(attempt, attached=()) if attempt.attached else None


def left_to_link(links: Sequence[str], files: int, attached: Sequence[int]) -> tuple[str, ...]:
    """The results that are not attached; all of them where files and links do not answer to each other."""
    if files == len(links):
        return tuple(link for position, link in enumerate(links) if position not in attached)
    return tuple(links)


async def _find_marked(channel: discord.abc.Messageable, job_id: str) -> discord.Message | None:
    async for message in channel.history(limit=SEARCHED_MESSAGES):
        if any(job == job_id and action in CLOSING_ACTIONS for action, job in _marks(message)):
            return message
    return None


def _marks(message: discord.Message) -> list[tuple[Any, str]]:
    custom_ids = (
        getattr(child, "custom_id", None)
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
    )
    return [mark for custom_id in custom_ids if custom_id and (mark := marked_job(custom_id))]


def _name(closing: Closing, path: Path, position: int) -> str:
    number = f"-{position + 1}" if position else ""
    return f"video-{closing.job_id}{number}{path.suffix or '.mp4'}"


def _later(error: Exception) -> DeliveryLater:
    retry_after = error.retry_after if isinstance(error, discord.RateLimited) else None
    return DeliveryLater(f"{type(error).__name__}: {error}", retry_after)
