"""The local Discord: builds all of its parts and serves them on one address."""

import socket
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from sandbox.clock import Clock
from sandbox.discord.cdn import CdnRoutes
from sandbox.discord.control import CONTROL_PREFIX, build_control
from sandbox.discord.controls import Controls
from sandbox.discord.core import Core
from sandbox.discord.default_world import default_world
from sandbox.discord.files import FileStore
from sandbox.discord.ids import SnowflakeFactory
from sandbox.discord.people import Persona
from sandbox.discord.record import Record
from sandbox.discord.rest.app import API_PREFIX, build_rest
from sandbox.discord.spec import Specification
from sandbox.discord.world import World
from sandbox.guard import same_site_only

T = TypeVar("T")

DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - opens nothing but this sandbox
SHUTDOWN_SECONDS_MAX = 1.0
"""Seconds that the end of a sandbox waits for requests under way."""


class DiscordSandbox:
    """Serves from the beginning of `async with` to its end.

    Point discord.py at it before it starts: `discord.http.Route.BASE = sandbox.api_base` and
    `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)`.

    - `port`: 0 takes a free one.
    - `token`: the only bot token that the sandbox accepts.
    - `world`: what exists at the start; by default the one of `default_world.py`.
    - `heartbeat_interval_seconds`: what HELLO tells the bot.
    - `max_concurrency`: how many shards may identify in five seconds.
    - `privileged_intents`: the privileged gateway intents that are granted, as bits.
    - `extra_routes`: what else is served on the same address, such as the playground.
    """

    core: Core
    clock: Clock
    controls: Controls
    record: Record
    world: World

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        token: str = DEFAULT_TOKEN,
        world: World | None = None,
        heartbeat_interval_seconds: float = 41.25,
        max_concurrency: int = 1,
        privileged_intents: int = 0,
        extra_routes: Iterable[web.RouteDef] = (),
    ) -> None:
        self._host = host
        self._port = port
        self.token = token
        self.world = world or default_world()
        self.clock = Clock()
        self._heartbeat_interval_seconds = heartbeat_interval_seconds
        self._max_concurrency = max_concurrency
        self._privileged_intents = privileged_intents
        self._specification = Specification()
        self._extra_routes = extra_routes
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Build everything and listen. Raises OSError if the port is taken."""
        async with AsyncExitStack() as stack:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="discord-sandbox-")))
            application = web.Application(middlewares=[same_site_only], client_max_size=1 << 30)
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS_MAX)
            # Bound before anything is built, since addresses of files and of the gateway contain the port.
            listener = stack.enter_context(_listening_socket(self._host, self._port))
            self._port = listener.getsockname()[1]
            self.core = self._build_core(directory)
            self.record = self.core.record
            self.controls = Controls(self.core)
            stack.push_async_callback(self.core.interactions.close)
            application.add_routes(
                [web.get("/gateway", self.core.gateway.handle), *CdnRoutes(self.core.files).routes()]
            )
            application.add_routes(self._extra_routes)
            application.add_subapp(API_PREFIX, build_rest(self.core))
            application.add_subapp(CONTROL_PREFIX, build_control(self.core, self.controls, self.persona))
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            stack.push_async_callback(self.core.gateway.close)
            stack.callback(self.core.changes.close)
            await web.SockSite(runner, listener).start()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections and delete all files."""
        await self._stack.aclose()

    @property
    def url(self) -> str:
        """The sandbox's address, without a trailing slash."""
        return f"http://{self._address}"

    @property
    def api_base(self) -> str:
        """The address of the REST API, without a trailing slash."""
        return self.url + API_PREFIX

    @property
    def gateway_url(self) -> str:
        """The address of the gateway's WebSocket."""
        return f"ws://{self._address}/gateway"

    @property
    def _address(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self._port}"

    def persona(self, name: str) -> Persona:
        """Return one of the world's people by user name. Raises LookupError for an unknown name."""
        if name not in self.world.personas:
            raise LookupError(f"there is no {name!r}, only {', '.join(self.world.personas)}")
        return Persona(self.core, self.world.personas[name])

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 5.0) -> T:
        """Return the predicate's first truthy answer; it is asked again after every change, never on a timer.

        Raises TimeoutError after `timeout` seconds.
        """
        return await self.core.changes.wait_for(predicate, timeout)

    def _build_core(self, directory: Path) -> Core:
        ids = SnowflakeFactory(self.clock)
        return Core(
            token=self.token,
            base_url=self.url,
            gateway_url=self.gateway_url,
            world=self.world,
            clock=self.clock,
            ids=ids,
            files=FileStore(directory, self.url, self.clock, ids),
            specification=self._specification,
            privileged_intents=self._privileged_intents,
            heartbeat_interval_seconds=self._heartbeat_interval_seconds,
            max_concurrency=self._max_concurrency,
        )


def _listening_socket(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
