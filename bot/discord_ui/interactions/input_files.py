"""What members attach, looked at before anything is spent: a file is what its first bytes say, not its name."""

import asyncio
import logging

import aiohttp
from discord.http import Route
from yarl import URL

from bot.domain.attachments import Attachment, MediaKind
from bot.domain.capabilities import Capability
from bot.domain.fields import options_for
from bot.domain.media_type import HEAD_BYTES, holds
from bot.domain.problems import Problem, Rule
from bot.domain.request import GenerationRequest

log = logging.getLogger(__name__)

CDN_HOSTS = ("cdn.discordapp.com", "media.discordapp.net")
"""Where Discord keeps attachments. A file elsewhere is not fetched."""
LOOK_SECONDS = 5.0
"""Seconds for the look at one file."""
_GONE = (403, 404, 410)


class FileGone(Exception):
    """Discord does not have the file, or not any more."""


class InputFiles:
    """Looks at the first bytes of the files of a request."""

    def __init__(self, look_seconds: float = LOOK_SECONDS) -> None:
        self._timeout = aiohttp.ClientTimeout(total=look_seconds)

    async def problems_in(self, request: GenerationRequest, capability: Capability) -> tuple[Problem, ...]:
        """Return what is wrong with the attached files; empty if each is of the kind that its option takes.

        A file that cannot be looked at is a problem, too: nothing is spent on what nobody has seen.
        """
        files = [
            (spec.name, MediaKind(spec.kind), value)
            for spec in options_for(capability)
            if isinstance(value := request.values.get(spec.name), Attachment) and not value.on_card
        ]
        if not files:
            return ()
        async with aiohttp.ClientSession(timeout=self._timeout, headers={"Accept-Encoding": "identity"}) as session:
            found = await asyncio.gather(*(_problem(session, *file) for file in files))
        return tuple(problem for problem in found if problem is not None)


async def _problem(session: aiohttp.ClientSession, option: str, kind: MediaKind, file: Attachment) -> Problem | None:
    try:
        head = await first_bytes(session, file.url, HEAD_BYTES)
    except FileGone:
        return Problem(option, file, Rule.THERE)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # The error's own words may hold the signed address.
        log.warning("an attached file cannot be looked at: %s", type(error).__name__, extra={"action": "look_at_file"})
        return Problem(option, file, Rule.REACHABLE)
    return None if holds(head, kind) else Problem(option, file, Rule.CONTENTS, kind=kind)


async def first_bytes(session: aiohttp.ClientSession, address: str, count: int) -> bytes:
    """Return at most `count` bytes of a file of Discord's. Raises FileGone, ValueError and what aiohttp raises."""
    url = URL(address, encoded=True)
    # A sandbox keeps its files at the address of its API.
    if url.origin() != URL(Route.BASE).origin() and (url.scheme != "https" or url.host not in CDN_HOSTS):
        raise FileGone
    asked = {"Range": f"bytes=0-{count - 1}"}
    async with session.get(url, headers=asked, allow_redirects=False) as answer:
        if answer.status in _GONE:
            raise FileGone
        if answer.status == 416:
            return b""  # an empty file has no first byte
        if answer.status not in (200, 206):
            raise ValueError(f"the file's host answers {answer.status}")
        head = b""
        # The answer may be the whole file: no more of it is read than was asked for.
        while len(head) < count and (chunk := await answer.content.read(count - len(head))):
            head += chunk
        return head
