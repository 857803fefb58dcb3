"""Everything that can go wrong between this process and the provider.

    StudioError
    ├── Declined                 the provider read the request and said no; nothing was started
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

The tree is closed: no error of the HTTP, JSON or validation libraries leaves `bot.studio`.
"""


class StudioError(Exception):
    """`sent` tells whether the provider may have acted on the request. Where it is true, look before sending again.

    `message` is the provider's own words where it gave any, else a plain sentence; it never holds the API key.
    """

    sent = True

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Declined(StudioError):
    """The provider understood and declined: nothing was started and nothing is charged."""

    sent = False


class BadRequest(Declined):
    """The request itself is wrong; the same request will never be accepted."""


class Unauthorized(Declined):
    """The API key is missing, invalid or revoked."""


class OutOfCredits(Declined):
    """The provider account cannot pay. `required` and `available` are credits, None where the answer does not say."""

    def __init__(self, message: str, required: int | None = None, available: int | None = None) -> None:
        super().__init__(message)
        self.required = required
        self.available = available


class Forbidden(Declined):
    """The endpoint is not open to this kind of login."""


class NotFound(Declined):
    """Unknown model or unknown render."""


class RateLimited(Declined):
    """Over the provider's rate limit. `retry_after` is seconds from now, None where the answer does not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServerError(StudioError):
    """The provider failed while handling the request (5xx): the outcome is unknown. `status` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(StudioError):
    """No connection was made, so the provider has seen nothing."""

    sent = False


class Interrupted(StudioError):
    """The connection was cut, or time ran out, after the request may have been written."""


class BadAnswer(StudioError):
    """The provider answered with something that cannot be read; what it did is unknown."""
