"""The mapping of HTTP statuses, answers and library exceptions to the errors of `bot.studio.errors`."""

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import aiohttp

from bot.domain.json_value import JsonObject, JsonValue
from bot.studio.errors import (
    BadAnswer,
    BadRequest,
    Forbidden,
    Interrupted,
    NotFound,
    OutOfCredits,
    RateLimited,
    ServerError,
    StudioError,
    Unauthorized,
    Unreachable,
)
from bot.studio.reading.lenient import as_whole, first, text

MESSAGE_CHARACTERS_MAX = 300

# These are raised before the connection exists, so nothing can have reached the provider.
_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)


def failure_of(error: Exception) -> StudioError:
    """Return the StudioError for any exception that was raised during a request."""
    kind = type(error).__name__
    if isinstance(error, _BEFORE_SENDING):
        return Unreachable(f"The provider cannot be reached ({kind})")
    if isinstance(error, TimeoutError):
        return Interrupted("The provider did not answer in time")
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return Interrupted(f"The connection to the provider broke ({kind})")
    return BadAnswer(f"The provider's answer cannot be read ({kind})")


def refusal(status: int, headers: Mapping[str, str], body: JsonValue, now: float) -> StudioError:
    """Return the error for an answer whose HTTP status is not 2xx. `body` is None if it was not JSON."""
    said = message_in(body)
    if status == 401:
        return Unauthorized(said or "The provider does not accept the API key")
    if status == 402:
        return _out_of_credits(said, body)
    if status == 403:
        return Forbidden(said or "The provider does not open this endpoint to the API key")
    if status == 404:
        return NotFound(said or "The provider does not know this")
    if status == 408:
        return Interrupted(said or "The provider gave up waiting for the request")
    if status == 429:
        return RateLimited(said or "The provider's rate limit is reached", _retry_after(headers, body, now))
    if 400 <= status < 500:
        return BadRequest(said or f"The provider refused the request (HTTP {status})")
    if status >= 500:
        return ServerError(said or f"The provider failed (HTTP {status})", status)
    return BadAnswer(f"The provider answered with an unexpected HTTP status ({status})")


def refusal_in(body: JsonValue) -> StudioError | None:
    """Return the error of an answer with status 2xx that says `"success": false`; None if it says no such thing."""
    if not isinstance(body, dict) or body.get("success") not in (False, "false", "False", 0):
        return None
    said = message_in(body)
    if _credits(body, "required") is not None:
        return _out_of_credits(said, body)
    return BadRequest(said or "The provider refused the request")


def message_in(body: JsonValue) -> str | None:
    """Return the provider's own words, shortened; None if the answer has none."""
    match body:
        case dict():
            said = first(body, "error", "message", "detail", "error_message", "errors")
            return said if isinstance(said, str) else message_in(said)
        case [head, *_]:
            return message_in(head)
        case str() if words := text(body):
            return words[:MESSAGE_CHARACTERS_MAX]
    return None


def _out_of_credits(said: str | None, body: JsonValue) -> OutOfCredits:
    stated = body if isinstance(body, dict) else {}
    return OutOfCredits(
        said or "The provider account is out of credits", _credits(stated, "required"), _credits(stated, "available")
    )


def _credits(body: JsonObject, which: str) -> int | None:
    return as_whole(first(body, f"credits_{which}", f"{which}_credits"))


def _retry_after(headers: Mapping[str, str], body: JsonValue, now: float) -> float | None:
    """Return the seconds to wait: from the header (seconds or a date), a number in the body, or its words."""
    for hint in (headers.get("Retry-After"), _hint_in(body)):
        seconds = _seconds(hint, headers, now)
        if seconds is not None:
            return seconds
    # Django REST framework says: "Request was throttled. Expected available in 42 seconds."
    in_words = re.search(r"(\d+)\s*(second|minute|hour)", message_in(body) or "", re.IGNORECASE)
    if in_words is None:
        return None
    return float(in_words[1]) * {"second": 1, "minute": 60, "hour": 3600}[in_words[2].lower()]


def _hint_in(body: JsonValue) -> JsonValue:
    if not isinstance(body, dict):
        return None
    return first(body, "retry_after", "retry_after_seconds", "retry_in", "retry_in_seconds", "wait_seconds", "wait")


def _seconds(hint: JsonValue, headers: Mapping[str, str], now: float) -> float | None:
    if isinstance(hint, bool) or not isinstance(hint, (int, float, str)):
        return None
    try:
        seconds = float(hint)
    except ValueError:
        moment = _moment(str(hint))
        # The provider's clock may differ from ours, so its date counts from its own idea of now.
        seconds = math.nan if moment is None else moment - (_moment(headers.get("Date", "")) or now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _moment(http_date: str) -> float | None:
    try:
        return parsedate_to_datetime(http_date).timestamp()
    except ValueError:
        return None
