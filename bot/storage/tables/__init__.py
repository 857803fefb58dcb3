"""The schema. Importing this package fills `metadata` with every table."""

from bot.storage.tables import discord, jobs, money, provider
from bot.storage.tables.base import metadata

__all__ = ["discord", "jobs", "metadata", "money", "provider"]
