"""The local Video Studio over HTTP, as one object that is started and closed."""

import asyncio
import shutil
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.guard import same_site_only
from sandbox.studio import control, http_api, http_legacy, http_media, middleware
from sandbox.studio.core import StudioCore

SHUTDOWN_SECONDS = 1.0
"""Seconds that close() waits for requests under way."""


class StudioSandbox(StudioCore):
    """UlazAI's Video Studio API on loopback; use as `async with StudioSandbox() as studio`.

    StudioCore names the settings and what can be changed while it runs.
    """

    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; port 0 takes a free one, which `base_url` then shows. Raises OSError where that cannot be."""
        self._directory.mkdir(mode=0o700)
        app = web.Application(middlewares=[same_site_only, middleware.observed(self)])
        for routes in (http_api.routes, http_legacy.routes, http_media.routes, control.routes):
            app.add_routes(routes(self))
        if self.production.render:
            self._renderer.start()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        try:
            await self._runner.setup()
            await web.TCPSite(self._runner, self.host, self._port).start()
        except OSError:
            await self.close()
            raise
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """End jobs and requests under way, and remove every file that was made."""
        await self._jobs.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        await self._renderer.close()
        await asyncio.to_thread(shutil.rmtree, self._directory, ignore_errors=True)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()
