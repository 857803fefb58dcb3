"""Why a provider account is not used at the moment."""

from enum import StrEnum


class BlockedReason(StrEnum):
    """The provider refused the account itself, not one job of it."""

    UNAUTHORIZED = "unauthorized"
    """The provider does not accept the API key (HTTP 401)."""
    FORBIDDEN = "forbidden"
    """The provider does not let the API key make videos (HTTP 403)."""
    NO_CREDITS = "no_credits"
    """The account cannot pay (HTTP 402)."""
