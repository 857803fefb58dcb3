"""Reels: `/reel`, the panel that everybody sees, and *Add to reel*."""

from cogs.reel._cog import setup

__all__ = ["setup"]
