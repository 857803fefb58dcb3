"""The client of the Video Studio API."""

from collections.abc import Mapping
from time import time
from urllib.parse import quote

from bot.domain.clock import Clock
from bot.domain.json_value import JsonValue
from bot.domain.renders import RenderReport
from bot.studio.http import JsonHttp
from bot.studio.protocol import Accepted, History
from bot.studio.reading.history import read_history
from bot.studio.reading.render import read_accepted, read_status

GENERATE = "/api/v1/video-studio/generate/"
STATUS = "/api/v1/video-studio/status/{}/"
HISTORY = "/api/v1/video-studio/history/"
MODELS = "/api/v1/models/video/"


class StudioClient:
    """A `Provider` for one API key. It opens no connection before the first request."""

    def __init__(self, base_url: str, api_key: str, clock: Clock = time) -> None:
        """Use the API at `base_url`, an address without a path, with `api_key`."""
        self._http = JsonHttp(base_url, api_key, clock)

    def __repr__(self) -> str:
        """Show the address, never the key."""
        return f"StudioClient({self._http!r})"

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """See `Provider.generate`."""
        return read_accepted(await self._http.post(GENERATE, payload))

    async def status(self, remote_id: str) -> RenderReport:
        """See `Provider.status`."""
        return read_status(await self._http.get(STATUS.format(quote(remote_id, safe=""))), remote_id)

    async def history(self, limit: int) -> History:
        """See `Provider.history`. `limit` is not sent: the documentation names no parameter for it."""
        return read_history(await self._http.get(HISTORY))

    async def models(self) -> JsonValue:
        """See `Provider.models`."""
        return await self._http.get(MODELS)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()
