"""A provider whose answers are counted and timed."""

import time
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from bot.domain.json_value import JsonValue
from bot.domain.renders import RenderReport
from bot.engine.metrics import Metrics
from bot.studio.errors import StudioError
from bot.studio.protocol import Accepted, History, Provider

T = TypeVar("T")


class MeasuredProvider:
    """Pass every request on to `provider`."""

    def __init__(self, provider: Provider, metrics: Metrics) -> None:
        self._provider = provider
        self._metrics = metrics

    async def generate(self, payload: Mapping[str, JsonValue]) -> Accepted:
        """Start a render."""
        return await self._measured("generate", self._provider.generate(payload))

    async def status(self, remote_id: str) -> RenderReport:
        """Return what the provider says about one render."""
        return await self._measured("status", self._provider.status(remote_id))

    async def history(self, limit: int) -> History:
        """Return recent renders."""
        return await self._measured("history", self._provider.history(limit))

    async def models(self) -> JsonValue:
        """Return the raw catalogue answer."""
        return await self._measured("models", self._provider.models())

    async def close(self) -> None:
        """Close all connections."""
        await self._provider.close()

    async def _measured(self, request: str, answer: Awaitable[T]) -> T:
        began, kind = time.monotonic(), "cancelled"
        try:
            answered = await answer
            kind = "ok"
        except StudioError as error:
            kind = type(error).__name__
            raise
        finally:
            self._metrics.provider_answered(request, kind, time.monotonic() - began)
        return answered
