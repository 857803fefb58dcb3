"""The playground: the sandbox in a browser, at `/`. It needs nothing from outside.

The local Discord knows nothing of it: `DiscordSandbox(extra_routes=playground_routes(studio.base_url))`.
"""

from collections.abc import Sequence

from aiohttp import web

from sandbox.playground.page import page_routes
from sandbox.playground.studio import studio_route

__all__ = ["playground_routes"]


def playground_routes(studio_url: str | None = None) -> Sequence[web.RouteDef]:
    """Return the page's routes, for the root of a local Discord's address.

    `studio_url` is where the Video Studio's sandbox answers. Without it the page says that there is none.
    """
    return [*page_routes(), studio_route(studio_url)]
