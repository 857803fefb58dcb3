"""The sandbox over HTTP, under /sandbox: acting as a person, reading, controls, and a stream of all changes."""

from sandbox.discord.control.app import CONTROL_PREFIX, build_control

__all__ = ["CONTROL_PREFIX", "build_control"]
