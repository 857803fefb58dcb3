"""`/settings`: the panel on which moderators choose what holds in their server."""

from cogs.settings._cog import setup

__all__ = ["setup"]
