"""Fresh addresses for files that were attached: their signatures end after a day."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.discord.core import Core
from sandbox.discord.errors import invalid_form
from sandbox.discord.model import Json
from sandbox.discord.rest.common import answer, fields, object_body

ADDRESSES_MAX = 50
_PATH = re.compile(r"/(?:ephemeral-)?attachments/[^/]+/(\d+)/[^/]+")


class AttachmentRoutes:
    """The route that Discord's specification leaves out and that its clients and bots use."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes below the prefix of the REST API."""
        yield web.post("/attachments/refresh-urls", self.refresh)

    async def refresh(self, request: web.Request) -> web.Response:
        """Answer POST with a fresh address for each known file, and null for the others."""
        stated = fields(await object_body(request, self._core)).get("attachment_urls")
        if not isinstance(stated, list) or not 0 < len(stated) <= ADDRESSES_MAX:
            raise invalid_form(("attachment_urls",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ADDRESSES_MAX}.")
        return answer({"refreshed_urls": [self._pair(str(address)) for address in stated]})

    def _pair(self, address: str) -> Json:
        path = _PATH.fullmatch(urlsplit(address).path)
        attachment = None if path is None else self._core.files.find(int(path[1]))
        return {"original": address, "refreshed": attachment and self._core.files.signed_url(attachment)}
