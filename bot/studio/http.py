"""JSON requests to the provider, with limits on time and size. Every failure becomes a `StudioError`."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from pydantic import SecretStr
from pydantic_core import from_json

from bot.domain.clock import Clock
from bot.domain.json_value import JsonValue
from bot.studio.errors import BadAnswer, StudioError, Unreachable
from bot.studio.failures import failure_of, refusal_in
from bot.studio.reading.moments import read_moment
from bot.studio.retry_after import GET_SECONDS_MAX, POST_SECONDS_MAX

log = logging.getLogger(__name__)

ANSWER_BYTES_MAX = 16 * 1024 * 1024
"""Largest answer that is read, in bytes after decompression. A larger one is refused, to protect the memory.

A history of 10,000 renders has about 8 MB, and it is needed to look up lost answers.
"""
TIMEOUT = aiohttp.ClientTimeout(connect=10, sock_connect=10, sock_read=30, total=60)
"""Time limits in seconds. `connect` is below `total`, so that a timeout while connecting is recognised as one."""
DIGITS_MAX = 300
"""Most digits of a number; a longer one is read as null."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came. `content` is decompressed."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the provider. `refusal` is the error that it means; None if it is a success.

    The body of a refusal may say more than the refusal: for example, it may name renders that were started.
    """

    body: JsonValue
    refusal: StudioError | None
    said_at: float | None = None
    """The `Date` of the answer, in seconds since the epoch by the clock of whoever gave it. None if it has none."""

    def json(self) -> JsonValue:
        """Return the body. Raises the refusal if there is one."""
        if self.refusal is not None:
            raise self.refusal
        return self.body


class JsonHttp:
    """Requests with one API key. The session is opened at the first request and closed by `close`."""

    def __init__(self, base_url: str, api_key: str, clock: Clock, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        """Use `base_url`, an address without a path, with `api_key`."""
        self.base_url = base_url.rstrip("/")
        self._api_key = SecretStr(api_key.strip())
        self._clock = clock
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        """Show the address, never the key."""
        return f"JsonHttp({self.base_url!r}, {self._api_key!r})"

    async def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """Return the answer, also if it is a refusal. Raises StudioError if there is no answer that can be read."""
        return self._understood(await self._exchange("GET", path, query=query), GET_SECONDS_MAX)

    async def post(self, path: str, body: Mapping[str, JsonValue]) -> Answer:
        """Return the answer, also if it is a refusal. Raises StudioError if there is no answer that can be read.

        `StudioError.sent` tells whether the provider may have acted.
        """
        return self._understood(await self._exchange("POST", path, body=body), POST_SECONDS_MAX)

    async def get_raw(self, path: str) -> RawAnswer:
        """Return the answer as it came, for reports about answers that are not understood. Raises StudioError."""
        return await self._exchange("GET", path)

    async def close(self) -> None:
        """Close all connections; later requests raise Unreachable."""
        if self._session is not None:
            await self._session.close()

    async def _exchange(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, JsonValue] | None = None,
    ) -> RawAnswer:
        session = self._open()
        try:
            async with session.request(
                method,
                self.base_url + path,
                params=query,
                json=body,
                headers={"Authorization": f"Bearer {self._api_key.get_secret_value()}", "Accept": "application/json"},
                # A redirect would carry the key to another address, and would turn a POST into a GET.
                allow_redirects=False,
            ) as response:
                answer = RawAnswer(response.status, response.headers, await _content(response))
        except StudioError:
            raise
        except Exception as error:
            # No other error may leave this package, whatever it is.
            raise failure_of(error) from error
        log.debug("%s %s: HTTP %d", method, path, answer.status, extra={"action": "provider_request"})
        return answer

    def _understood(self, raw: RawAnswer, longest_wait: float) -> Answer:
        try:
            body = parse_json(raw.content)
        except (ValueError, RecursionError) as error:
            # The status alone makes a refusal: its body need not be readable.
            if 200 <= raw.status < 300:
                raise failure_of(error) from error
            body = None
        refusal = refusal_in(raw.status, raw.headers, body, longest_wait, self._clock())
        return Answer(body, refusal, read_moment(raw.headers.get("Date", "")))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        if self._session.closed:
            raise Unreachable("The connection to the provider was closed by this process")
        return self._session


async def _content(response: aiohttp.ClientResponse) -> bytes:
    """Return the whole body, decompressed; empty if that of a refusal cannot be read.

    Raises BadAnswer if it is larger than ANSWER_BYTES_MAX, and the errors of the HTTP library.
    """
    content = bytearray()
    try:
        async for chunk in response.content.iter_chunked(64 * 1024):
            content += chunk
            if len(content) > ANSWER_BYTES_MAX:
                raise BadAnswer("The provider's answer is too large")
    except Exception:
        if 200 <= response.status < 300:
            raise
        return b""
    return bytes(content)


def parse_json(body: bytes) -> JsonValue:
    """Parse JSON of any depth. Raises ValueError for anything else.

    One odd value must not cost the whole answer: what strict JSON does not allow, such as NaN, half a surrogate pair or
    a byte that is not UTF-8, is read as null or as a replacement character.
    """
    try:
        answer: JsonValue = from_json(body, allow_inf_nan=False)
    except ValueError:
        answer = json.loads(
            body.decode("utf-8", "replace"),
            strict=False,
            parse_constant=lambda _: None,
            parse_int=lambda digits: int(digits) if len(digits) <= DIGITS_MAX else None,
            parse_float=_finite,
        )
    return answer


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None
