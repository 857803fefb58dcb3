"""One place that hears of everything that changes, so that nobody has to poll."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

SUBSCRIBER_BACKLOG_MAX = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` names what changed (`message.create`, `interaction.update`, `request`, ...); `data` is JSON-ready."""

    kind: str
    data: dict[str, Any]


class Subscription:
    """The changes since it began, in order; the oldest are dropped when its reader is too slow."""

    def __init__(self) -> None:
        self._backlog: deque[Change] = deque(maxlen=SUBSCRIBER_BACKLOG_MAX)
        self._arrived = asyncio.Event()
        self._closed = False

    def push(self, change: Change) -> None:
        """Add a change, and wake the reader."""
        self._backlog.append(change)
        self._arrived.set()

    async def next(self) -> Change | None:
        """Return the next change, as soon as there is one; None when the sandbox closes."""
        while not self._backlog:
            if self._closed:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        return self._backlog.popleft()

    def close(self) -> None:
        """Let the reader come to an end after the changes that are already there."""
        self._closed = True
        self._arrived.set()


class Changes:
    """Tells every subscription and every waiter of each change."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self._subscriptions: set[Subscription] = set()

    def publish(self, kind: str, **data: Any) -> None:
        """Announce a change of one kind. `data` must be JSON-ready."""
        self._changed.set()
        self._changed = asyncio.Event()
        for subscription in self._subscriptions:
            subscription.push(Change(kind, data))

    def close(self) -> None:
        """End every subscription."""
        for subscription in self._subscriptions:
            subscription.close()

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Yield a subscription to all changes from now on."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 5.0) -> T:
        """Return the predicate's first truthy answer; it is asked again after every change.

        Raises TimeoutError after `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while True:
                changed = self._changed
                if answer := predicate():
                    return answer
                await changed.wait()
