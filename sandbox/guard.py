"""What both sandboxes refuse: requests that another web site sends through the browser of whoever runs them."""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler


@web.middleware
async def same_site_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 403 with a sentence to whatever `refusal` names; for every route of a sandbox, WebSockets included."""
    if reason := refusal(request):
        return web.json_response({"error": reason}, status=403)
    return await handler(request)


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 403 to another machine, even where the sandbox listens on an address that other machines reach."""
    if not is_loopback(request.remote):
        return web.json_response({"error": "this answers on loopback only"}, status=403)
    return await handler(request)


def refusal(request: web.Request) -> str | None:
    """Return why a request may come from another web site; None if it does not.

    A browser names the page that sends a request in `Origin`. Programs send none. A page whose own name was made to
    point here (DNS rebinding) has the right origin, but its name stands in `Host`. So `Host` has to be a loopback
    address, `localhost`, or the very address that the request arrived at.
    """
    name = urlsplit(f"//{request.host}").hostname or ""
    if name != "localhost" and not is_loopback(name) and name != _own_address(request):
        return "the sandbox answers to a loopback host name only"
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return "another web site may not use the sandbox"
    return None


def is_loopback(address: str | None) -> bool:
    """Return whether `address` is an IP address of this machine alone."""
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _own_address(request: web.Request) -> str | None:
    """Return the IP address of this end of the connection."""
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return str(name[0]) if name else None
