"""Which simulated process a task belongs to, and how its tasks are made so that they can be paused and killed."""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any, Protocol


class TaskOwner(Protocol):
    """A simulated process, as its tasks and its database need it."""

    async def pause(self, where: str) -> None:
        """Return when the process goes on. Raises CancelledError if it is killed meanwhile."""

    def committed(self) -> None:
        """Hear that a transaction is committed. Raises CancelledError if the process dies here."""

    async def wrapped(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run one task of the process."""


OWNER: ContextVar[TaskOwner | None] = ContextVar("owner", default=None)
"""The process in which the running task runs; None for the simulator itself."""


def task_factory(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
    """Make a task. One that belongs to a process can be paused and killed."""
    context = options.get("context")
    owner = OWNER.get() if context is None else context.get(OWNER)
    if owner is None:
        return asyncio.Task(work, loop=loop, **options)
    task = asyncio.Task(owner.wrapped(work), loop=loop, **options)
    # A task that is killed before it begins never comes to await its work.
    task.add_done_callback(lambda _: work.close())
    return task
