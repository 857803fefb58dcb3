"""The mapping of answers and library exceptions to the errors of `bot.studio.errors`.

The documentation prints the bodies of refusals without an HTTP status. The words and numbers of a body therefore count
first, and the status decides only if they say nothing.
"""

import re
from collections.abc import Mapping, Sequence

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
from bot.studio.reading.lenient import as_bool, as_whole, first, first_read, fold, objects, text
from bot.studio.retry_after import read_wait

# These are raised before the connection exists, so nothing can have reached the provider.
_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)
LOST = (408, 409, 425, 499)
"""HTTP statuses after which a render may have been started: its answer is lost, not refused."""
NOT_THERE = (404, 405, 410)
"""HTTP statuses that, without a JSON body, come from a gateway that does not know the API."""
CLEAR = (401, 402, 409, 429)
"""HTTP statuses that are clearer than words about the content of a prompt."""
WORDS_COUNT = (400, 401, 402, 403, 406, 409, 422, 429)
"""HTTP statuses whose body can say more than the status. So can every 2xx."""

PLAIN_WORDS: Mapping[type[StudioError], str] = {
    BadRequest: "The provider refused the request",
    Unauthorized: "The provider does not accept the API key",
    OutOfCredits: "The provider account is out of credits",
    Forbidden: "The provider does not open this endpoint to the API key",
    NotFound: "The provider does not know this",
    RateLimited: "The provider's rate limit is reached",
    Interrupted: "The provider did not say what it did",
    Unreachable: "The provider's API is not at this address; check STUDIO_BASE_URL",
    BadAnswer: "The provider's answer is unexpected",
}
"""The message of each error if the answer has no words of its own."""

