"""The schema. Importing this package fills `metadata` with every table."""

from bot.storage.tables import (
    cast,
    comparisons,
    discord,
    gallery,
    guild_settings,
    jobs,
    moderation,
    money,
    privacy,
    provider,
    reels,
    styles,
)
from bot.storage.tables.base import metadata

__all__ = [
    "cast",
    "comparisons",
    "discord",
    "gallery",
    "guild_settings",
    "jobs",
    "metadata",
    "moderation",
    "money",
    "privacy",
    "provider",
    "reels",
    "styles",
]
