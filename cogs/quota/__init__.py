"""`/quota`: who may spend how much in a guild."""

from cogs.quota._cog import setup

__all__ = ["setup"]