_NO_CREDITS = re.compile(
    r"insufficient[_ -](?:\w+[_ -])?(?:credits?|funds|balance)|(?:not|n't have) enough (?:\w+ )?credits|out of credits"
    r"|\bno (?:\w+ )?credits\b|credits? (?:balance )?(?:is |are )?(?:too low|exhausted|used up)|payment[_ ]required"
    r"|top[_ -]up (?:\w+ )?(?:account|balance|credits)|not_enough_credits|credit_limit_(?:reached|exceeded)"
)
_KEY = r"(?:api[_ -]?key|(?:api|access|auth\w*|bearer)[_ ]token|credentials|authorization header)"
_BAD = r"(?:invalid|missing|incorrect|wrong|unknown|revoked|expired|inactive|disabled|no|bad|unrecogni[sz]ed)"
_BAD_KEY = re.compile(
    rf"\b{_BAD}(?: or {_BAD})?[_ ](?:\w+ )?{_KEY}"
    rf"|{_KEY}s? (?:is |was |were |has been |have been )?(?:not |{_BAD}|required)"
    r"|authentication (?:failed|required|error)|\bnot[_ ]authenticated|\bunauthori[sz]ed\b|\bunauthenticated\b"
    r"|^invalid token\b|authentication_failed"
)
_LIMITED = re.compile(
    r"rate[_ -]?limit|too[_ ]many[_ ](?:requests|attempts|generations|jobs|videos)|throttled"
    r"|\b\d+ \w+ (?:per|an?|every) (?:second|minute|hour|day)|(?:hourly|daily) (?:limit|quota)"
)
_CONTENT = re.compile(
    r"\bprompt|content[_ ](?:policy|moderation|filter)|moderation[_ ](?:policy|filter|failed)|nsfw|safety|inappropriate"
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_REQUIRED = (
    re.compile(r"(\d+) (?:credits )?(?:are |is )?(?:required|needed)"),
    re.compile(r"(?:require[sd]?|needed|needs?|costs?)\D{0,20}(\d+)"),
)
_AVAILABLE = (
    re.compile(r"(\d+) (?:credits )?(?:are |is )?(?:available|left|remaining)"),
    re.compile(r"(?:available|have|has|balance|remaining|left)\D{0,20}(\d+)"),
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


def refusal_in(
    status: int, headers: Mapping[str, str], body: JsonValue, longest_wait: float, now: float
) -> StudioError | None:
    """Return the error that an answer means; None if it is no refusal.

    `body` is None if it is not JSON. `longest_wait` bounds `RateLimited.retry_after`, in seconds; `now` is in seconds
    since the epoch.
    """
    said = message_in(body)
    if 200 <= status < 300 and (stated := _stated_status(body)) is not None:
        status = stated
    if status >= 500:
        return ServerError(said or f"The provider failed (HTTP {status})", status)
    kind = _kind_of_refusal(status, body, said)
    if kind is OutOfCredits:
        required, available = _credits(body, said)
        return OutOfCredits(said or PLAIN_WORDS[kind], required, available)
    if kind is RateLimited:
        wait = read_wait(headers, body, said, longest_wait, now)
        return RateLimited(said or PLAIN_WORDS[kind], *((wait.seconds, wait.asked_for) if wait else ()))
    if kind is Unreachable or kind is BadAnswer:
        # What a gateway or a redirect says is no message of the provider.
        return kind(f"{PLAIN_WORDS[kind]} (HTTP {status})")
    return None if kind is None else kind(said or f"{PLAIN_WORDS[kind]} (HTTP {status})")


def message_in(body: JsonValue) -> str | None:
    """Return the provider's own words, in one line and shortened; None if the answer has none."""
    match body:
        case dict():
            said = first(body, "error", "message", "detail", "error_message", "errors", "msg", "reason", "title")
            return _field_errors(body) if said is None else message_in(said)
        case [head, *_]:
            return message_in(head)
        case str():
            return text(body)
    return None


def _field_errors(body: JsonObject) -> str | None:
    """Return the first complaint about a field: Django REST framework says `{"duration": ["Not allowed."]}`."""
    for field, complaint in body.items():
        if isinstance(complaint, list) and complaint and isinstance(complaint[0], str):
            return text(f"{field}: {complaint[0]}")
    return None


def _says_no(body: JsonValue) -> bool:
    """Tell whether an answer with a 2xx status refuses: it says so, or it has an error and nothing of a success."""
    if not isinstance(body, dict):
        return False
    success = first_read(body, as_bool, "success", "ok")
    if success is None:
        fails = isinstance(first(body, "error"), (str, dict)) or text(first(body, "status")) in ("error", "fail")
        return fails and _meaning(body, message_in(body)) is not None
    return not success


def _stated_status(body: JsonValue) -> int | None:
    """Return the HTTP status of an error that an answer with a 2xx status states in its body."""
    if not isinstance(body, dict) or first_read(body, as_bool, "success", "ok"):
        return None
    stated = first_read(body, as_whole, "code", "status_code", "error_code")
    return stated if stated is not None and 400 <= stated < 600 else None


def _meaning(body: JsonValue, said: str | None) -> type[StudioError] | None:
    """Return the kind of error that the body's words, codes and numbers can only mean; None if they do not say."""
    codes = [text(first(stated, "code", "error_code", "type", "error_type")) for stated in objects(body)]
    # Words in quotes may be the member's own, and must not make an error of the account.
    words = " . ".join(filter(None, [_QUOTED.sub(" ", said or "").lower(), *(code and fold(code) for code in codes)]))
    required, available = _stated_credits(body)
    if _NO_CREDITS.search(words) or (required is not None and available is not None and required > available):
        return OutOfCredits
    if _CONTENT.search(words):
        return BadRequest
    if _BAD_KEY.search(words):
        return Unauthorized
    return RateLimited if _LIMITED.search(words) else None


def _kind_of_refusal(status: int, body: JsonValue, said: str | None) -> type[StudioError] | None:
    """Return the kind of error that an answer below 500 means; None if it is a success."""
    succeeded = 200 <= status < 300
    if succeeded and not _says_no(body):
        return None
    if not succeeded and status < 400:
        return BadAnswer
    meant = _meaning(body, said) if succeeded or status in WORDS_COUNT else None
    if meant is None or (meant is BadRequest and status in CLEAR):
        meant = BadRequest if succeeded else _meaning_of_status(status, body)
    return meant


def _meaning_of_status(status: int, body: JsonValue) -> type[StudioError]:
    if status in LOST:
        return Interrupted
    if status in NOT_THERE and body is None:
        return Unreachable
    kinds: Mapping[int, type[StudioError]] = {
        401: Unauthorized, 402: OutOfCredits, 403: Forbidden, 404: NotFound, 429: RateLimited,
    }  # fmt: skip
    return kinds.get(status, BadRequest)


def _credits(body: JsonValue, said: str | None) -> tuple[int | None, int | None]:
    """Return the credits that are required and available, from the body's numbers or else from its words."""
    required, available = _stated_credits(body)
    return (
        _number_in(_REQUIRED, said) if required is None else required,
        _number_in(_AVAILABLE, said) if available is None else available,
    )


def _stated_credits(body: JsonValue) -> tuple[int | None, int | None]:
    found: dict[str, int] = {}
    for stated in objects(body):
        for which, others in (("required", ("credits_needed", "required")), ("available", ("balance", "available"))):
            credits = first_read(stated, as_whole, f"credits_{which}", f"{which}_credits", *others)
            if credits is not None:
                found.setdefault(which, credits)
    return found.get("required"), found.get("available")


def _number_in(patterns: Sequence[re.Pattern[str]], said: str | None) -> int | None:
    words = re.sub(r"(?<=\d),(?=\d{3})", "", (said or "").lower())
    numbers = (pattern.search(words) for pattern in patterns)
    return next((as_whole(number[1]) for number in numbers if number), None)
