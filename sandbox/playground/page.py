"""The page's files, at `/` and under `/playground/`."""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

FILES = Path(__file__).parent / "page"
CONTENT_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    # Edited files show at the next reload.
    "Cache-Control": "no-cache",
    # The page shows what a bot posts as text. This policy holds even if that goes wrong somewhere. Pictures and videos
    # may also come from the Video Studio's sandbox, which is on another loopback port.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob: http://127.0.0.1:* http://localhost:*; "
        "media-src 'self' blob: http://127.0.0.1:* http://localhost:*; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def page_routes() -> Sequence[web.RouteDef]:
    """Return the routes of the page's files, for the root of the sandbox's address."""
    files = {path.relative_to(FILES).as_posix(): path for path in FILES.rglob("*") if path.suffix in CONTENT_TYPES}
    return [
        web.get("/", _serving(FILES / "index.html")),
        web.get("/favicon.ico", _serving(FILES / "icon.svg")),
        *(web.get(f"/playground/{name}", _serving(path)) for name, path in files.items()),
    ]


def _serving(path: Path) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        # A system's own table of types may call JavaScript plain text.
        content_type = f"{CONTENT_TYPES[path.suffix]}; charset=utf-8"
        return web.FileResponse(path, headers={**HEADERS, "Content-Type": content_type})

    return serve
