"""Discord's rate limits, when they are switched on: a bucket per route and major parameter, and the global one.

Discord publishes its buckets only in headers; the sizes here are those that bots commonly see.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.discord.errors import ApiError

GLOBAL_REQUESTS_PER_SECOND = 50
GLOBAL_EXEMPT = ("/interactions/", "/webhooks/")
"""Beginnings of paths that the global limit does not bind: those of interactions."""

DEFAULT_LIMIT = (10, 10.0)
LIMITS: dict[tuple[str, str], tuple[int, float]] = {
    ("POST", "channels/messages"): (5, 5.0),
    ("PATCH", "channels/messages/*"): (5, 5.0),
    ("DELETE", "channels/messages/*"): (5, 1.0),
    ("PUT", "channels/messages/*/reactions/*/@me"): (1, 0.25),
    ("DELETE", "channels/messages/*/reactions/*/@me"): (1, 0.25),
    ("POST", "webhooks/*"): (5, 2.0),
    ("PATCH", "webhooks/*/messages/*"): (5, 2.0),
}
"""Requests per seconds, by method and route without its major parameter."""


@dataclass(slots=True)
class _Bucket:
    """Fills up again all at once, `window_seconds` after the first request: clients count on the announced reset."""

    limit: int
    window_seconds: float
    resets_at: float = 0.0
    used: int = 0

    def take(self, now: float) -> float:
        """Return the seconds to wait; 0 if this request fits, which is then counted."""
        if now >= self.resets_at:
            self.resets_at, self.used = now + self.window_seconds, 0
        if self.used >= self.limit:
            return self.resets_at - now
        self.used += 1
        return 0.0


class RateLimits:
    """The buckets of one sandbox."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._global = _Bucket(GLOBAL_REQUESTS_PER_SECOND, 1.0)

    def check(self, method: str, path: str) -> Mapping[str, str]:
        """Count a request and return the headers for its answer. Raises `ApiError` 429 if it is one too many."""
        now = self._clock.now()
        if not path.startswith(GLOBAL_EXEMPT) and (wait := self._global.take(now)) > 0:
            raise limited(wait, scope="global", headers={"X-RateLimit-Global": "true"})
        route, major = _route(path)
        limit, window = LIMITS.get((method, route), DEFAULT_LIMIT)
        bucket = self._buckets.setdefault((method, route, major), _Bucket(limit, window))
        wait = bucket.take(now)
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit - bucket.used),
            "X-RateLimit-Reset": f"{bucket.resets_at:.3f}",
            "X-RateLimit-Reset-After": f"{bucket.resets_at - now:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(f"{method} {route}".encode()).hexdigest()[:32],
        }
        if wait > 0:
            raise limited(wait, scope="user", headers=headers)
        return headers


def limited(seconds: float, *, scope: str, headers: Mapping[str, str] | None = None, code: int = 0) -> ApiError:
    """Return 429 as Discord's edge sends it. Without `Via` clients take it for a ban and do not retry."""
    return ApiError(
        429,
        code,
        "You are being rate limited.",
        headers={
            **(headers or {}),
            "Retry-After": f"{seconds:.3f}",
            "X-RateLimit-Scope": scope,
            "Via": "1.1 sandbox",
        },
        extra={"retry_after": round(seconds, 3), "global": scope == "global"},
    )


def _route(path: str) -> tuple[str, str]:
    """Split a path: `/channels/1/messages/2` is the route `channels/messages/*` with the major parameter 1."""
    parts = path.strip("/").split("/")
    major = "/".join(parts[1:3]) if parts[0] in ("webhooks", "interactions") else "".join(parts[1:2])
    rest = ["*", *parts[3:]] if parts[0] in ("webhooks", "interactions") else parts[2:]
    shown = ["*" if part.isdecimal() or part == "@original" or not part.isascii() else part for part in rest]
    return "/".join([parts[0], *shown]), major
