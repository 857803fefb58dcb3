"""The CDN: files under signed addresses, with byte ranges."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.discord.files import FileStore

FILE_HEADERS = {
    "Cache-Control": "private, max-age=86400",
    # Whatever a bot or a person uploads is served at the same address as the control routes. An SVG or HTML file that
    # is opened by itself must not run scripts there.
    "Content-Security-Policy": "sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every file."""


class CdnRoutes:
    """The routes that the addresses of `FileStore` lead to."""

    def __init__(self, files: FileStore) -> None:
        self._files = files

    def routes(self) -> Iterable[web.RouteDef]:
        """Yield the routes for the root of the sandbox's address."""
        for folder in ("attachments", "ephemeral-attachments"):
            yield web.get(f"/{folder}/{{folder_id}}/{{attachment_id:\\d+}}/{{filename}}", self.get)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file, or with 404 and a text, as Discord does for unknown and for expired addresses."""
        attachment = self._files.find(int(request.match_info["attachment_id"]))
        if attachment is None or not self._files.is_valid(attachment, dict(request.query)):
            return web.Response(status=404, text="This content is no longer available.")
        headers = {**FILE_HEADERS, "Content-Type": attachment.content_type}
        if request.query.get("download"):
            headers["Content-Disposition"] = f'attachment; filename="{attachment.filename}"'
        return web.FileResponse(attachment.path, headers=headers)
