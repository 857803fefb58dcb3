"""Find out whether a refused key is accepted again, without spending a generate request on the question."""

import logging

from bot.domain.blocking import BlockedReason
from bot.engine import account_health
from bot.engine.account_health import GET_PROVES
from bot.engine.context import EngineContext
from bot.storage import accounts
from bot.studio.errors import StudioError, Unauthorized

log = logging.getLogger(__name__)

EVERY_SECONDS = 15.0
"""Seconds between two looks at the accounts."""


class KeyProbe:
    """One step asks for every account whose key was refused and whose block is over."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context

    async def step(self) -> float:
        """Ask the provider once for each such account. A key that is refused again is blocked again."""
        for account_id in self._context.providers:
            account = await self._context.database.read(accounts.find, account_id)
            waits = account.blocked_until is not None and account.blocked_until > self._context.clock()
            if account.blocked_reason is BlockedReason.UNAUTHORIZED and not waits:
                await self._probe(account_id)
        return EVERY_SECONDS * self._context.timings.scale

    async def _probe(self, account_id: int) -> None:
        context = self._context
        try:
            await context.providers[account_id].history(1)
        except Unauthorized:
            now = context.clock()
            retry_at = now + context.timings.no_credits_retry_seconds
            await context.database.write(account_health.blocked, account_id, BlockedReason.UNAUTHORIZED, retry_at, now)
        except StudioError as error:
            log.info(
                "whether the key of account %d is accepted cannot be found out now: %s",
                account_id,
                type(error).__name__,
                extra={"action": "probe", "account": account_id},
            )
        else:
            await context.database.write(account_health.works, account_id, GET_PROVES, context.clock())
            context.wake_events.submit.set()
