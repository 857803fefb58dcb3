"""All errors that the provider's clients raise.

    StudioError
    ├── Declined                the provider refused the request; nothing was started
    │   ├── BadRequest          400, and any 4xx without a meaning of its own
    │   ├── Unauthorized        401, or words about a wrong API key
    │   ├── OutOfCredits        402, or words or numbers about missing credits
    │   ├── Forbidden           403
    │   ├── NotFound            404 with a JSON body
    │   └── RateLimited         429, or words about a rate limit
    ├── ServerError             5xx
    ├── Unreachable             no connection was made, or a gateway's page says that the API is not there
    ├── Interrupted             timeout or cut after the request may have been sent; 408, 409, 425, 499
    └── BadAnswer               an answer that cannot be read

No error of the HTTP, JSON or validation libraries leaves `bot.studio`.
"""


class StudioError(Exception):
    """The base of all errors.

    `sent` tells whether the provider may have acted on the request. If it is true, the outcome must be looked up before
    the request is sent again. `message` is the provider's own words if it gave any, else a plain sentence. It never
    contains the API key.
    """

    sent = True

    def __init__(self, message: str) -> None:
        """Keep the message in `message`."""
        super().__init__(message)
        self.message = message


class Declined(StudioError):
    """The provider refused the request: nothing was started and nothing is charged."""

    sent = False


class BadRequest(Declined):
    """The request is wrong; the same request will never be accepted."""


class Unauthorized(Declined):
    """The API key is missing, invalid or revoked."""


class OutOfCredits(Declined):
    """The provider account cannot pay. `required` and `available` are credits; None if the answer omits them."""

    def __init__(self, message: str, required: int | None = None, available: int | None = None) -> None:
        """Keep the numbers of credits."""
        super().__init__(message)
        self.required = required
        self.available = available


class Forbidden(Declined):
    """The endpoint is not open to this kind of login."""


class NotFound(Declined):
    """Unknown model or unknown render."""


class RateLimited(Declined):
    """The provider's rate limit is reached.

    `retry_after` is the time to wait in seconds from now, at most `bot.studio.retry_after.POST_SECONDS_MAX` or
    `GET_SECONDS_MAX`. `asked_for` is the time that the provider stated, without that bound, to tell the owner. Both are
    None if the answer states no time.
    """

    def __init__(self, message: str, retry_after: float | None = None, asked_for: float | None = None) -> None:
        """Keep the times; `asked_for` is `retry_after` if it is None."""
        super().__init__(message)
        self.retry_after = retry_after
        self.asked_for = retry_after if asked_for is None else asked_for


class ServerError(StudioError):
    """The provider failed while handling the request (5xx): the outcome is unknown. `status` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        """Keep the HTTP status."""
        super().__init__(message)
        self.status = status


class Unreachable(StudioError):
    """The request did not reach the provider's API: nothing was started."""

    sent = False


class Interrupted(StudioError):
    """The connection broke, or time ran out, after the request may have been sent."""


class BadAnswer(StudioError):
    """The answer cannot be read; what the provider did is unknown."""
