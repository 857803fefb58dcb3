"""The gateway: websocket connections, sessions that survive them, and the events that go to each."""

from sandbox.discord.gateway.server import Gateway

__all__ = ["Gateway"]
