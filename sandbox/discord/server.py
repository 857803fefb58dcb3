"""The local Discord: builds all of its parts and serves them on one loopback address."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from sandbox import playground
from sandbox.clock import Clock
from sandbox.discord.cdn import CdnRoutes
from sandbox.discord.command_store import CommandStore
from sandbox.discord.control import CONTROL_PREFIX, build_control
from sandbox.discord.core import Core
from sandbox.discord.default_world import default_world
from sandbox.discord.files import FileStore
from sandbox.discord.gateway import Gateway
from sandbox.discord.ids import SnowflakeFactory
from sandbox.discord.interactions import Interactions
from sandbox.discord.levers import Levers
from sandbox.discord.messages import Messages
from sandbox.discord.people import Persona
from sandbox.discord.record import Record
from sandbox.discord.rest.app import API_PREFIX, build_rest
from sandbox.discord.spec import Specification
from sandbox.discord.switches import Switches
from sandbox.discord.world import World

T = TypeVar("T")

DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - opens nothing but this sandbox
SHUTDOWN_SECONDS_MAX = 1.0


class DiscordSandbox:
    """Serves from `async with` to its end. Port 0 takes a free one. `studio_url` is for the playground's levers.

    Point discord.py at it before it starts: `discord.http.Route.BASE = sandbox.api_base` and
    `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)`.
    """

    core: Core
    clock: Clock
    levers: Levers
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
        specification_path: Path | None = None,
        studio_url: str | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self.token = token
        self.world = world or default_world()
        self.clock = Clock()
        self._heartbeat_interval_seconds = heartbeat_interval_seconds
        self._max_concurrency = max_concurrency
        self._switches = Switches(privileged_intents=privileged_intents)
        self._specification = Specification(specification_path)
        self._studio_url = studio_url
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="discord-sandbox-")))
            application = web.Application(client_max_size=1 << 30)
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS_MAX)
            # Bound before anything is built, since addresses of files and of the gateway contain the port.
            listener = stack.enter_context(_listening_socket(self._host, self._port))
            self._port = listener.getsockname()[1]
            self.core = self._build_core(directory)
            self.record = self.core.record
            self.levers = Levers(self.core)
            stack.push_async_callback(self.core.interactions.close)
            application.add_routes([web.get("/gateway", self.core.gateway.handle), *CdnRoutes(self.core).routes()])
            application.add_subapp(API_PREFIX, build_rest(self.core))
            application.add_routes(playground.page_routes())
            control = build_control(self.core, self.levers, self.persona)
            control.add_routes(playground.control_routes(self.core.changes, self._studio_url))
            application.add_subapp(CONTROL_PREFIX, control)
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
        await self._stack.aclose()

    @property
    def url(self) -> str:
        return f"http://{self._address}"

    @property
    def api_base(self) -> str:
        return self.url + API_PREFIX

    @property
    def gateway_url(self) -> str:
        return f"ws://{self._address}/gateway"

    @property
    def _address(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self._port}"

    def persona(self, name: str) -> Persona:
        """One of the world's people, by user name."""
        if name not in self.world.personas:
            raise LookupError(f"there is no {name!r}, only {', '.join(self.world.personas)}")
        return Persona(self.core, self.world.personas[name])

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 5.0) -> T:
        """The predicate's first truthy answer; asked again after every change, never on a timer."""
        return await self.core.changes.wait_for(predicate, timeout)

    def _build_core(self, directory: Path) -> Core:
        ids = SnowflakeFactory(self.clock)
        core = Core(
            token=self.token,
            base_url=self.url,
            gateway_url=self.gateway_url,
            world=self.world,
            clock=self.clock,
            ids=ids,
            files=FileStore(directory, self.url, self.clock, ids),
            specification=self._specification,
            switches=self._switches,
        )
        core.gateway = Gateway(
            core,
            heartbeat_interval_seconds=self._heartbeat_interval_seconds,
            max_concurrency=self._max_concurrency,
        )
        core.commands = CommandStore(core)
        core.interactions = Interactions(core)
        core.messages = Messages(core)
        return core


def _listening_socket(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
