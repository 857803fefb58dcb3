"""A gateway session: its shard and intents, and the events it can replay after a lost connection."""

import secrets
from collections import deque

from sandbox.discord.gateway.connection import Connection
from sandbox.discord.model import Json

REPLAY_EVENTS_MAX = 1000
RESUME_WINDOW_SECONDS = 300
"""Seconds that a session without a connection can be resumed. Discord documents no figure."""


class Session:
    """A login of one shard. It outlives its connection for `RESUME_WINDOW_SECONDS`."""

    def __init__(self, shard: tuple[int, int], intents: int, connection: Connection) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.intents = intents
        self.sequence = 0
        self.connection: Connection | None = connection
        self.detached_at: float | None = None
        """When its connection was lost (clock of the event loop); None while it is connected."""
        self._replay: deque[Json] = deque(maxlen=REPLAY_EVENTS_MAX)

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, and keep it for a RESUME."""
        self.sequence += 1
        payload: Json = {"op": 0, "t": name, "s": self.sequence, "d": data}
        self._replay.append(payload)
        if self.connection is not None:
            self.connection.send(payload)

    def can_resume_from(self, sequence: int) -> bool:
        """Return whether everything after `sequence` can still be replayed."""
        oldest = self._replay[0]["s"] if self._replay else self.sequence + 1
        return bool(oldest - 1 <= sequence <= self.sequence)

    def attach(self, connection: Connection, sequence: int) -> None:
        """Take over a new connection, and send again what came after `sequence`."""
        if self.connection is not None:
            self.connection.close(4000, "The session was resumed elsewhere.")
        self.connection = connection
        self.detached_at = None
        for payload in self._replay:
            if payload["s"] > sequence:
                connection.send(payload)

    def detach(self, connection: Connection, moment: float) -> None:
        """Note that a connection was lost, at a time of the event loop's clock."""
        if self.connection is connection:
            self.connection = None
            self.detached_at = moment

    def is_expired(self, moment: float) -> bool:
        """Return whether the session has been without a connection for too long."""
        return self.detached_at is not None and moment - self.detached_at > RESUME_WINDOW_SECONDS
