"""`/owner`: the provider account, the servers that spend from it, and the whole queue."""

from cogs.owner._cog import setup

__all__ = ["setup"]
