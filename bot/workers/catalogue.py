"""The worker that refreshes the catalogue of models."""

import logging

from bot.domain.retry import capped
from bot.services.catalogue import CatalogueService
from bot.studio.errors import RateLimited, StudioError, Unauthorized

log = logging.getLogger(__name__)

REFRESH_SECONDS = 900.0
"""Seconds from a good answer to the next request."""
RETRY_SECONDS = 60.0
"""Seconds to wait after a failure while known models are in use, or after the key was refused."""
FIRST_RETRY_SECONDS = 5.0
"""Seconds to wait after a failure while no model is known; without models there are no model commands."""
RETRY_AFTER_SECONDS_MAX = 300.0
"""Seconds of the longest pause that the provider is granted."""


class CatalogueRefresh:
    """A worker whose steps ask the provider for its models."""

    def __init__(self, catalogue: CatalogueService) -> None:
        """Refresh `catalogue` at each step."""
        self._catalogue = catalogue

    async def step(self) -> float:
        """Refresh the catalogue and return the seconds until the next time."""
        try:
            await self._catalogue.refresh()
        except StudioError as error:
            first = self._catalogue.current is None
            known = "no model is known yet" if first else "the last known models stay in use"
            log.warning(
                "the catalogue cannot be read (%s), %s: %s",
                type(error).__name__,
                known,
                error,
                extra={"action": "refresh_catalogue", "error": type(error).__name__},
            )
            hint = error.retry_after if isinstance(error, RateLimited) else None
            # A refused key needs a person; asking every few seconds does not help.
            soon = first and not isinstance(error, Unauthorized)
            return max(FIRST_RETRY_SECONDS if soon else RETRY_SECONDS, capped(hint or 0.0, RETRY_AFTER_SECONDS_MAX))
        return REFRESH_SECONDS
