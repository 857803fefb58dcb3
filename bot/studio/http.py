"""JSON requests to the provider, with limits on time and size. Every failure becomes a `StudioError`."""

from collections.abc import Mapping

import aiohttp
from pydantic import SecretStr
from pydantic_core import from_json

from bot.domain.clock import Clock
from bot.domain.json_value import JsonValue
from bot.studio.errors import BadAnswer, StudioError, Unreachable
from bot.studio.failures import failure_of, refusal, refusal_in

ANSWER_BYTES_MAX = 4 * 1024 * 1024
"""Largest answer that is read, in bytes after decompression. A larger one is refused, to protect the memory."""
TIMEOUT = aiohttp.ClientTimeout(connect=10, sock_connect=10, sock_read=30, total=60)
"""Time limits in seconds. `connect` is below `total`, so that a timeout while connecting is recognised as one."""


class JsonHttp:
    """Requests with one API key. The session is opened at the first request and closed by `close`."""

    def __init__(self, base_url: str, api_key: str, clock: Clock) -> None:
        """Use `base_url`, an address without a path, with `api_key`."""
        self._base_url = base_url.rstrip("/")
        self._api_key = SecretStr(api_key.strip())
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        """Show the address, never the key."""
        return f"JsonHttp({self._base_url!r}, {self._api_key!r})"

    async def get(self, path: str, query: Mapping[str, str | int] | None = None) -> JsonValue:
        """Return the answer's JSON. Raises StudioError."""
        return await self._request("GET", path, query=query)

    async def post(self, path: str, body: Mapping[str, JsonValue]) -> JsonValue:
        """Return the answer's JSON. Raises StudioError; its `sent` tells whether the provider may have acted."""
        return await self._request("POST", path, body=body)

    async def close(self) -> None:
        """Close all connections; later requests raise Unreachable."""
        if self._session is not None:
            await self._session.close()

    async def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, JsonValue] | None = None,
    ) -> JsonValue:
        session = self._open()
        try:
            async with session.request(
                method,
                self._base_url + path,
                params=query,
                json=body,
                headers={"Authorization": f"Bearer {self._api_key.get_secret_value()}", "Accept": "application/json"},
                # A redirect would carry the key to another address, and would turn a POST into a GET.
                allow_redirects=False,
            ) as response:
                answer = await self._read(response)
        except StudioError:
            raise
        except Exception as error:
            # No other error may leave this package, whatever it is.
            raise failure_of(error) from error
        failure = refusal_in(answer)
        if failure is not None:
            raise failure
        return answer

    async def _read(self, response: aiohttp.ClientResponse) -> JsonValue:
        # The status alone makes a refusal: its body need not be readable.
        refused = not 200 <= response.status < 300
        try:
            answer = _json(await _body(response))
        except Exception:
            if not refused:
                raise
            answer = None
        if refused:
            raise refusal(response.status, response.headers, answer, self._clock())
        return answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        if self._session.closed:
            raise Unreachable("The connection to the provider was closed by this process")
        return self._session


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Return the whole body, decompressed. Raises BadAnswer if it is larger than ANSWER_BYTES_MAX."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise BadAnswer("The provider's answer is too large")
    return bytes(body)


def _json(body: bytes) -> JsonValue:
    """Parse strict JSON of any depth. Raises ValueError for anything else."""
    answer: JsonValue = from_json(body, allow_inf_nan=False)
    return answer
