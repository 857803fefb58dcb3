"""The playground: the sandbox in a browser. Served by the local Discord at `/`; needs nothing from outside."""

from sandbox.playground.control import control_routes
from sandbox.playground.page import page_routes

__all__ = ["control_routes", "page_routes"]
