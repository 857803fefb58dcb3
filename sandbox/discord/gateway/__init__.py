"""The gateway: websocket connections, sessions that survive them, and the events that go to each."""

from .server import Gateway

__all__ = ["Gateway"]
