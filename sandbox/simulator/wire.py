"""The network between a bot process and the provider.

A request travels, arrives whatever becomes of its sender, and its answer comes back, or not. Everything above the
sockets is the bot's own: `bot.studio` parses these answers as it parses real ones.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.client_reqrep import ConnectionKey

from bot.studio.client import StudioClient
from bot.studio.http import TIMEOUT, JsonHttp
from sandbox.simulator.clock import SimulatedClock
from sandbox.simulator.dials import Dials
from sandbox.simulator.provider import Reply, SimulatedProvider

UNREACHABLE_SHARE = 0.15
"""Share of the faults in which no connection is made."""
_SUBMIT = "submit:"
_KEY = ConnectionKey("provider.example", 443, True, True, None, None, None)


class Wire:
    """Carries requests and answers at simulated moments."""

    def __init__(self, clock: SimulatedClock, provider: SimulatedProvider, dials: Dials, chance: random.Random) -> None:
        self.calm = False
        self._clock = clock
        self._provider = provider
        self._seconds = dials.wire_seconds
        self._chance = chance

    async def exchange(self, method: str, path: str, body: Any) -> Reply:
        """Send a request and return its answer. Raises what aiohttp raises."""
        if self._strikes() and self._chance.random() < UNREACHABLE_SHARE:
            raise aiohttp.ClientConnectorError(_KEY, OSError("no route"))
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[Reply] = loop.create_future()
        task = asyncio.current_task()
        name = task.get_name() if task is not None else ""
        job_id = name.removeprefix(_SUBMIT) if method == "POST" and name.startswith(_SUBMIT) else None

        def hear(reply: Reply) -> None:
            if not heard.done():
                heard.set_result(reply)

        def arrive() -> None:
            # The provider handles it even if its sender has died meanwhile.
            reply = self._provider.handle(method, path, body, job_id)
            if not reply.lost or self._chance.random() < 0.5:
                self._clock.at(self._clock.now + self._travel(), lambda: hear(reply))

        self._clock.at(self._clock.now + self._travel(), arrive)
        async with asyncio.timeout(TIMEOUT.total):
            reply = await heard
        if reply.lost:
            raise aiohttp.ServerDisconnectedError
        return reply

    def _travel(self) -> float:
        return 0.0 if self.calm else self._chance.uniform(0, self._seconds)

    def _strikes(self) -> bool:
        return self._chance.random() < self._provider.rough


def simulated_client(wire: Wire, clock: Any) -> StudioClient:
    """Return the bot's own client over the simulated network. `clock` is the process's clock."""
    client = StudioClient("https://provider.example", "key", clock)
    client._http = _SimulatedHttp(wire, clock)
    return client


class _SimulatedHttp(JsonHttp):
    """The bot's own requests; only the session below them is simulated."""

    def __init__(self, wire: Wire, clock: Any) -> None:
        super().__init__("https://provider.example", "key", clock)
        self._wire = wire

    def _open(self) -> Any:
        return self

    def request(self, method: str, url: str, *, json: Any = None, **_: Any) -> "_Exchange":
        """Stand where aiohttp's session stands."""
        return _Exchange(self._wire, method, urlsplit(url).path, json)


class _Exchange:
    """An answer as aiohttp's context manager gives it, with the parts that the bot reads."""

    def __init__(self, wire: Wire, method: str, path: str, body: Any) -> None:
        self._wire, self._method, self._path, self._body = wire, method, path, body
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self._data = b""

    async def __aenter__(self) -> "_Exchange":
        reply = await self._wire.exchange(self._method, self._path, self._body)
        self.status, self.headers, self._data = reply.status, reply.headers, reply.data()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @property
    def content(self) -> "_Exchange":
        """The body's stream."""
        return self

    async def iter_chunked(self, size: int) -> AsyncIterator[bytes]:
        """Yield the body in one piece."""
        yield self._data
