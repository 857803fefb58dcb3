"""The client of the Video Studio API."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from time import time
from urllib.parse import quote

import aiohttp

from bot.domain.clock import Clock
from bot.domain.json_value import JsonValue
from bot.domain.renders import RenderReport
from bot.studio.errors import BadRequest
from bot.studio.http import TIMEOUT, Answer, JsonHttp, RawAnswer
from bot.studio.protocol import Accepted, History
from bot.studio.reading.accepted import read_accepted
from bot.studio.reading.history import next_page, read_history
from bot.studio.reading.render import read_status

log = logging.getLogger(__name__)

GENERATE = "/api/v1/video-studio/generate/"
STATUS = "/api/v1/video-studio/status/{}/"
HISTORY = "/api/v1/video-studio/history/"
MODELS = "/api/v1/models/video/"
HISTORY_PAGES_MAX = 5
"""Most pages of one history that are asked for."""


def status_path(remote_id: str) -> str:
    """Return the path of a render's status."""
    return STATUS.format(quote(remote_id, safe=""))


class StudioClient:
    """A `Provider` for one API key. It opens no connection before the first request."""

    def __init__(
        self, base_url: str, api_key: str, clock: Clock = time, timeout: aiohttp.ClientTimeout = TIMEOUT
    ) -> None:
        """Use the API at `base_url`, an address without a path, with `api_key`."""
        self._http = JsonHttp(base_url, api_key, clock, timeout)
        self._sends_limit = True

    def __repr__(self) -> str:
        """Show the address, never the key."""
        return f"StudioClient({self._http!r})"

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """See `Provider.generate`."""
        answer = await self._http.post(GENERATE, payload)
        return read_accepted(answer.body, answer.refusal)

    async def status(self, remote_id: str) -> RenderReport:
        """See `Provider.status`."""
        answer = await self._http.get(status_path(remote_id))
        return read_status(answer.body, remote_id, self._http.base_url, answer.refusal)

    async def history(self, limit: int) -> History:
        """See `Provider.history`.

        The documentation names `limit` for the legacy history only. If this history refuses it, it is not sent again.
        Further pages are asked for until `limit` renders are read, as far as an answer links to them.
        """
        answer = await self._get_history(limit)
        history = await self._read_history(answer)
        for _ in range(HISTORY_PAGES_MAX - 1):
            link = next_page(answer.body, self._http.base_url, HISTORY)
            if link is None or len(history.reports) >= limit:
                break
            answer = await self._http.get(link)
            history = history.followed_by(await self._read_history(answer))
        return history

    async def models(self) -> JsonValue:
        """See `Provider.models`."""
        return (await self._http.get(MODELS)).json()

    async def get_raw(self, path: str) -> RawAnswer:
        """Return the answer as it came. Raises StudioError."""
        return await self._http.get_raw(path)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()

    async def _read_history(self, answer: Answer) -> History:
        # A history can be long: reading it must not hold up the event loop.
        history = await asyncio.to_thread(read_history, answer.json(), self._http.base_url)
        return replace(history, said_at=answer.said_at)

    async def _get_history(self, limit: int) -> Answer:
        if self._sends_limit:
            answer = await self._http.get(HISTORY, {"limit": limit})
            if not isinstance(answer.refusal, BadRequest):
                return answer
            self._sends_limit = False
            log.info("the provider's history takes no limit", extra={"action": "provider_request"})
        return await self._http.get(HISTORY)
