"""All errors that the provider's clients raise.

    StudioError
    ├── Declined                the provider refused the request; nothing was started
    │   ├── BadRequest          400 (and any 4xx without a meaning of its own)
    │   ├── Unauthorized        401
    │   ├── OutOfCredits        402
    │   ├── Forbidden           403
    │   ├── NotFound            404
    │   └── RateLimited         429
    ├── ServerError             5xx
    ├── Unreachable             no connection was made
    ├── Interrupted             timeout or cut after the request may have been sent
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
    """The provider's rate limit is reached. `retry_after` is in seconds from now; None if the answer omits it."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep the time to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class ServerError(StudioError):
    """The provider failed while handling the request (5xx): the outcome is unknown. `status` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        """Keep the HTTP status."""
        super().__init__(message)
        self.status = status


class Unreachable(StudioError):
    """No connection was made, so the provider has seen nothing."""

    sent = False


class Interrupted(StudioError):
    """The connection broke, or time ran out, after the request may have been sent."""


class BadAnswer(StudioError):
    """The answer cannot be read; what the provider did is unknown."""
