"""What a failed call to Discord means. Whoever sends a message decides by this rule alone.

discord.py repeats a call that is rate limited for a short time or meets most server errors; what arrives here is what
it gave up on.
"""

from enum import StrEnum

import aiohttp
import discord

from bot.engine.approval import CardLater

CALL_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""Every error that discord.py's REST calls raise for an answer, or for the lack of one."""

RETRY_AFTER_SECONDS_MAX = 3600.0
"""Seconds. A longer hint is shortened to this: no message waits for a day because of one odd header."""

_LOGIN_LOST, _TIMED_OUT, _TOO_MANY_REQUESTS, _NOT_FOUND = 401, 408, 429, 404


class FailureKind(StrEnum):
    """What to do about a failed call."""

    TRANSIENT = "transient"
    """The same call may succeed later: Discord or the network is down, or the login was lost."""
    RATE_LIMITED = "rate limited"
    """The same call may succeed later, and `retry_after` may say when."""
    GONE = "gone"
    """The channel, message or member does not exist; asking again changes nothing."""
    REFUSED = "refused"
    """Discord understood and declines this call; only another call may succeed."""

    @property
    def passes(self) -> bool:
        """Whether the same call may succeed later."""
        return self in (FailureKind.TRANSIENT, FailureKind.RATE_LIMITED)


def failure_kind(error: Exception) -> FailureKind:
    """Classify one of `CALL_ERRORS`."""
    if isinstance(error, discord.RateLimited):
        return FailureKind.RATE_LIMITED
    if not isinstance(error, discord.HTTPException):
        return FailureKind.TRANSIENT  # no answer at all
    # discord.py raises a plain HTTPException for a 429 of the network in front of Discord.
    if error.status == _TOO_MANY_REQUESTS:
        return FailureKind.RATE_LIMITED
    if error.status in (_LOGIN_LOST, _TIMED_OUT) or error.status >= 500:
        return FailureKind.TRANSIENT
    return FailureKind.GONE if error.status == _NOT_FOUND else FailureKind.REFUSED


def raise_if_passing(error: Exception) -> None:
    """Raise CardLater for a failure that may pass; every other answer stays the same if asked again."""
    if failure_kind(error).passes:
        raise CardLater(f"{type(error).__name__}: {error}") from error


def retry_after(error: Exception) -> float | None:
    """Return the seconds that Discord asks to wait, at most RETRY_AFTER_SECONDS_MAX; None where it does not say."""
    if isinstance(error, discord.RateLimited):
        stated = error.retry_after
    elif isinstance(error, discord.HTTPException) and error.status == _TOO_MANY_REQUESTS:
        try:
            stated = float(error.response.headers.get("Retry-After", ""))
        except ValueError:
            return None
    else:
        return None
    return min(stated, RETRY_AFTER_SECONDS_MAX) if stated > 0 else None
